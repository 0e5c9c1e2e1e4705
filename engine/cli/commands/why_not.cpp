// advise why-not LOG RULE[(ids)]: why a rule did not report something.
#include <CLI/CLI.hpp>
#include <sstream>

#include "ask/output.h"
#include "cli/ask_options.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"

namespace advise::cli {

int RunWhyNot(const std::vector<std::string>& arguments) {
  CLI::App app("Why a rule found nothing: the nearest candidates, what they lack, and which parameter would do.",
               "advise why-not");
  AskOptions options;
  std::string question;
  std::size_t top = 3;
  DeclareAskOptions(app, options);
  app.add_option("rule", question,
                 "a rule: skewed_join, or with ids as `advise model` prints them: 'skewed_join(12, _)'")
      ->required();
  app.add_option("--top", top, "candidates shown")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  return AskAboutRule(options, question,
                      [&](const ask::AskedRun& run, const ask::Selector& selector) -> Result<std::string> {
                        const auto answer = ask::AskWhyNot(run, selector, top);
                        if (!answer) return tl::unexpected(answer.error());
                        if (options.format == "text")
                          return ask::WhyNotText(*answer, {static_cast<std::size_t>(OutputWidth()), Utf8Output()});
                        std::ostringstream out;
                        ask::WriteWhyNotJson(*answer, run.log.info, out);
                        return out.str();
                      });
}

}  // namespace advise::cli
