// The options of `advise analyze`, from the command line and a .advise.yaml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "advise.h"
#include "cli/tty.h"
#include "diagnose/finding.h"

namespace CLI {
class App;
}

namespace advise::cli {

struct AnalyzeOptions {
  std::vector<std::string> logs;
  std::vector<std::string> rules;
  bool no_default_rules = false;
  std::vector<std::string> set;
  std::string level = "practitioner";
  std::string format = "text";
  std::string output;
  int top = 3;
  bool top_given = false;
  bool flat = false;
  bool strict = false;
  std::string fail_on;
  std::optional<std::int64_t> sql;
  std::optional<std::int64_t> job;
  std::optional<std::string> attempt;
  std::vector<std::string> text_logs;  // --driver-log, --executor-log
  bool anonymise = false;
  bool no_config = false;
  bool timings = false;
  unsigned threads = 0;
  std::string color = "auto";
  bool progress = false;
  bool no_progress = false;
};

void DeclareAnalyzeOptions(CLI::App& app, AnalyzeOptions& options);

// Fills what the command line left open from the nearest .advise.yaml, unless --no-config. false: the file is wrong
// (the reason is printed).
bool AddConfig(const CLI::App& app, AnalyzeOptions& options);

// Text logs were named (an error is printed): reading them does not exist yet.
bool AsksForTextLogs(const AnalyzeOptions& options);

When ParseWhen(const std::string& text);
When ProgressOf(const AnalyzeOptions& options);

// "PARAM=VALUE" each. nullopt: one has no value (printed).
std::optional<std::vector<std::pair<std::string, std::string>>> ParseParameters(const std::vector<std::string>& set,
                                                                                When color);

}  // namespace advise::cli
