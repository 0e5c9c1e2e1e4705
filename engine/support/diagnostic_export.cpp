// One function a format; all of them go over the sorted diagnostics.
#include "support/diagnostic_export.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/annotations.h"
#include "support/sarif.h"

namespace advise {
namespace {

std::string_view WordOf(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
  }
  return "error";
}

struct Region {
  SourcePlace begin;
  SourcePlace end;
};
Region RegionOf(const SourceManager& sources, SourceSpan span) {
  return {sources.Place(span.source, span.begin), sources.Place(span.source, std::max(span.begin, span.end))};
}
std::optional<SourceSpan> PlaceOf(const Diagnostic& diagnostic) {
  if (diagnostic.labels.empty() || !diagnostic.labels.front().span.valid()) return std::nullopt;
  return diagnostic.labels.front().span;
}

void WritePlace(const SourceManager& sources, std::optional<SourceSpan> span, JsonStream& json) {
  if (!span) {
    for (const std::string_view key : {"file", "line", "column", "end_line", "end_column"}) json.Null(key);
    return;
  }
  const Region region = RegionOf(sources, *span);
  json.String("file", sources.name(span->source));
  json.Integer("line", region.begin.line);
  json.Integer("column", region.begin.column);
  json.Integer("end_line", region.end.line);
  json.Integer("end_column", region.end.column);
}

// ---------------------------------------------------------------- SARIF
class SarifWriter {
 public:
  SarifWriter(const SourceManager& sources, const Diagnostics& diagnostics, JsonStream& json)
      : sources_(sources), sorted_(diagnostics.Sorted()), json_(json) {
    for (const Diagnostic& d : sorted_) {
      if (std::ranges::find(codes_, d.code) == codes_.end()) codes_.push_back(d.code);
    }
    std::ranges::sort(codes_);
  }

  void Write() {
    std::vector<SarifRule> rules;
    for (const DiagnosticCode code : codes_)
      rules.push_back({Info(code).code, Info(code).title, Info(code).explanation});
    BeginSarif(json_, "advise", rules);
    for (const Diagnostic& d : sorted_) Result(d);
    EndSarif(json_);
  }

 private:
  void RegionMember(std::string_view key, SourceSpan span) {
    const Region region = RegionOf(sources_, span);
    json_.BeginObject(key);
    json_.Integer("startLine", region.begin.line);
    json_.Integer("startColumn", region.begin.column);
    json_.Integer("endLine", region.end.line);
    json_.Integer("endColumn", region.end.column);
    json_.EndObject();
  }
  void Location(SourceSpan span, std::string_view text) {
    json_.BeginObject();
    json_.BeginObject("physicalLocation");
    SarifArtifact(json_, sources_.name(span.source));
    RegionMember("region", span);
    json_.EndObject();
    if (!text.empty()) SarifText(json_, "message", text);
    json_.EndObject();
  }
  void Result(const Diagnostic& d) {
    json_.BeginObject();
    json_.String("ruleId", Info(d.code).code);
    json_.Integer("ruleIndex", std::ranges::find(codes_, d.code) - codes_.begin());
    json_.String("level", WordOf(d.severity));
    std::string message = d.message;
    for (const std::string& note : d.notes) message += "\nnote: " + note;
    for (const std::string& help : d.helps) message += "\nhelp: " + help;
    SarifText(json_, "message", message);
    if (PlaceOf(d)) {
      json_.BeginArray("locations");
      Location(*PlaceOf(d), "");
      json_.EndArray();
      json_.BeginArray("relatedLocations");
      for (const DiagnosticLabel& label : d.labels) {
        if (!label.text.empty() && label.span.valid()) Location(label.span, label.text);
      }
      json_.EndArray();
    }
    if (!d.fixes.empty()) Fixes(d);
    json_.EndObject();
  }
  void Fixes(const Diagnostic& d) {
    json_.BeginArray("fixes");
    json_.BeginObject();
    SarifText(json_, "description", d.message);
    json_.BeginArray("artifactChanges");
    for (const DiagnosticFix& fix : d.fixes) {
      json_.BeginObject();
      SarifArtifact(json_, sources_.name(fix.span.source));
      json_.BeginArray("replacements");
      json_.BeginObject();
      RegionMember("deletedRegion", fix.span);
      SarifText(json_, "insertedContent", fix.replacement);
      json_.EndObject();
      json_.EndArray();
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
    json_.EndArray();
  }

  const SourceManager& sources_;
  std::vector<Diagnostic> sorted_;
  JsonStream& json_;
  std::vector<DiagnosticCode> codes_;
};

}  // namespace

void WriteDiagnosticsJson(const SourceManager& sources, const Diagnostics& diagnostics, JsonStream& json) {
  json.BeginArray(JsonLayout::LinePerMember);
  for (const Diagnostic& d : diagnostics.Sorted()) {
    json.BeginObject();
    json.String("code", Info(d.code).code);
    json.String("severity", WordOf(d.severity));
    json.String("message", d.message);
    WritePlace(sources, PlaceOf(d), json);
    json.BeginArray("labels");
    for (const DiagnosticLabel& label : d.labels) {
      json.BeginObject();
      WritePlace(sources, label.span.valid() ? std::optional(label.span) : std::nullopt, json);
      json.StringOrNull("text", label.text);
      json.EndObject();
    }
    json.EndArray();
    json.Strings("notes", d.notes);
    json.Strings("helps", d.helps);
    json.BeginArray("fixes");
    for (const DiagnosticFix& fix : d.fixes) {
      json.BeginObject();
      WritePlace(sources, fix.span, json);
      json.String("replacement", fix.replacement);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteSarif(const SourceManager& sources, const Diagnostics& diagnostics, std::ostream& out) {
  {
    JsonStream json(out);
    SarifWriter(sources, diagnostics, json).Write();
  }
  out << '\n';
}

void WriteGitHubAnnotations(const SourceManager& sources, const Diagnostics& diagnostics, std::ostream& out) {
  for (const Diagnostic& d : diagnostics.Sorted()) {
    AnnotatedPlace place;
    if (const auto span = PlaceOf(d)) {
      const Region region = RegionOf(sources, *span);
      place = {sources.name(span->source), region.begin.line, region.end.line, region.begin.column, region.end.column};
    }
    std::string text = d.message;
    for (const std::string& help : d.helps) text += "\nhelp: " + help;
    out << Annotation(d.severity == Severity::Note ? "notice" : WordOf(d.severity), place, Info(d.code).code, text);
  }
}

}  // namespace advise
