// Explain templates: one Markdown file per cause or advice, explain-templates/<pack>/<name>.md.
//
//   ---
//   rule: spark.core.skewed_join          # which rule it explains
//   words: [stage, task, partition]       # terms to look up; optional
//   ---
//   # A join with a few very large partitions
//   ## What happens
//   Text for all levels.
//   ### novice
//   Text for this level only. One partition is {max(r)}.
//
// The five headings are fixed (narration.h). `{expression}` is a hole in the rule's own scope, `{{` a brace. A sentence
// with a hole whose value is missing is left out: without evidence there is no sentence. `{? condition}` prints
// nothing; its sentence stands only where the condition is true.
//
// At the level practitioner, items "- `rule` words {value}" of "What it is not" are the look-alikes that are ruled out.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "explain/narration.h"
#include "support/diagnostics.h"
#include "support/result.h"

namespace advise::explain {

struct Template {
  std::string file;    // for messages
  std::string source;  // the whole file as it is
  std::string rule;    // qualified name
  std::string title;   // its first-level heading
  std::vector<std::string> words;
  // bodies[level][heading]: Markdown with holes; empty: nothing to say.
  std::array<std::array<std::string, kHeadings>, kLevels> bodies;
};

// Parses one file. `name` is only for messages. Errors (code Template): no front matter, no rule, an unknown or
// repeated heading, a hole without its closing brace.
Result<Template> ParseTemplate(std::string_view text, const std::string& name);

// All templates below a folder, by rule. A file that does not parse, or a second one for a rule, is reported and left
// out.
struct TemplateSet {
  std::map<std::string, Template, std::less<>> by_rule;
};
TemplateSet LoadTemplates(const std::filesystem::path& folder, Diagnostics& diagnostics);
// Only the files whose name is the last part of one of these rules' names: a report needs few of them.
TemplateSet LoadTemplates(const std::filesystem::path& folder, const std::set<std::string>& names,
                          Diagnostics& diagnostics);

// The printed value of a hole's expression; nullopt: missing in this log (or not known in this scope).
using HoleValue = std::function<std::optional<std::string>(std::string_view expression)>;

// Fills the holes of one body. Sentences, table-like lines and code lines with a missing value are dropped.
std::string FillHoles(std::string_view body, const HoleValue& value);

// The distinct expressions of all holes, for checks.
std::vector<std::string> HolesOf(const Template& text);

}  // namespace advise::explain
