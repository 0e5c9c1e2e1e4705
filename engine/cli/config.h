// .advise.yaml: defaults of a team, beside or above the working folder. Options of the command line win.
//
//   rules: [team.rules]        # from the folder of this file; added before those of --rules
//   set: {skew_ratio: 6}       # parameters of the rules
//   level: expert
//   fail-on: high
//   top: 5
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/tty.h"
#include "rules/packs/load.h"

namespace advise::cli {

struct Config {
  std::vector<std::string> rules;  // paths
  std::vector<rules::ParamSetting> set;
  std::optional<std::string> level;
  std::optional<std::string> fail_on;
  std::optional<int> top;
};

// The nearest .advise.yaml, from the working folder upwards. nullopt: none.
std::optional<std::filesystem::path> FindConfig();

// nullopt: it is no YAML, or a key or value is wrong (printed); with `lenient` these are left out.
std::optional<Config> ReadConfig(const std::filesystem::path& file, When color, bool lenient);

}  // namespace advise::cli
