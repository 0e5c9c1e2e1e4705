// The options of `advise analyze`, from the command line and a .advise.yaml.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advise.h"
#include "cli/tty.h"
#include "cost/plugin/cost_model.h"
#include "rules/packs/load.h"

namespace CLI {
class App;
}

namespace advise::cli {

struct AnalyzeOptions {
  std::vector<std::string> logs;
  std::vector<std::string> rules;
  bool no_default_rules = false;
  std::vector<std::string> set;  // as given: PARAM=VALUE
  std::vector<rules::ParamSetting> parameters;
  std::string level = "practitioner";
  std::string format = "text";
  std::string output;
  int top = 3;
  bool top_given = false;
  bool flat = false;
  plan::PlanOptions plan;
  std::string prices;      // file; read into `plan` by ReadPriceTable
  std::string cost_model;  // name or path; opened by OpenNamedModel
  bool strict = false;
  bool lenient = false;
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

// Fills `parameters`. false: one of `set` has no value (printed).
bool ParseSettings(AnalyzeOptions& options);

// Reads the table of prices, if one was named. false: it is wrong (the reason is printed).
bool ReadPriceTable(AnalyzeOptions& options);

// Opens the model of costs, if one was named that is not the replay, and puts it into `plan`. It lives as long as what
// is returned, or nullptr without one. nullopt: it cannot be opened, or not be used with the other options (the reason
// is printed).
std::optional<std::unique_ptr<cost::CostModel>> OpenNamedModel(AnalyzeOptions& options);

// Fills what the command line left open from the nearest .advise.yaml, unless --no-config. false: the file is wrong
// (the reason is printed).
bool AddConfig(const CLI::App& app, AnalyzeOptions& options);

// Text logs were named (an error is printed): reading them does not exist yet.
bool AsksForTextLogs(const AnalyzeOptions& options);

// The same for commands that have no more than rules and parameters.
bool AddRuleConfig(AnalyzeOptions& options);

When ParseWhen(const std::string& text);
When ProgressOf(const AnalyzeOptions& options);

}  // namespace advise::cli
