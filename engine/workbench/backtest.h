// Holds predictions against pairs of measured runs: the same job under one changed setting, each side run several times
// (pathological-jobs/whatif). Pure functions over what was read.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cost/predict.h"
#include "support/diagnostics.h"

namespace advise::workbench {

// One side of a pair.
struct MeasuredSide {
  std::string setting;        // as the table says it: "spark.sql.shuffle.partitions=8", "two executors", or words
  std::vector<double> works;  // ms, one a run: from the first query to the end
  std::string log;            // path beside the table; empty: none
  [[nodiscard]] double low() const;
  [[nodiscard]] double median() const;
  [[nodiscard]] double high() const;
};
struct MeasuredPair {
  std::string name;
  std::array<MeasuredSide, 2> sides;
  // Constants of the model were fitted on these; the others judge it.
  bool fitted = false;
};

// The table of runs: tab-separated, with a header that names pair, side, setting, work_duration_ms and log. What does
// not parse is reported (bad-labels). Pairs with a side without runs are left out.
std::vector<MeasuredPair> ReadPairs(const std::string& path, Diagnostics& diagnostics);

// What a side's setting is as a change.
struct AskedChange {
  std::string kind;  // "conf", "executors", "cache"; empty: words that no change stands for
  std::string key;   // of conf
  std::string value;
};
AskedChange ParseSetting(const std::string& setting);

// From one side of a pair to the other.
struct BacktestCase {
  std::string pair;
  std::string from;
  std::string to;
  std::string group;  // operator class: "shuffle partitions", "adaptive execution", …
  bool fitted = false;
  double base = 0;  // ms, median of the side that was predicted from
  double actual = 0;
  double actual_low = 0;
  double actual_high = 0;
  bool beyond_noise = false;  // the runs of the two sides do not overlap
  std::optional<cost::Interval> predicted;
  char evidence = 'A';
  std::string refused;  // the code; empty: predicted
  double linear = 0;    // references, ms
  double amdahl = 0;
};
// The prediction as ratios of the log's own run, applied to what was measured.
BacktestCase JudgeCase(const MeasuredPair& pair, std::size_t from, const std::string& group,
                       const cost::Prediction& prediction, double own_work, double idle_share);

struct BacktestScore {
  std::string name;
  std::size_t cases = 0;
  std::size_t refused = 0;
  double median_error = 0;  // |log(predicted ÷ actual)|
  double p90_error = 0;
  double bias = 0;            // median of log(predicted ÷ actual)
  std::size_t covered = 0;    // the measured median lies in the interval
  std::size_t moved = 0;      // cases beyond noise
  std::size_t direction = 0;  // of them, predicted to move the same way by at least 2 %
  double none = 0;            // median error of the references
  double linear = 0;
  double amdahl = 0;
  double repeats = 0;  // of one run of the side against the median of its runs: what no model can beat
};
struct Backtest {
  std::vector<BacktestCase> cases;
  std::vector<BacktestScore> scores;   // all, fitted, judged, then one a group
  std::vector<std::string> not_asked;  // pairs whose change has no model, with the words
};
void ScoreCases(const std::vector<MeasuredPair>& pairs, Backtest& backtest);

}  // namespace advise::workbench
