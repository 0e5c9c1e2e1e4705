// Rule files on disk become a RuleSet: the entry of the rule leg.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/image/image.h"
#include "rules/plan/rule_set.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

// PARAM=VALUE, as `--set` and a .advise.yaml have it; PARAM as ParamValue::param.
struct ParamSetting {
  std::string param;
  std::string value;
  std::string set_by = "--set";  // or ".advise.yaml"
};
// nullopt: there is no `=`, or nothing before it.
std::optional<ParamSetting> ParseParamSetting(std::string_view text);

struct CompileOptions {
  std::vector<ParamSetting> params;
  bool tests = false;            // read the tests too
  bool built_in_tests = true;    // those of the built-in packs, too: without, these come from the image
  std::size_t built_in = 0;      // how many of the first paths are packs that others may replace by name
  const Image* image = nullptr;  // of these, if there is one
  Limits limits;
  // Texts of files that are open in an editor, by path: they stand for what lies on the disk.
  const std::map<std::string, std::string>* open_files = nullptr;
};

// Each path is a pack: a folder (all its *.rules files, sub-folders not, by name) or one file. What cannot be read or
// compiled is reported and left out; the rest is in the result. Later packs may `use` earlier ones and vice versa.
RuleSet Compile(SourceManager& sources, const std::vector<std::string>& paths, const CompileOptions& options,
                Diagnostics& diagnostics);

// Whether the pack of this path, as it was given, has anything in the set: a rule, a test, or what it changes in other
// packs.
bool YieldsRules(const RuleSet& set, std::string_view path);

// The same from texts: one pack. `name` is what messages show, and the pack's name unless it declares one.
struct PackText {
  std::string name;
  std::string text;
};
RuleSet CompileTexts(SourceManager& sources, const std::vector<PackText>& packs, const CompileOptions& options,
                     Diagnostics& diagnostics);

}  // namespace advise::rules
