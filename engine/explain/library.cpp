// Template files → bound templates.
#include "explain/library.h"

#include <algorithm>
#include <set>
#include <utility>

#include "explain/template_bytes.h"
#include "rules/bind/bind.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/read_file.h"

namespace advise::explain {
namespace {

namespace fs = std::filesystem;

// The last part of "spark.core.gc_heavy", or the phrase.
std::string NameOf(const rules::BoundRuledOut& other) {
  return other.rule.empty() ? other.phrase : other.rule.substr(other.rule.rfind('.') + 1);
}

void CheckRuledOut(const ParsedTemplate& parsed, const rules::BoundRule& rule, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const rules::BoundRuledOut& other : rule.rules_out) names.push_back(NameOf(other));
  for (const auto& part : parsed.parts) {
    for (const auto& line : part.lines) {
      if (line.ruled_out.empty() || std::ranges::find(names, line.ruled_out) != names.end()) continue;
      diagnostics
          .Report(
              DiagnosticCode::Template, line.place,
              OrDidYouMean(Quoted(rule.name) + " does not rule out " + Quoted(line.ruled_out), line.ruled_out, names))
          .helps.push_back("the rule says when: `rules out " + line.ruled_out + " when …`");
    }
  }
}

void ReportNoRule(const TemplateFile& file, const std::string& name, const rules::RuleSet& rules,
                  Diagnostics& diagnostics) {
  std::vector<std::string> ids;
  for (const rules::BoundRule& rule : rules.rules) ids.push_back(rule.Id());
  diagnostics.Report(DiagnosticCode::Template,
                     OrDidYouMean(file.name + " explains " + Quoted(name) + ", which is no rule", name, ids));
}

// From the image if it is there. An image keeps only what parses without a word at the usual limits.
std::optional<ParsedTemplate> Parse(const SourceManager& sources, SourceId source, const rules::Image* image,
                                    const Limits& limits, Diagnostics& diagnostics) {
  if (image != nullptr && limits.rule_nesting == Limits{}.rule_nesting) {
    const std::string_view bytes = image->Find(rules::ImageKind::Template, sources.text(source));
    if (auto parsed = bytes.empty() ? std::nullopt : ReadTemplate(bytes, source)) return parsed;
  }
  return ParseTemplate(sources, source, limits, diagnostics);
}

Template Bind(ParsedTemplate parsed, rules::RuleIndex rule, const rules::RuleSet& rules, const SourceManager& sources,
              const Limits& limits, Diagnostics& diagnostics) {
  CheckRuledOut(parsed, rules.rules[rule], diagnostics);
  std::vector<const std::vector<rules::ast::TextSegment>*> texts;
  for (const auto& part : parsed.parts) {
    for (const auto& line : part.lines) {
      for (const auto& text : line.texts) texts.push_back(&text);
    }
  }
  rules::BoundTexts bound = rules::BindRuleTexts(rules, rule, texts, "template", sources, limits, diagnostics);
  Template result;
  result.rule = std::move(parsed.rule);
  result.title = std::move(parsed.title);
  result.words = std::move(parsed.words);
  result.slots = std::move(bound.slots);
  auto next = bound.texts.begin();
  for (auto& part : parsed.parts) {
    auto& into = result.parts.emplace_back();
    into.heading = part.heading;
    into.level = part.level;
    for (auto& line : part.lines) {
      TemplateLine<rules::BoundText> bound_line{line.kind, std::move(line.fence), {}, std::move(line.ruled_out)};
      for (std::size_t i = 0; i < line.texts.size(); ++i, ++next) {
        if (*next) bound_line.texts.push_back(std::move(**next));
      }
      into.lines.push_back(std::move(bound_line));
    }
  }
  return result;
}

// Paths by their parts: a folder's files stand together.
bool ComesBefore(std::string_view a, std::string_view b) {
  const auto rank = [](char c) { return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)); };
  const auto [x, y] = std::ranges::mismatch(a, b);
  return y != b.end() && (x == a.end() || rank(*x) < rank(*y));
}

}  // namespace

std::string_view TemplateFile::rule() const {
  std::string_view file = path;
  file.remove_prefix(file.rfind('/') + 1);
  file.remove_suffix(std::string_view(".md").size());
  return file;
}

std::vector<TemplateFile> FindTemplates(const fs::path& folder, const std::string& name) {
  std::vector<TemplateFile> files;
  std::error_code error;
  const std::size_t begin = folder.native().size() + (folder.native().ends_with('/') ? 0 : 1);
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string& path = it->path().native();
    const std::string_view file = std::string_view(path).substr(path.rfind('/') + 1);
    if (!file.ends_with(".md") || file == ".md" || file == "README.md") continue;
    files.push_back({path, folder.native(), name + "/" + path.substr(begin)});
  }
  std::ranges::sort(files, ComesBefore, [](const TemplateFile& file) { return std::string_view(file.name); });
  return files;
}

std::vector<TemplateFile> FindOwnTemplates(const std::vector<std::string>& rule_paths) {
  std::set<fs::path> folders;
  for (const fs::path path : rule_paths) {
    std::error_code error;
    folders.insert((fs::is_directory(path, error) ? path : path.parent_path()) / "explain");
  }
  std::vector<TemplateFile> files;
  for (const fs::path& folder : folders) {
    for (TemplateFile& file : FindTemplates(folder, folder.generic_string())) {
      file.own = true;
      files.push_back(std::move(file));
    }
  }
  return files;
}

TemplateLibrary ReadTemplates(const std::vector<TemplateFile>& files, const rules::RuleSet& rules,
                              const rules::Image* image, SourceManager& sources, const Limits& limits,
                              Diagnostics& diagnostics) {
  TemplateLibrary library;
  std::set<std::string> explained;
  for (const TemplateFile& file : files) {
    SmallFile read = ReadSmallFile(file.path, file.folder);
    if (!read.text) {
      diagnostics.Report(DiagnosticCode::Template, file.name + " " + read.why);
      continue;
    }
    const SourceId source = sources.Add(file.name, std::move(*read.text));
    auto parsed = Parse(sources, source, file.own ? nullptr : image, limits, diagnostics);
    if (!parsed) continue;
    if (!explained.insert(parsed->rule).second) {
      diagnostics.Report(DiagnosticCode::Template,
                         file.name + " explains " + Quoted(parsed->rule) + ", which another template explains already");
      continue;
    }
    const auto rule = rules.Find(parsed->rule);
    if (rule) {
      library.emplace(*rule, Bind(std::move(*parsed), *rule, rules, sources, limits, diagnostics));
    } else if (file.own) {
      ReportNoRule(file, parsed->rule, rules, diagnostics);
    }
  }
  return library;
}

}  // namespace advise::explain
