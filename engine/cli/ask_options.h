// What the commands that ask about one run share: `why`, `why-not`, `query`. Rules, parameters and the .advise.yaml are
// those of `advise analyze`, so that numbers and findings are the same.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "advise.h"
#include "ask/why.h"
#include "cli/analyze_options.h"

namespace CLI {
class App;
}

namespace advise::cli {

struct AskOptions {
  AnalyzeOptions analyze;  // those that make sense here
  std::string log;
  std::string format = "text";
};

// The log is the first argument; `question` is declared behind it.
void DeclareAskOptions(CLI::App& app, AskOptions& options);

// Compiles the rules, asks `check` whether the question can be asked (false: it has printed why not, status 2), reads
// the log and calls `answer` with it; of several attempts of one application it is the last, or that of --attempt. What
// `answer` returns is printed; nullopt: it has printed why not (status 2). Returns the exit status.
struct AskedLog {
  const RunLog& log;
  const Rulebook& book;
  SourceManager& sources;
  PhaseTimes& times;
};
int Ask(AskOptions& options, const std::function<std::optional<std::string>(const AskedLog&)>& answer,
        const std::function<bool(const Rulebook&, SourceManager&)>& check = {});

// A question about a finding or a rule ("3", "skewed_join(12, _)"): `answer` gets it with the diagnosis, the plan and
// the report that `advise analyze` makes of the log. Its text is printed, or its error (status 2).
int AskAboutRule(AskOptions& options, const std::string& question,
                 const std::function<Result<std::string>(const ask::AskedRun&, const ask::Selector&)>& answer);

}  // namespace advise::cli
