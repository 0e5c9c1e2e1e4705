// advise model-check MODEL: whether a model of costs holds to what every model has to.
#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/plugin/cost_model.h"
#include "support/clean_text.h"

namespace advise::cli {

int RunModelCheck(const std::vector<std::string>& arguments) {
  CLI::App app(
      "Tries a model of costs on small runs made for it: a built-in one, a shared library (.so), or a program that "
      "speaks JSON lines. The plug-in is run.",
      "advise model-check");
  std::string name;
  cost::ModelLimits limits;
  app.add_option("model", name, "replay, amdahl, none, or the path of a plug-in")->required();
  app.add_option("--timeout", limits.call_ms, "ms that a program has for each answer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  const auto open = [&] { return cost::OpenCostModel(name, limits); };
  const auto first = open();
  if (!first) {
    PrintError(first.error(), When::Auto);
    return kBadInput;
  }
  std::ostringstream text;
  text << (*first)->info().id << ' ' << (*first)->info().version << '\n';
  std::size_t failed = 0;
  for (const cost::ModelCheck& check : cost::CheckModel(open)) {
    using enum cost::ModelCheck::Verdict;
    text << (check.verdict == Holds ? "ok       " : check.verdict == Skipped ? "skipped  " : "FAILED   ") << check.name;
    if (!check.detail.empty()) text << ": " << check.detail;
    text << '\n';
    if (check.verdict == Fails) ++failed;
  }
  Output output("", When::Auto);
  if (!output.Write(PrintableText(text.str(), LineEnds::Keep)) || !output.Finish()) return kBadInput;
  return failed > 0 ? kFound : kDone;
}

}  // namespace advise::cli
