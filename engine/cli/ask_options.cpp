// One log, compiled rules, one answer.
#include "cli/ask_options.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <vector>

#include "ask/examine.h"
#include "cli/attempts.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "report/facts.h"

namespace advise::cli {

void DeclareAskOptions(CLI::App& app, AskOptions& options) {
  AnalyzeOptions& o = options.analyze;
  app.add_option("log", options.log, "event log: a file, a folder, or - for standard input")->required();
  app.add_option("--rules", o.rules, "rule file or pack folder, added to the built-in packs (repeatable)")
      ->allow_extra_args(false);
  app.add_flag("--no-default-rules", o.no_default_rules, "leave the built-in packs out");
  app.add_option("--set", o.set, "PARAM=VALUE: a parameter of the rules (repeatable)")->allow_extra_args(false);
  auto* sql = app.add_option("--sql", o.sql, "this SQL execution alone")->check(CLI::NonNegativeNumber);
  app.add_option("--job", o.job, "this job alone")->check(CLI::NonNegativeNumber)->excludes(sql);
  app.add_option("--attempt", o.attempt,
                 "the attempt of the application, if the folder has several; default: the last");
  app.add_flag("--anonymise,--anonymize", o.anonymise,
               "names of applications, users, hosts, paths, tables and columns become host-1, table-3 …");
  app.add_flag("--no-config", o.no_config, "do not read the .advise.yaml beside or above the working folder");
  app.add_option("--threads", o.threads, "threads that read; 0: by the machine")->capture_default_str();
  app.add_option("--color", o.color, "of diagnostics: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

int Ask(AskOptions& options, const std::function<std::optional<std::string>(const AskedLog&)>& answer,
        const std::function<bool(const Rulebook&, SourceManager&)>& check) {
  AnalyzeOptions& o = options.analyze;
  const When color = ParseWhen(o.color);
  if (!ParseSettings(o) || !AddRuleConfig(o)) return kBadInput;
  RuleOptions how;
  how.paths = o.rules;
  how.default_packs = !o.no_default_rules;
  how.parameters = o.parameters;
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(how, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, color);
  if (!book) {
    PrintError(book.error(), color);
    return kBadInput;
  }
  if (check && !check(*book, sources)) return kBadInput;
  ReadingRequest request;
  request.paths = {options.log};
  request.options.threads = o.threads;
  request.options.selection = {o.sql, o.job};
  request.anonymise = o.anonymise;
  request.color = color;
  struct Answered {
    std::optional<std::string> text;
    AttemptOf attempt;
  };
  std::vector<Answered> answered;
  const ReadingResult reading = ForEachLog(request, times, [&](const RunLog& log, const LogPlace& place) {
    const report::AppInfo app = report::ReadAppInfo(log.model);
    const AttemptOf attempt{place.path, app.id, app.attempt};
    if (o.attempt && attempt.attempt != o.attempt) return;
    const bool again = !answered.empty() && SameApplication(answered.back().attempt, attempt);
    if (again && IsEarlier(attempt.attempt.value_or(""), answered.back().attempt.attempt.value_or(""))) return;
    if (again) answered.pop_back();
    answered.push_back({answer({log, *book, sources, times}), attempt});
  });
  if (reading.read == 0) return reading.Failure();
  if (answered.empty()) {
    PrintError({DiagnosticCode::Usage, "no log is of attempt " + o.attempt.value_or(""),
                "leave --attempt out: the last attempt is taken"},
               color);
    return kBadInput;
  }
  if (answered.size() > 1) {
    PrintError({DiagnosticCode::Usage, "`" + options.log + "` holds " + std::to_string(answered.size()) + " logs",
                "a question is about one run: name its log"},
               color);
    return kBadInput;
  }
  const std::optional<std::string>& text = answered.front().text;
  if (!text) return kBadInput;
  std::fwrite(text->data(), 1, text->size(), stdout);
  return kDone;
}

int AskAboutRule(AskOptions& options, const std::string& question,
                 const std::function<Result<std::string>(const ask::AskedRun&, const ask::Selector&)>& answer) {
  const When color = ParseWhen(options.analyze.color);
  const auto selector = ask::ParseSelector(question);
  if (!selector) {
    PrintError(selector.error(), color);
    return kBadInput;
  }
  return Ask(options, [&](const AskedLog& asked) -> std::optional<std::string> {
    const ask::Examined run = ask::Examine(asked.log, asked.book, asked.sources, asked.times);
    Result<std::string> text = answer({asked.log, asked.book, asked.sources, run.diagnosis, run.report}, *selector);
    if (text) return std::move(*text);
    PrintError(text.error(), color);
    return std::nullopt;
  });
}

}  // namespace advise::cli
