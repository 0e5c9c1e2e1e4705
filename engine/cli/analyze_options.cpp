// Declares the options of `advise analyze` for CLI11 and merges them with the team's .advise.yaml.
#include "cli/analyze_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "cli/common.h"
#include "cli/config.h"
#include "report/formats.h"

namespace advise::cli {

When ParseWhen(const std::string& text) {
  if (text == "always") return When::Always;
  if (text == "never") return When::Never;
  return When::Auto;
}

When ProgressOf(const AnalyzeOptions& options) {
  return options.no_progress ? When::Never : options.progress ? When::Always : When::Auto;
}

void DeclareAnalyzeOptions(CLI::App& app, AnalyzeOptions& o) {
  const auto when = CLI::IsMember({"auto", "always", "never"});
  std::vector<std::string> formats;
  std::string summaries;
  for (const report::Format& format : report::Formats()) {
    formats.emplace_back(format.name);
    summaries.append(summaries.empty() ? "" : "; ").append(format.name).append(": ").append(format.summary);
  }
  app.add_option("log", o.logs, "event logs: files, folders, or - for standard input")->required();
  // one value each: else an option would take the log behind it, where more options follow
  app.add_option("--rules", o.rules, "rule file or pack folder, added to the built-in packs (repeatable)")
      ->allow_extra_args(false);
  app.add_flag("--no-default-rules", o.no_default_rules, "leave the built-in packs out");
  app.add_option("--set", o.set, "PARAM=VALUE: a parameter of the rules (repeatable)")->allow_extra_args(false);
  app.add_option("--level", o.level, "novice, practitioner or expert")
      ->check(CLI::IsMember({"novice", "practitioner", "expert"}))
      ->capture_default_str();
  app.add_option("--format", o.format, summaries)->check(CLI::IsMember(formats))->capture_default_str();
  app.add_option("-o,--output", o.output, "write the report to this file");
  app.add_option("--top", o.top, "findings shown; 0: one line a log")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--flat", o.flat, "do not fold symptoms under their causes");
  app.add_option_function<std::string>(
         "--objective",
         [&o](const std::string& word) {
           o.plan.objective = word == "cost" ? plan::Objective::Cost : plan::Objective::Time;
         },
         "what the plan makes small: time (of the run), or cost (money by --prices, else slot time of its executors); "
         "default: time")
      ->check(CLI::IsMember({"time", "cost"}));
  app.add_option("--prices", o.prices, "FILE: a table of prices (`advise prices` prints an example), for money");
  app.add_option("--cost-model", o.cost_model,
                 "what says the times of the plan: replay (the default), amdahl, none, or the path of a plug-in");
  app.add_option_function<std::size_t>(
         "--max-changes", [&o](const std::size_t& most) { o.plan.max_changes = most; },
         "steps that the plan has at most")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--no-code-changes", o.plan.no_code_changes, "settings alone: nothing in programs and queries");
  app.add_option("--pin", o.plan.pinned, "KEY: a setting that stays as it is (repeatable)")->allow_extra_args(false);
  app.add_option("--fail-on", o.fail_on, "exit status 1 if a finding has at least this severity")
      ->check(CLI::IsMember({"info", "low", "medium", "high", "critical"}));
  auto* sql = app.add_option("--sql", o.sql, "report on this SQL execution alone")->check(CLI::NonNegativeNumber);
  app.add_option("--job", o.job, "report on this job alone")->check(CLI::NonNegativeNumber)->excludes(sql);
  app.add_option("--attempt", o.attempt,
                 "the attempt of the application, if the folder has several; default: the last");
  app.add_flag("--anonymise,--anonymize", o.anonymise,
               "names of applications, users, hosts, paths, tables and columns become host-1, table-3 …");
  // Hidden: promised by the design, not there yet. They have an error of their own.
  app.add_option("--driver-log,--executor-log", o.text_logs)->allow_extra_args(false)->group("");
  auto* strict = app.add_flag("--strict", o.strict, "any error in a rule file ends the run (status 2)");
  app.add_flag("--lenient", o.lenient, "go on without parameters, overrides and configuration that are wrong")
      ->excludes(strict);
  app.add_flag("--no-config", o.no_config, "do not read the .advise.yaml beside or above the working folder");
  app.add_flag("--timings", o.timings, "times of the phases, on standard error");
  app.add_option("--threads", o.threads, "threads that read; 0: by the machine")->capture_default_str();
  app.add_option("--color", o.color, "auto, always or never")->check(when)->capture_default_str();
  auto* progress =
      app.add_flag("--progress", o.progress, "a bar for long logs, also where standard error is no terminal");
  app.add_flag("--no-progress", o.no_progress, "no bar")->excludes(progress);
}

bool AsksForTextLogs(const AnalyzeOptions& options) {
  if (options.text_logs.empty()) return false;
  PrintError({DiagnosticCode::Usage, "advise does not read driver logs yet, nor executor logs",
              "leave --driver-log and --executor-log out; the event log holds what the report needs"},
             ParseWhen(options.color));
  return true;
}

namespace {

// The nearest .advise.yaml; an empty one if there is none. nullopt: it is wrong (printed).
std::optional<Config> NearestConfig(const AnalyzeOptions& o) {
  const std::optional<std::filesystem::path> file = o.no_config ? std::nullopt : FindConfig();
  return file ? ReadConfig(*file, ParseWhen(o.color), o.lenient) : Config();
}

void AddRules(const Config& config, AnalyzeOptions& o) {
  std::vector<std::string> rules = config.rules;
  rules.insert(rules.end(), o.rules.begin(), o.rules.end());
  o.rules = std::move(rules);
  const std::size_t given = o.parameters.size();
  for (const rules::ParamSetting& setting : config.set) {
    const auto end = o.parameters.begin() + static_cast<std::ptrdiff_t>(given);
    if (std::ranges::find(o.parameters.begin(), end, setting.param, &rules::ParamSetting::param) == end)
      o.parameters.push_back(setting);
  }
}

}  // namespace

bool AddConfig(const CLI::App& app, AnalyzeOptions& o) {
  o.top_given = app.count("--top") > 0;
  const std::optional<Config> config = NearestConfig(o);
  if (!config) return false;
  AddRules(*config, o);
  if (config->level && app.count("--level") == 0) o.level = *config->level;
  if (config->fail_on && app.count("--fail-on") == 0) o.fail_on = *config->fail_on;
  if (config->top && !o.top_given) {
    o.top = *config->top;
    o.top_given = true;
  }
  return true;
}

bool AddRuleConfig(AnalyzeOptions& o) {
  const std::optional<Config> config = NearestConfig(o);
  if (config) AddRules(*config, o);
  return config.has_value();
}

bool ReadPriceTable(AnalyzeOptions& o) {
  if (o.prices.empty()) return true;
  Result<cost::Prices> prices = cost::ReadPrices(o.prices);
  if (!prices) {
    PrintError(prices.error(), ParseWhen(o.color));
    return false;
  }
  o.plan.prices = std::move(*prices);
  return true;
}

std::optional<std::unique_ptr<cost::CostModel>> OpenNamedModel(AnalyzeOptions& o) {
  std::unique_ptr<cost::CostModel> model;
  if (o.cost_model.empty() || o.cost_model == "replay") return model;
  if (o.plan.objective == plan::Objective::Cost) {
    PrintError({DiagnosticCode::Usage, "--objective cost does not go with another cost model than the replay",
                "a cost model says how long a run takes, not what its executors hold or cost"},
               ParseWhen(o.color));
    return std::nullopt;
  }
  auto opened = cost::OpenCostModel(o.cost_model);
  if (!opened) {
    PrintError(opened.error(), ParseWhen(o.color));
    return std::nullopt;
  }
  model = std::move(*opened);
  o.plan.model = model.get();
  return model;
}

bool ParseSettings(AnalyzeOptions& o) {
  for (const std::string& text : o.set) {
    std::optional<rules::ParamSetting> setting = rules::ParseParamSetting(text);
    if (!setting) {
      PrintError({DiagnosticCode::Usage, "`--set " + text + "` has no value",
                  "write --set PARAM=VALUE, as --set skew_ratio=6"},
                 ParseWhen(o.color));
      return false;
    }
    o.parameters.push_back(std::move(*setting));
  }
  return true;
}

}  // namespace advise::cli
