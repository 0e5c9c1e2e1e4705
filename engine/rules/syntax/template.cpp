// Texts with holes: "Stage {s.id} spilled {spilled}."
#include "rules/syntax/parse.h"

namespace advise::rules::syntax {
namespace {

constexpr std::size_t kNotFound = std::string_view::npos;

// The `}` of the hole whose `{` is at `open`: braces inside (`count { (s)-->(t) }`) and texts inside are skipped.
std::size_t FindHoleEnd(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i;
    }
  }
  return kNotFound;
}

}  // namespace

std::optional<std::vector<TemplateSegment>> ParseTemplate(const ast::Text& text, const Limits& limits,
                                                          Diagnostics& diagnostics) {
  const std::string_view value = text.value;
  const auto span = [&](std::size_t begin, std::size_t end) {
    return SourceSpan{text.span.source, text.text_offsets[begin], text.text_offsets[end]};
  };
  std::vector<TemplateSegment> segments;
  bool ok = true;
  const auto print = [&](char c) {
    if (segments.empty() || segments.back().hole != nullptr) segments.emplace_back();
    segments.back().literal += c;
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool doubled = i + 1 < value.size() && value[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      // `{{ name }}` on one line is Jinja's way to print a value.
      if (c == '{') {
        const std::size_t close = value.find("}}", i);
        const std::string_view inside = close == kNotFound ? std::string_view() : value.substr(i + 2, close - i - 2);
        if (inside.find_first_not_of(' ') != kNotFound && inside.find_first_of("{}\n\",:") == kNotFound) {
          const std::size_t first = inside.find_first_not_of(' ');
          const std::string name(inside.substr(first, inside.find_last_not_of(' ') - first + 1));
          diagnostics
              .Report(DiagnosticCode::TemplateDoubleBrace, span(i, close + 2),
                      "a doubled brace prints a brace, not a value", "prints `{" + std::string(inside) + "}`")
              .helps.push_back("to print the value write `{" + name + "}`");
        }
      }
      print(c);
      ++i;
      continue;
    }
    if (c == '}') {
      diagnostics.Report(DiagnosticCode::Template, span(i, i + 1), "this `}` closes no hole",
                         "write `}}` to print a brace");
      ok = false;
      continue;
    }
    if (c != '{') {
      print(c);
      continue;
    }
    const std::size_t end = FindHoleEnd(value, i);
    if (end == kNotFound) {
      diagnostics.Report(DiagnosticCode::Template, span(i, i + 1), "this hole is not closed",
                         "its `}` is missing; write `{{` to print a brace");
      return std::nullopt;
    }
    if (value.substr(i + 1, end - i - 1).find_first_not_of(" \t\n") == kNotFound) {
      diagnostics.Report(DiagnosticCode::Template, span(i, end + 1), "this hole is empty",
                         "write an expression, or `{{}}` to print braces");
      ok = false;
    } else {
      TemplateSegment segment;
      segment.span = span(i, end + 1);
      segment.hole = ParseHole(value.substr(i + 1, end - i - 1), text.span.source,
                               std::span(text.text_offsets).subspan(i + 1, end - i), limits, diagnostics);
      ok = segment.hole != nullptr && ok;
      if (segment.hole != nullptr) segments.push_back(std::move(segment));
    }
    i = end;
  }
  if (!ok) return std::nullopt;
  return segments;
}

ast::Text WholeText(const SourceManager& sources, SourceId id) {
  ast::Text text;
  text.value = std::string(sources.text(id));
  text.text_offsets.resize(text.value.size() + 1);
  for (std::size_t i = 0; i < text.text_offsets.size(); ++i) text.text_offsets[i] = static_cast<std::uint32_t>(i);
  text.span = {id, 0, static_cast<std::uint32_t>(text.value.size())};
  return text;
}

}  // namespace advise::rules::syntax
