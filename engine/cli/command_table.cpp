// The commands that `advise` has: one row each, in the order of `advise --help`.
#include "cli/subcommand.h"

namespace advise::cli {

std::span<const Command> Commands() {
  static constexpr Command kCommands[] = {
      {"analyze", "findings, causes and recommendations of a log (the default: advise LOG)", RunAnalyze},
      {"model", "the job as rules see it: every attribute, value, unit, and what is missing", RunModel},
      {"whatif", "what the run would take with changes: settings, executors, partitions, stages left out", RunWhatIf},
      {"check", "compile rule files and print what is wrong with them", RunCheck},
      {"test", "run the tests of rule packs", RunTest},
      {"eval", "precision and recall of each rule on labelled logs", RunEval},
      {"backtest", "predictions held against measured pairs of runs", RunBacktest},
      {"explain", "what a diagnostic code or a rule means", RunExplain},
      {"export", "the run as a trace for ui.perfetto.dev", RunExport},
      {"serve", "a page on this machine to drop logs on, and an API", RunServe},
      {"mcp", "facts for assistants: the Model Context Protocol over standard input and output", RunMcp},
  };
  return kCommands;
}

}  // namespace advise::cli
