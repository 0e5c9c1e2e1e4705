// advise whatif LOG CHANGE…: what the run would take with changes, all of them together; or one of them over a range.
#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <iterator>
#include <sstream>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/resolve.h"
#include "cost/whatif.h"
#include "export/whatif_output.h"
#include "plan/plan.h"
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
    for (const std::string& step : steps) changes.push_back(ChangeOf(log, run, diagnosis, step));
    return changes;
  }

 private:
  static cost::Change ChangeOf(const RunLog& log, const cost::Workload& run, const Diagnosis& diagnosis,
                               const std::string& step) {
    const std::vector<plan::PlanStep>& plan = diagnosis.plan->steps;
    const std::optional<double> number = ParseWhole(step);
    const recommend::Recommendation* found = nullptr;
    if (number && *number >= 1 && *number <= static_cast<double>(plan.size()))
      found = &diagnosis.recommendations[plan[static_cast<std::size_t>(*number) - 1].recommendation];
    for (const recommend::Recommendation& recommendation : diagnosis.recommendations) {
      if (recommendation.id == step) found = &recommendation;
    }
    cost::Change change;
    if (found == nullptr) {
      change.text = step;
      change.refused = cost::Refusal{"no-such-step", "The plan of the report has no step `" + step + "`: it has " +
                                                         FormatCount(static_cast<std::int64_t>(plan.size())) + "."};
    } else if (found->effects.empty()) {
      change.refused = cost::Refusal{"not-modelled", "Not estimated: " + found->not_estimated + "."};
    } else {
      change = cost::ResolveEffects(log.model, run, found->effects);
    }
    change.kind = "recommendation";
    change.key = found != nullptr ? found->id : step;
    if (found != nullptr) change.text = plan::NameOf(*found);
    return change;
  }

  SourceManager sources_;
  std::optional<Rulebook> book_;
};

std::string Usage() {
  std::string keys;
  for (const std::string_view key : cost::ModelledSettings()) keys += "\n  " + std::string(key);
  return "Settings that can be predicted:" + keys;
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
  app.add_option("--conf", asked.settings, "KEY=VALUE: another value of a setting (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--executors", asked.executors, "executors at once: 8, or 2,4,8, or 2..40");
  app.add_option("--partitions", asked.partitions,
                 "partitions of every shuffle that is no fixed number: 96, or 8..2000");
  app.add_option("--drop-stage", asked.dropped, "without this stage and what it alone needs (repeatable)")
      ->allow_extra_args(false)
      ->check(CLI::NonNegativeNumber);
  app.add_option("--apply", asked.steps, "steps of the report's plan: their numbers (1,3), or ids of recommendations")
      ->delimiter(',')
      ->allow_extra_args(false);
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
  if (settings->empty() && asked.executors.empty() && asked.partitions.empty() && asked.dropped.empty() &&
      asked.steps.empty()) {
    WrongUsage("no change is given", "for instance --conf spark.sql.shuffle.partitions=96, --executors 20");
    return kBadInput;
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
  reading.output = &output;
  PhaseTimes times;
  int status = kDone;
  std::ostringstream text;
  Recommender recommender;
  const ReadingResult result = ForEachLog(reading, times, [&](const RunLog& log, const LogPlace&) {
    const std::optional<cost::Workload> workload = cost::MakeWorkload(log.model);
    const cost::Workload nothing;
    const cost::Workload& run = workload ? *workload : nothing;
    std::vector<cost::Change> common;
    for (const auto& [key, value] : *settings) common.push_back(cost::ChangeSetting(log.model, run, key, value));
    for (const std::int64_t stage : asked.dropped) common.push_back(cost::LeaveOutStage(log.model, run, stage));
    if (!asked.steps.empty()) {
      auto changes = recommender.Changes(log, run, asked.steps);
      if (!changes) {
        status = kBadInput;
        return;
      }
      std::ranges::move(*changes, std::back_inserter(common));
    }
    const auto of_executors = [&](double value) { return cost::ChangeExecutors(log.model, run, value); };
    const auto of_partitions = [&](double value) {
      return cost::ChangePartitions(log.model, run, value, std::nullopt);
    };
    if (executors.values.size() == 1) common.push_back(of_executors(executors.values.front()));
    if (partitions.values.size() == 1) common.push_back(of_partitions(partitions.values.front()));
    std::vector<std::vector<cost::Change>> sets;
    const Values& swept = executors.swept() ? executors : partitions;
    for (const double value : swept.values) {
      if (!swept.swept()) break;
      std::vector<cost::Change> set = {executors.swept() ? of_executors(value) : of_partitions(value)};
      set.insert(set.end(), common.begin(), common.end());
      sets.push_back(std::move(set));
    }
    const bool is_sweep = !sets.empty();
    if (!is_sweep) sets.push_back(std::move(common));
    const std::string name = !is_sweep ? "" : executors.swept() ? "executors" : "partitions";
    const cost::WhatIf answer =
        cost::AskWhatIf(log.model, std::move(sets), name, is_sweep ? swept.values : std::vector<double>{});
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
