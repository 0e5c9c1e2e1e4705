// advise why LOG FINDING: how a finding follows from the log.
#include <CLI/CLI.hpp>
#include <sstream>

#include "ask/output.h"
#include "cli/ask_options.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"

namespace advise::cli {

int RunWhy(const std::vector<std::string>& arguments) {
  CLI::App app("Why a finding is there: what it was found at, every condition with its values, what it costs.",
               "advise why");
  AskOptions options;
  std::string question;
  DeclareAskOptions(app, options);
  app.add_option("finding", question,
                 "number of the finding in the report, or a rule: skewed_join, 'skewed_join(12, _)'; also an advice")
      ->required();
  app.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  const When color = ParseWhen(options.analyze.color);
  const auto selector = ask::ParseSelector(question);
  if (!selector) {
    PrintError(selector.error(), color);
    return kBadInput;
  }
  return Ask(options, [&](const AskedLog& asked) -> std::optional<std::string> {
    Diagnosis diagnosis = Diagnose(asked.log.model, asked.book.rules, asked.times);
    Plan(asked.log.model, diagnosis, {}, asked.times);
    Diagnostics remarks;  // of templates: the report tells them
    const report::Report report =
        Assemble(asked.log, asked.book, diagnosis, {}, asked.sources, remarks, asked.times);
    const auto answer = ask::AskWhy({asked.log, asked.book, asked.sources, diagnosis, report}, *selector);
    if (!answer) {
      PrintError(answer.error(), color);
      return std::nullopt;
    }
    if (options.format == "text")
      return ask::WhyText(*answer, {static_cast<std::size_t>(OutputWidth()), Utf8Output()});
    std::ostringstream out;
    ask::WriteWhyJson(*answer, asked.log.info, out);
    return out.str();
  });
}

}  // namespace advise::cli
