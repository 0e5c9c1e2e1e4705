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
  return AskAboutRule(options, question,
                      [&](const ask::AskedRun& run, const ask::Selector& selector) -> Result<std::string> {
                        const auto answer = ask::AskWhy(run, selector);
                        if (!answer) return tl::unexpected(answer.error());
                        if (options.format == "text")
                          return ask::WhyText(*answer, {static_cast<std::size_t>(OutputWidth()), Utf8Output()});
                        std::ostringstream out;
                        ask::WriteWhyJson(*answer, run.log.info, out);
                        return out.str();
                      });
}

}  // namespace advise::cli
