// The commands that `advise` has: one row each, in the order of `advise --help`.
#include "cli/subcommand.h"

namespace advise::cli {

std::span<const Command> Commands() {
  static constexpr Command kCommands[] = {
      {"analyze", "findings, causes and recommendations of a log (the default: advise LOG)", RunAnalyze},
      {"model", "the job as rules see it: every attribute, value, unit, and what is missing", RunModel},
      {"whatif", "what the run would take with changes: settings, slots, joins, skew, caches, effects", RunWhatIf},
      {"check", "compile rule files and print what is wrong with them", RunCheck},
      {"test", "run the tests of rule packs", RunTest},
      {"eval", "precision and recall of each rule on labelled logs", RunEval},
      {"backtest", "predictions held against measured pairs of runs", RunBacktest},
      {"model-check", "whether a model of costs (a plug-in) holds to what every model has to", RunModelCheck},
      {"prices", "an example of a table of prices for --prices", RunPrices},
      {"explain", "what a diagnostic code or a rule means", RunExplain},
  };
  return kCommands;
}

}  // namespace advise::cli
