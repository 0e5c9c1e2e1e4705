// How fast rules meet a job: R rules over S stages, 80 % of them on one stage with three conditions, 20 % on a parent
// and a child with two each; thresholds at the 85th, 90th and 95th percentile of log-normal columns.
//   rules_bench [RULES [STAGES [MISSING_PERCENT]]]
// Target (design/README.md): 1,000 rules x 100,000 stages in at most 0.15 s on one thread, linear in both.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "rules/match/match.h"
#include "rules/packs/load.h"
#include "support/diagnostic_render.h"

namespace {

using namespace advise;

struct BenchColumn {
  std::string name;
  std::string unit;  // of a threshold
  model::IntColumn model::StageTable::*column;
};
const std::vector<BenchColumn>& Columns() {
  using model::StageTable;
  static const std::vector<BenchColumn> columns = {
      {"duration", "ms", &StageTable::duration},
      {"critical_time", "ms", &StageTable::critical_time},
      {"slack", "ms", &StageTable::slack},
      {"input_bytes", "B", &StageTable::input_bytes},
      {"output_bytes", "B", &StageTable::output_bytes},
      {"shuffle_read_bytes", "B", &StageTable::shuffle_read_bytes},
      {"shuffle_write_bytes", "B", &StageTable::shuffle_write_bytes},
      {"memory_bytes_spilled", "B", &StageTable::memory_bytes_spilled},
      {"disk_bytes_spilled", "B", &StageTable::disk_bytes_spilled},
      {"result_size", "B", &StageTable::result_size},
      {"partitions", "", &StageTable::partitions},
      {"task_count", "", &StageTable::task_count},
      {"completed_tasks", "", &StageTable::completed_tasks},
      {"failed_tasks", "", &StageTable::failed_tasks},
      {"killed_tasks", "", &StageTable::killed_tasks},
      {"input_records", "", &StageTable::input_records},
      {"output_records", "", &StageTable::output_records},
      {"shuffle_read_records", "", &StageTable::shuffle_read_records},
      {"shuffle_write_records", "", &StageTable::shuffle_write_records},
      {"lost_executors", "", &StageTable::lost_executors},
  };
  return columns;
}

model::JobModel MakeModel(std::size_t stages, double missing, std::mt19937_64& random) {
  model::JobModel m;
  m.version = model::ParseSparkVersion("3.5.3");
  m.app.AddRow();
  m.has_environment = true;
  // AddRow grows every column by one row; at this size the columns are filled directly.
  for (std::size_t i = 0; i < stages; ++i) m.stages.AddRow();
  std::lognormal_distribution<double> values(8, 2);
  std::uniform_real_distribution<double> chance(0, 1);
  for (std::size_t i = 0; i < stages; ++i) {
    m.stages.id.Set(i, static_cast<std::int64_t>(i));
    m.stages.submitted_flag.Set(i, true);
    for (const BenchColumn& column : Columns()) {
      if (chance(random) >= missing) (m.stages.*column.column).Set(i, static_cast<std::int64_t>(values(random)));
    }
    for (int parent = 0; parent < 2 && i > 0; ++parent) {
      if (chance(random) > 0.667) continue;
      const std::size_t row = m.shuffles.AddRow();
      m.shuffles.from.Set(row, model::StageRow(static_cast<std::size_t>(random() % i)));
      m.shuffles.to.Set(row, model::StageRow(i));
    }
  }
  return m;
}

std::string Condition(std::string_view variable, std::mt19937_64& random) {
  const BenchColumn& column = Columns()[random() % Columns().size()];
  // Quantiles of the log-normal distribution, with some spread, so that most thresholds differ.
  const double z = 1.0 + static_cast<double>(random() % 700) / 1000;
  const auto threshold = static_cast<std::int64_t>(std::exp(8 + 2 * z));
  return std::string(variable) + "." + column.name + " > " + std::to_string(threshold) + column.unit;
}

std::string MakeRules(std::size_t rules, std::mt19937_64& random) {
  std::string text;
  for (std::size_t i = 0; i < rules; ++i) {
    const std::string name = "r" + std::to_string(i);
    if (i % 5 != 0) {
      text += "symptom " + name + "(s: Stage) { match (s:Stage) where " + Condition("s", random) + " and " +
              Condition("s", random) + " and " + Condition("s", random) + " message \"m\" }\n";
    } else {
      text += "symptom " + name + "(s: Stage) { match (p:Stage)-[:Shuffle]->(s:Stage) where " + Condition("p", random) +
              " and " + Condition("p", random) + " and " + Condition("s", random) + " and " + Condition("s", random) +
              " message \"m\" }\n";
    }
  }
  return text;
}

// Processor time: all of it is one thread's, and other programs on the machine do not count.
class Stopwatch {
 public:
  double Seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rules = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 1000;
  const std::size_t stages = argc > 2 ? static_cast<std::size_t>(std::atoll(argv[2])) : 100'000;
  const double missing = argc > 3 ? std::atof(argv[3]) / 100 : 0;
  std::mt19937_64 random(7);
  const model::JobModel model = MakeModel(stages, missing, random);
  const std::string text = MakeRules(rules, random);

  SourceManager sources;
  Diagnostics diagnostics;
  const Stopwatch compile;
  const rules::RuleSet set = rules::CompileTexts(sources, {{"bench.rules", text}}, {}, diagnostics);
  std::printf("compile    %8.3f s   %zu rules, %zu derived columns\n", compile.Seconds(), set.rules.size(),
              set.program.code.columns.size());
  if (!diagnostics.empty()) std::fputs(Render(sources, diagnostics).c_str(), stderr);

  rules::MatchOptions options;
  options.texts = false;
  std::vector<double> seconds;
  std::size_t matches = 0;
  for (int run = 0; run < 5; ++run) {
    const Stopwatch match;
    matches = rules::MatchAll(set, model, options).matches.size();
    seconds.push_back(match.Seconds());
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("match      %8.3f s   best of 5, %zu matches, %.2f ns a rule and stage\n", seconds.front(), matches,
              seconds.front() * 1e9 / static_cast<double>(rules * stages));
  return 0;
}
