// advise whatif LOG CHANGE…: what the run would take with changes, all of them together; or one of them over a range.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>
#include <tuple>

#include "ask/what_if.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/whatif.h"
#include "export/whatif_output.h"
#include "support/clean_text.h"

namespace advise::cli {
namespace {

// What the command line asks for, before a log is read.
struct Request {
  ask::WhatIfAsked changes;
  std::vector<std::string> settings;  // KEY=VALUE
  std::string executors;
  std::string partitions;
  std::string prices;
  std::string model;
  std::string format = "text";
  std::string output;
};

void WrongUsage(const std::string& message, const std::string& help) {
  PrintError({DiagnosticCode::Usage, message, help}, When::Auto);
}

// Fills in the changes that have a form of their own here. False: printed what is wrong.
bool ReadChanges(Request& asked) {
  for (const std::string& setting : asked.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      WrongUsage("`" + setting + "` is no setting", "--conf takes KEY=VALUE, as spark-submit does");
      return false;
    }
    asked.changes.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  for (const auto& [text, values, name] : {std::tuple(&asked.executors, &asked.changes.executors, "--executors"),
                                           std::tuple(&asked.partitions, &asked.changes.partitions, "--partitions")}) {
    if (text->empty()) continue;
    auto parsed = ask::ParseCounts(*text, name);
    if (!parsed) {
      PrintError(parsed.error(), When::Auto);
      return false;
    }
    *values = std::move(*parsed);
  }
  return true;
}

// What the report recommends for a log, by the built-in rules: compiled when the first log asks.
class Recommender {
 public:
  // With their plan. Null: the rules are not there (printed).
  const Diagnosis* For(const RunLog& log) {
    PhaseTimes times;
    if (!book_) {
      Diagnostics diagnostics;
      Result<Rulebook> book = Compile({}, sources_, diagnostics, times);
      if (!book) {
        PrintError(book.error(), When::Auto);
        return nullptr;
      }
      book_ = std::move(*book);
    }
    diagnosis_ = Diagnose(log.model, book_->rules, times);
    Plan(log.model, *diagnosis_, {}, times);
    return &*diagnosis_;
  }

 private:
  SourceManager sources_;
  std::optional<Rulebook> book_;
  std::optional<Diagnosis> diagnosis_;  // of the last log
};

std::string Usage() {
  std::string keys;
  for (const std::string_view key : cost::ModelledSettings()) keys += "\n  " + std::string(key);
  return "Settings that can be predicted:" + keys;
}

// Declares the options that ask for a change.
void DeclareChanges(CLI::App& app, Request& asked) {
  ask::WhatIfAsked& changes = asked.changes;
  const auto stages = [&app](const char* name, std::vector<std::int64_t>& into, const char* what) {
    app.add_option(name, into, what)->allow_extra_args(false)->check(CLI::NonNegativeNumber);
  };
  app.add_option("--conf", asked.settings, "KEY=VALUE: another value of a setting (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--executors", asked.executors, "executors at once: 8, or 2,4,8, or 2..40");
  app.add_option("--cores", changes.cores, "cores of an executor (spark.executor.cores)");
  app.add_option("--memory", changes.memory, "heap of an executor, 4g (spark.executor.memory)");
  app.add_option("--partitions", asked.partitions,
                 "partitions of every shuffle that is no fixed number: 96, or 8..2000");
  app.add_option("--join", changes.joins,
                 "broadcast or sort-merge, and where: a stage (12), or a query and a node of its plan (0/17) "
                 "(repeatable)")
      ->allow_extra_args(false)
      ->type_name("HOW PLACE");
  stages("--split", changes.split, "STAGE whose large partitions are split, as adaptive execution does (repeatable)");
  stages("--salt", changes.salted, "STAGE whose heavy keys get a salt (repeatable)");
  stages("--cache", changes.cached, "STAGE whose result is cached for those that compute the same (repeatable)");
  app.add_option("--files", changes.files, "size of the files that are read: 128m");
  stages("--drop-stage", changes.dropped, "STAGE that is left out, with what it alone needs (repeatable)");
  app.add_option("--effect", changes.effects,
                 "an effect of the rule language: 'scale app.stages.tasks.gc_time by 50%', or 'match (s:Stage) where "
                 "s.id = 3 effect { … }' (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--apply", changes.steps, "steps of the report's plan: their numbers (1,3), or ids of recommendations")
      ->delimiter(',')
      ->allow_extra_args(false);
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

  if (!ReadChanges(asked)) return kBadInput;
  SourceManager sources;
  Diagnostics diagnostics;
  const auto question = ask::WhatIfQuestion::Make(std::move(asked.changes), sources, diagnostics);
  if (!question) {
    PrintDiagnostics(sources, diagnostics, When::Auto);
    PrintError(question.error(), When::Auto);
    return kBadInput;
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
    const Diagnosis nobody_asked;
    const Diagnosis* diagnosis = question->asked().steps.empty() ? &nobody_asked : recommender.For(log);
    if (diagnosis == nullptr) {
      status = kBadInput;
      return;
    }
    const cost::WhatIf answer =
        cost::AskWhatIf(log.model,
                        question->SetsFor(log.model, run, diagnosis->recommendations,
                                          diagnosis->plan ? diagnosis->plan->steps : std::vector<plan::PlanStep>()),
                        how);
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
