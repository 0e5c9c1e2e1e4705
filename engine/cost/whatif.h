// `advise whatif`: sets of changes and what is predicted for each, as plain data for the writers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/changes.h"
#include "cost/plugin/cost_model.h"
#include "cost/predict.h"

namespace advise::cost {

// One set of changes, predicted together.
struct WhatIfPoint {
  std::vector<Change> changes;
  std::optional<double> swept;  // the value of the change that is swept
  // Refused where a change was, too; then it holds no numbers.
  Prediction prediction;
  bool predicted = false;  // the numbers stand (of a refusal of the time alone: all but the time)
};

struct WhatIf {
  double duration = 0;  // ms, as it was
  double slot_time = 0;
  Volumes volumes;
  ReplayError replay;
  std::optional<Prices> prices;   // that were given
  std::optional<Spending> spent;  // nullopt: no prices, or the log does not say how large executors are
  std::string swept;  // "executors", "partitions"; empty: one point
  std::vector<WhatIfPoint> points;
  // Of a sweep whose money is known: the value at which the run costs least.
  std::optional<double> cheapest;
  // Of a sweep over times that could be predicted: the first value from which the next doubling gains less than 5 %.
  std::optional<double> knee;
};

// How a question is asked.
struct WhatIfOptions {
  std::optional<Prices> prices;
  // Says the times in place of the built-in model. If it fails, the built-in one says them, with a caveat.
  CostModel* model = nullptr;
};

// The sets of changes of a question, a point each.
struct WhatIfSets {
  std::vector<std::vector<Change>> sets;
  std::string swept;           // "executors", "partitions"; empty: there is one set
  std::vector<double> values;  // of what is swept, one a set
};
// `common` at each point. Executors and partitions with one value join it; several of them make a sweep, of one of the
// two at most.
WhatIfSets MakeSets(const model::JobModel& model, const Workload& run, std::vector<Change> common,
                    const std::vector<double>& executors, const std::vector<double>& partitions);

// Log without any time: one point, refused ("no-time").
WhatIf AskWhatIf(const model::JobModel& model, WhatIfSets asked, const WhatIfOptions& options);

// What a refusal means for the exit status: the question was wrong (a setting that does not exist, a stage that the run
// does not have, a contradiction), or there is no answer.
bool IsWrongQuestion(const Refusal& refusal);

}  // namespace advise::cost
