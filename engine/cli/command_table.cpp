// The commands that `advise` has: one row each, in the order of `advise --help`.
#include "cli/subcommand.h"

namespace advise::cli {

std::span<const Command> Commands() {
  static constexpr Command kCommands[] = {
      {"analyze", "findings, causes and recommendations of a log (the default: advise LOG)", RunAnalyze},
      {"model", "the job as rules see it: every attribute, value, unit, and what is missing", RunModel},
      {"whatif", "what the run would take with changes: settings, executors, partitions, stages left out", RunWhatIf},
      {"check", "compile rule files and print what is wrong with them", RunCheck},
      {"fmt", "rule files in the house layout", RunFmt},
      {"new", "start a pack: a rule, its explanation and two tests that pass", RunNew},
      {"test", "run the tests of rule packs", RunTest},
      {"eval", "precision and recall of each rule on labelled logs", RunEval},
      {"backtest", "predictions held against measured pairs of runs", RunBacktest},
      {"schema", "what rules may ask of stages, tasks, plan nodes …", RunSchema},
      {"rules", "the rules of all packs; one of them with its tests", RunRules},
      {"params", "the parameters of all packs, and who changed them", RunParams},
      {"functions", "the functions of the rule language", RunFunctions},
      {"lsp", "language server for editors, on standard input and output", RunLsp},
      {"explain", "what a diagnostic code or a rule means", RunExplain},
  };
  return kCommands;
}

}  // namespace advise::cli
