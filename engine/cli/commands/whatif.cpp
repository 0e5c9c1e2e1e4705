// advise whatif LOG CHANGE…: what the run would take with changes, all of them together; or one of them over a range.
#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <iterator>
#include <sstream>

#include "cli/common.h"
#include "cli/effect_text.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/whatif.h"
#include "export/whatif_output.h"
#include "plan/step_change.h"
#include "spark/settings.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::cli {
namespace {

// One value, several ("2,4,8"), or a range ("2..40").
struct Values {
  std::vector<double> values;
  [[nodiscard]] bool swept() const { return values.size() > 1; }
};

constexpr int kSweepPoints = 16;

std::optional<double> ParseWhole(const std::string& text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stod(text);
}

// Ranges of up to 16 numbers take each; longer ones grow by equal ratios. nullopt: the text is none of these.
std::optional<Values> ParseValues(const std::string& text) {
  Values values;
  if (const std::size_t dots = text.find(".."); dots != std::string::npos) {
    const std::optional<double> low = ParseWhole(text.substr(0, dots));
    const std::optional<double> high = ParseWhole(text.substr(dots + 2));
    if (!low || !high || *low < 1 || *high <= *low) return std::nullopt;
    const double count = *high - *low + 1;
    for (int i = 0; i < kSweepPoints; ++i) {
      const double share = static_cast<double>(i) / (kSweepPoints - 1);
      const double value = count <= kSweepPoints ? *low + i : std::round(*low * std::pow(*high / *low, share));
      if (value > *high) break;
      if (values.values.empty() || value > values.values.back()) values.values.push_back(value);
    }
    return values;
  }
  std::stringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::optional<double> value = ParseWhole(part);
    if (!value) return std::nullopt;
    values.values.push_back(*value);
  }
  if (values.values.empty()) return std::nullopt;
  return values;
}

// What the command line asks for, before a log is read.
struct Request {
  std::vector<std::string> settings;
  std::string executors;
  std::string partitions;
  std::vector<std::int64_t> dropped;
  std::string cores;
  std::string memory;
  std::vector<std::pair<std::string, std::string>> joins;  // broadcast or sort-merge, and where
  std::vector<std::int64_t> split;                         // stages
  std::vector<std::int64_t> salted;
  std::vector<std::int64_t> cached;
  std::string files;
  std::vector<std::string> effects;
  std::string prices;
  std::string model;
  std::vector<std::string> steps;  // of the report's plan: their numbers, or ids of recommendations
  std::string format = "text";
  std::string output;
};

void WrongUsage(const std::string& message, const std::string& help) {
  PrintError({DiagnosticCode::Usage, message, help}, When::Auto);
}

// nullopt: printed what is wrong.
std::optional<std::vector<std::pair<std::string, std::string>>> SplitSettings(
    const std::vector<std::string>& settings) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      WrongUsage("`" + setting + "` is no setting", "--conf takes KEY=VALUE, as spark-submit does");
      return std::nullopt;
    }
    pairs.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return pairs;
}

// What the report recommends for a log, by the built-in rules: compiled when the first log asks.
class Recommender {
 public:
  // The steps, in the order asked for. An unknown one is a change that is refused. nullopt: the rules are not there
  // (printed).
  std::optional<std::vector<cost::Change>> Changes(const RunLog& log, const cost::Workload& run,
                                                   const std::vector<std::string>& steps) {
    PhaseTimes times;
    if (!book_) {
      Diagnostics diagnostics;
      Result<Rulebook> book = Compile({}, sources_, diagnostics, times);
      if (!book) {
        PrintError(book.error(), When::Auto);
        return std::nullopt;
      }
      book_ = std::move(*book);
    }
    Diagnosis diagnosis = Diagnose(log.model, book_->rules, times);
    Plan(log.model, diagnosis, {}, times);
    std::vector<cost::Change> changes;
    for (const std::string& step : steps)
      changes.push_back(plan::ChangeOfStep(log.model, run, diagnosis.recommendations, diagnosis.plan->steps, step));
    return changes;
  }

 private:
  SourceManager sources_;
  std::optional<Rulebook> book_;
};

std::string Usage() {
  std::string keys;
  for (const std::string_view key : cost::ModelledSettings()) keys += "\n  " + std::string(key);
  return "Settings that can be predicted:" + keys;
}

// Declares the options that ask for a change.
void DeclareChanges(CLI::App& app, Request& asked) {
  const auto stages = [&app](const char* name, std::vector<std::int64_t>& into, const char* what) {
    app.add_option(name, into, what)->allow_extra_args(false)->check(CLI::NonNegativeNumber);
  };
  app.add_option("--conf", asked.settings, "KEY=VALUE: another value of a setting (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--executors", asked.executors, "executors at once: 8, or 2,4,8, or 2..40");
  app.add_option("--cores", asked.cores, "cores of an executor (spark.executor.cores)");
  app.add_option("--memory", asked.memory, "heap of an executor, 4g (spark.executor.memory)");
  app.add_option("--partitions", asked.partitions,
                 "partitions of every shuffle that is no fixed number: 96, or 8..2000");
  app.add_option("--join", asked.joins,
                 "broadcast or sort-merge, and where: a stage (12), or a query and a node of its plan (0/17) "
                 "(repeatable)")
      ->allow_extra_args(false)
      ->type_name("HOW PLACE");
  stages("--split", asked.split, "STAGE whose large partitions are split, as adaptive execution does (repeatable)");
  stages("--salt", asked.salted, "STAGE whose heavy keys get a salt (repeatable)");
  stages("--cache", asked.cached, "STAGE whose result is cached for those that compute the same (repeatable)");
  app.add_option("--files", asked.files, "size of the files that are read: 128m");
  stages("--drop-stage", asked.dropped, "STAGE that is left out, with what it alone needs (repeatable)");
  app.add_option("--effect", asked.effects,
                 "an effect of the rule language: 'scale app.stages.tasks.gc_time by 50%', or 'match (s:Stage) where "
                 "s.id = 3 effect { … }' (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--apply", asked.steps, "steps of the report's plan: their numbers (1,3), or ids of recommendations")
      ->delimiter(',')
      ->allow_extra_args(false);
}

bool AsksNothing(const Request& asked) {
  return asked.settings.empty() && asked.executors.empty() && asked.partitions.empty() && asked.dropped.empty() &&
         asked.steps.empty() && asked.cores.empty() && asked.memory.empty() && asked.joins.empty() &&
         asked.split.empty() && asked.salted.empty() && asked.cached.empty() && asked.files.empty() &&
         asked.effects.empty();
}

// Changes that are the same at every point of a sweep, but for steps and effects.
std::vector<cost::Change> FixedChanges(const Request& asked, double file_bytes,
                                       const std::vector<std::pair<std::string, std::string>>& settings,
                                       const model::JobModel& model, const cost::Workload& run) {
  std::vector<cost::Change> changes;
  const auto set = [&](const std::string& key, const std::string& value) {
    changes.push_back(cost::ChangeSetting(model, run, key, value));
  };
  for (const auto& [key, value] : settings) set(key, value);
  if (!asked.cores.empty()) set("spark.executor.cores", asked.cores);
  if (!asked.memory.empty()) set("spark.executor.memory", asked.memory);
  for (const auto& [how, place] : asked.joins) {
    const cost::JoinWay way = how == "broadcast" ? cost::JoinWay::Broadcast : cost::JoinWay::SortMerge;
    changes.push_back(cost::ChangeJoins(model, run, place, way));
  }
  for (const std::int64_t stage : asked.split)
    changes.push_back(cost::DivideSkew(model, run, stage, cost::SkewRemedy::Split));
  for (const std::int64_t stage : asked.salted)
    changes.push_back(cost::DivideSkew(model, run, stage, cost::SkewRemedy::Salt));
  for (const std::int64_t stage : asked.cached) changes.push_back(cost::CacheStage(model, run, stage));
  if (!asked.files.empty()) changes.push_back(cost::FilesOfSize(model, run, file_bytes));
  for (const std::int64_t stage : asked.dropped) changes.push_back(cost::LeaveOutStage(model, run, stage));
  return changes;
}

}  // namespace

int RunWhatIf(const std::vector<std::string>& arguments) {
  CLI::App app(
      "What the run would take with changes, all of them together; --executors and --partitions also over a range.",
      "advise whatif");
  app.footer(Usage());
  std::string path;
  Request asked;
  ReadingRequest reading;
  app.add_option("log", path, "event log: a file, a folder, or - for standard input")->required();
  DeclareChanges(app, asked);
  app.add_option("--prices", asked.prices, "FILE: a table of prices (`advise prices` prints an example), for money");
  app.add_option("--cost-model", asked.model,
                 "what says the times: replay (the default), amdahl, none, or the path of a plug-in");
  app.add_option("--format", asked.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("-o,--output", asked.output, "write to this file");
  app.add_option("--sql", reading.options.selection.sql, "this SQL execution alone")->check(CLI::NonNegativeNumber);
  app.add_option("--job", reading.options.selection.job, "this job alone")
      ->check(CLI::NonNegativeNumber)
      ->excludes("--sql");
  app.add_option("--threads", reading.options.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;

  const auto settings = SplitSettings(asked.settings);
  if (!settings) return kBadInput;
  if (AsksNothing(asked)) {
    WrongUsage("no change is given", "for instance --conf spark.sql.shuffle.partitions=96, --executors 20");
    return kBadInput;
  }
  for (const auto& [how, place] : asked.joins) {
    if (how == "broadcast" || how == "sort-merge") continue;
    WrongUsage("`" + how + "` is no way to join",
               "--join takes broadcast or sort-merge, and a place: --join broadcast 12");
    return kBadInput;
  }
  const spark::Setting& any_size = *spark::FindSetting("spark.sql.files.maxPartitionBytes");
  std::optional<double> file_bytes;
  if (!asked.files.empty()) {
    file_bytes = spark::ParseValue(any_size, asked.files);
    if (!file_bytes || *file_bytes <= 0) {
      WrongUsage("`" + asked.files + "` is no size", "as Spark writes them: 128m");
      return kBadInput;
    }
  }
  cost::WhatIfOptions how;
  if (!asked.prices.empty()) {
    Result<cost::Prices> table = cost::ReadPrices(asked.prices);
    if (!table) {
      PrintError(table.error(), When::Auto);
      return kBadInput;
    }
    how.prices = std::move(*table);
  }
  std::unique_ptr<cost::CostModel> model;
  if (!asked.model.empty()) {
    auto opened = cost::OpenCostModel(asked.model);
    if (!opened) {
      PrintError(opened.error(), When::Auto);
      return kBadInput;
    }
    model = std::move(*opened);
    how.model = model.get();
  }
  SourceManager sources;
  std::optional<EffectTexts> effects;
  if (!asked.effects.empty()) {
    effects = EffectTexts::Compile(asked.effects, sources);
    if (!effects) return kBadInput;
  }
  Values executors;
  Values partitions;
  for (const auto& [text, values, name] : {std::tuple(asked.executors, &executors, "--executors"),
                                           std::tuple(asked.partitions, &partitions, "--partitions")}) {
    if (text.empty()) continue;
    const std::optional<Values> parsed = ParseValues(text);
    if (!parsed) {
      WrongUsage("`" + text + "` is no value of " + name, "a number, numbers with commas, or a range such as 2..40");
      return kBadInput;
    }
    *values = *parsed;
  }
  if (executors.swept() && partitions.swept()) {
    WrongUsage("--executors and --partitions both have several values", "one of them at a time goes over a range");
    return kBadInput;
  }

  reading.paths = {path};
  Output output(asked.output, When::Auto);
  if (!asked.prices.empty() && !output.Protect(asked.prices)) return kBadInput;
  reading.output = &output;
  PhaseTimes times;
  int status = kDone;
  std::ostringstream text;
  Recommender recommender;
  const ReadingResult result = ForEachLog(reading, times, [&](const RunLog& log, const LogPlace&) {
    const std::optional<cost::Workload> workload = cost::MakeWorkload(log.model);
    const cost::Workload nothing;
    const cost::Workload& run = workload ? *workload : nothing;
    std::vector<cost::Change> common = FixedChanges(asked, file_bytes.value_or(0), *settings, log.model, run);
    if (effects) std::ranges::move(effects->Changes(log.model, run), std::back_inserter(common));
    if (!asked.steps.empty()) {
      auto changes = recommender.Changes(log, run, asked.steps);
      if (!changes) {
        status = kBadInput;
        return;
      }
      std::ranges::move(*changes, std::back_inserter(common));
    }
    const cost::WhatIf answer = cost::AskWhatIf(
        log.model, cost::MakeSets(log.model, run, std::move(common), executors.values, partitions.values), how);
    for (const cost::WhatIfPoint& point : answer.points) {
      if (!point.prediction.refused) continue;
      status = std::max<int>(status, cost::IsWrongQuestion(*point.prediction.refused) ? kBadInput : kFound);
    }
    const exports::WhatIfOutput printable{log.model, log.info, answer};
    if (asked.format == "json") {
      exports::WriteWhatIfJson(printable, text);
    } else {
      exports::WriteWhatIfText(printable, Utf8Output(), text);
    }
  });
  if (result.read == 0) return result.Failure();
  const std::string printed = asked.format == "json" ? text.str() : PrintableText(text.str(), LineEnds::Keep);
  if (!output.Write(printed) || !output.Finish()) return kBadInput;
  return status;
}

}  // namespace advise::cli
