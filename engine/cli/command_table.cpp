// The commands that `advise` has: one row each, in the order of `advise --help`.
#include "cli/subcommand.h"

namespace advise::cli {

std::span<const Command> Commands() {
  static constexpr Command kCommands[] = {
      {"analyze", "findings, causes and recommendations of a log (the default: advise LOG)", RunAnalyze},
      {"model", "the job as rules see it: every attribute, value, unit, and what is missing", RunModel},
      {"why", "why a finding is there: what it was found at, every condition with its values", RunWhy},
      {"why-not", "why a rule found nothing: the nearest candidates, and what they lack", RunWhyNot},
      {"query", "a pattern over the run: match … where … return …, as a table, CSV or JSON", RunQuery},
      {"whatif", "what the run would take with changes: settings, slots, joins, skew, caches, effects", RunWhatIf},
      {"check", "compile rule files and print what is wrong with them", RunCheck},
      {"fmt", "rule files in the house layout", RunFmt},
      {"new", "start a pack: a rule, its explanation and two tests that pass", RunNew},
      {"test", "run the tests of rule packs", RunTest},
      {"lint", "the quality of rules, measured on logs: silent, noisy, on edge, said twice, untested", RunLint},
      {"tune", "findings over the values of a parameter, on logs", RunTune},
      {"diff-rules", "what another version of a pack finds differently on logs", RunDiffRules},
      {"eval", "precision and recall of each rule on labelled logs", RunEval},
      {"backtest", "predictions held against measured pairs of runs", RunBacktest},
      {"model-check", "whether a model of costs (a plug-in) holds to what every model has to", RunModelCheck},
      {"prices", "an example of a table of prices for --prices", RunPrices},
      {"schema", "what rules may ask of stages, tasks, plan nodes …", RunSchema},
      {"rules", "the rules of all packs; one of them with its tests", RunRules},
      {"params", "the parameters of all packs, and who changed them", RunParams},
      {"functions", "the functions of the rule language", RunFunctions},
      {"lsp", "language server for editors, on standard input and output", RunLsp},
      {"explain", "what a diagnostic code or a rule means", RunExplain},
      {"export", "the run as a trace for ui.perfetto.dev", RunExport},
      {"serve", "a page on this machine to drop logs on, and an API", RunServe},
      {"mcp", "facts for assistants: the Model Context Protocol over standard input and output", RunMcp},
  };
  return kCommands;
}

}  // namespace advise::cli
