// Rule files on disk become a RuleSet: the entry of the rule leg.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/bind/bind.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

struct CompileOptions : BindOptions {
  std::size_t built_in = 0;  // how many of the first paths are packs that others may replace by name
};

// Each path is a pack: a folder (all its *.rules files, sub-folders not, by name) or one file. What cannot be read or
// compiled is reported and left out; the rest is in the result. Later packs may `use` earlier ones and vice versa.
RuleSet Compile(SourceManager& sources, const std::vector<std::string>& paths, const CompileOptions& options,
                Diagnostics& diagnostics);

// The same from texts: one pack. `name` is what messages show, and the pack's name unless it declares one.
struct PackText {
  std::string name;
  std::string text;
};
RuleSet CompileTexts(SourceManager& sources, const std::vector<PackText>& packs, const CompileOptions& options,
                     Diagnostics& diagnostics);

// "PARAM=VALUE" of the command line. nullopt: no `=`, reported.
std::optional<ParamSetting> ParseParamSetting(const std::string& text, Diagnostics& diagnostics);

}  // namespace advise::rules
