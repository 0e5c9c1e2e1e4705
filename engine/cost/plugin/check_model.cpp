// The conformance suite: a small run made by hand, and what must hold for whatever a model says of it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cost/plugin/cost_model.h"
#include "cost/workload_parts.h"

namespace advise::cost {
namespace {

using Verdict = ModelCheck::Verdict;

// Two stages, the second reads the first: eight tasks of 1 s, then four of 2 s with one that has 6 s; two executors of
// two slots. Times x `scale`; `idle_executor`: a third comes after the work.
Workload MakeRun(double scale, bool idle_executor) {
  Workload run;
  run.pools = {"default"};
  run.jobs.push_back({0, 0, 0, 0});
  const auto add_stage = [&](std::vector<double> seconds, std::vector<std::uint32_t> parents) {
    StageWork stage;
    stage.id = static_cast<std::int64_t>(run.stages.size());
    stage.row = static_cast<std::uint32_t>(run.stages.size());
    stage.job = 0;
    stage.first_task = static_cast<std::uint32_t>(run.tasks.size());
    stage.tasks = static_cast<std::uint32_t>(seconds.size());
    stage.parents = std::move(parents);
    for (const double s : seconds) {
      const double ms = 1000 * s * scale;
      for (std::size_t c = 0; c < kComponents; ++c) {
        const double share = c == At(Component::Cpu) ? 0.6 : c == At(Component::Gc) ? 0.3 : 0.0;
        run.tasks.parts[c].push_back(static_cast<float>(c == At(Component::FetchWait) ? ms * 0.1 : ms * share));
      }
      const float bytes = static_cast<float>(s * (64 << 20));
      run.tasks.duration.push_back(static_cast<float>(ms));
      run.tasks.reported_gc.push_back(static_cast<float>(ms * 0.3));
      run.tasks.input_bytes.push_back(stage.parents.empty() ? bytes : 0);
      run.tasks.shuffle_read_bytes.push_back(stage.parents.empty() ? 0 : bytes);
      run.tasks.shuffle_read_records.push_back(stage.parents.empty() ? 0 : bytes / 100);
      run.tasks.shuffle_write_bytes.push_back(stage.parents.empty() ? bytes : 0);
      run.tasks.memory_spilled_bytes.push_back(0);
      run.tasks.disk_spilled_bytes.push_back(0);
      run.tasks.peak_memory_bytes.push_back(bytes);
      run.tasks.pause.push_back(0);
      run.tasks.row.push_back(static_cast<std::uint32_t>(run.tasks.row.size()));
      run.tasks.needed.push_back(1);
      run.tasks.winner.push_back(1);
    }
    run.stages.push_back(std::move(stage));
  };
  add_stage(std::vector<double>(8, 1), {});
  add_stage({6, 2, 2, 2, 2}, {0});
  const auto executors = static_cast<std::uint32_t>(idle_executor ? 3 : 2);
  for (std::uint32_t i = 0; i < executors; ++i) {
    ExecutorWork executor;
    executor.row = i;
    executor.slots = 2;
    executor.removal = std::numeric_limits<double>::quiet_NaN();
    run.executors.push_back(executor);
  }
  run.points = {1, 2, executors};
  const PointNumbers& points = run.points;
  std::vector<model::GraphEdge> edges = {{points.AppStart(), points.JobStart(0)},
                                         {points.JobStart(0), points.StageReady(0)},
                                         {points.StageEnd(0), points.StageReady(1)},
                                         {points.StageEnd(1), points.JobEnd(0)},
                                         {points.JobEnd(0), points.AppEnd()}};
  for (std::uint32_t i = 0; i < 2; ++i) edges.push_back({points.StageReady(i), points.StageEnd(i)});
  std::vector<bool> never(points.size());
  for (std::uint32_t i = 0; i < executors; ++i) {
    edges.push_back({points.AppStart(), points.Arrival(i)});
    never[points.Removal(i)] = true;
  }
  run.lag.assign(points.size(), 0);
  run.lag[points.JobStart(0)] = 3000 * scale;
  SetEdges(std::move(edges), never, run);
  // The third comes when all is over.
  if (idle_executor) {
    run.executors[2].arrival = 11'500 * scale;
    run.lag[points.Arrival(2)] = 11'500 * scale;
  }
  Replayer replayer(run);
  const ReplayTimes& times = replayer.Run(UnchangedSchedule(run));
  run.duration = times.duration;
  run.observed_idle = 3000 * scale;
  run.observed_in_job = run.duration - run.observed_idle;
  run.jobs[0].start = times.point[points.JobStart(0)];
  run.jobs[0].end = times.point[points.JobEnd(0)];
  for (std::uint32_t i = 0; i < 2; ++i) {
    run.stages[i].submitted = run.stages[i].first_launch = times.point[points.StageReady(i)];
    run.stages[i].ended = times.point[points.StageEnd(i)];
  }
  GapWork gap;
  gap.kind = model::GapKind::Startup;
  gap.length = 3000 * scale;
  gap.parts.emplace_back(points.JobStart(0), static_cast<float>(3000 * scale));
  run.gaps.push_back(gap);
  return run;
}

std::string Seconds(const Interval& time) {
  char text[96];
  std::snprintf(text, sizeof text, "%.3f..%.3f..%.3f s", time.low / 1000, time.mid / 1000, time.high / 1000);
  return text;
}

bool IsClose(double a, double b, double share) { return std::abs(a - b) <= share * std::max(1.0, std::abs(b)); }

class Suite {
 public:
  using Open = std::function<Result<std::unique_ptr<CostModel>>()>;
  explicit Suite(const Open& open) : open_(open) {}

  std::vector<ModelCheck> Run() {
    const Workload run = MakeRun(1, false);
    if (!Begin(run, "opens, says what it is and takes a run")) return std::move(checks_);
    const double seen = run.duration;
    const std::optional<Interval> nothing = Ask({}, "no change");
    if (!nothing) return std::move(checks_);
    Add("no change is the run itself", IsClose(nothing->mid, seen, 0.15),
        Seconds(*nothing) + ", the run took " + Seconds({seen, seen, seen}));
    const Effect half = ScaleComponents{{0, 1}, ~ComponentSet(), Range{0.5, 0.5, 0.5}};
    const Effect more = SetSlots{4, 0};
    const Effect same = ScaleComponents{{0, 1}, ~ComponentSet(), Range{1, 1, 1}};
    const Effect no_lag = AddLag{run.points.AppEnd(), Range{0, 0, 0}};
    Changes("a factor of 1 changes nothing", same,
            [&](const Interval& time) { return IsClose(time.mid, nothing->mid, 1e-6); });
    Changes("a lag of 0 changes nothing", no_lag,
            [&](const Interval& time) { return IsClose(time.mid, nothing->mid, 1e-6); });
    Changes("half the work takes no longer", half,
            [&](const Interval& time) { return time.mid <= nothing->mid * (1 + 1e-9); });
    Repeats(half);
    Batch({{}, {half}, {more}});
    Unknown();
    OtherRuns(*nothing);
    return std::move(checks_);
  }

 private:
  void Add(std::string name, bool holds, std::string seen) {
    checks_.push_back({std::move(name), holds ? Verdict::Holds : Verdict::Fails, holds ? "" : std::move(seen)});
  }

  // A fresh model that has taken the run.
  bool Begin(const Workload& run, const std::string& name) {

    Replayer replayer(run);
    replayer.Run(UnchangedSchedule(run), &trace_);
    Result<std::unique_ptr<CostModel>> opened = open_();
    if (!opened) {
      Add(name, false, opened.error().message);
      return false;
    }
    model_ = std::move(*opened);
    const std::optional<Error> error = model_->Calibrate({run, trace_});
    const bool named = !model_->info().id.empty() && !model_->info().version.empty();
    if (error || !named || !name.empty())
      Add(name.empty() ? "takes another run" : name, !error && named, error ? error->message : "it has no id or version");
    return !error && named;
  }

  [[nodiscard]] bool Knows(const Effect& effect) const {
    const std::vector<std::string>& known = model_->info().operators;
    return std::ranges::find(known, OperatorName(effect)) != known.end();
  }

  std::optional<std::vector<ModelOutcome>> AskAll(const std::vector<ModelScenario>& scenarios, const std::string& name) {
    Result<std::vector<ModelOutcome>> outcomes = model_->Predict(scenarios, kSeed);
    if (outcomes) return std::move(*outcomes);
    Add(name + ": is answered", false, outcomes.error().message);
    return std::nullopt;
  }
  std::optional<Interval> Ask(const std::vector<Effect>& effects, const std::string& name) {
    const auto outcomes = AskAll({{effects, {}}}, name);
    return outcomes ? std::optional<Interval>(outcomes->front().time) : std::nullopt;
  }

  // What is not known is told as such; else `holds`.
  template <class Holds>
  void Changes(const std::string& name, const Effect& effect, Holds holds) {
    const auto outcomes = AskAll({{{effect}, {}}}, name);
    if (!outcomes) return;
    const ModelOutcome& outcome = outcomes->front();
    if (!Knows(effect)) {
      const bool told = std::ranges::find(outcome.unsupported, OperatorName(effect)) != outcome.unsupported.end();
      if (!told) return Add(name, false, "it does not know " + std::string(OperatorName(effect)) + " and does not say so");
      checks_.push_back({name, Verdict::Skipped, "it does not know " + std::string(OperatorName(effect))});
      return;
    }
    Add(name, holds(outcome.time), Seconds(outcome.time));
  }

  void Repeats(const Effect& effect) {
    const auto first = Ask({effect}, "the same twice");
    const auto second = Ask({effect}, "the same twice");
    if (!first || !second) return;
    Add("the same question has the same answer",
        first->low == second->low && first->mid == second->mid && first->high == second->high,
        Seconds(*first) + " and " + Seconds(*second));
  }

  void Batch(const std::vector<std::vector<Effect>>& sets) {
    std::vector<ModelScenario> scenarios;
    for (const std::vector<Effect>& set : sets) scenarios.push_back({set, {}});
    const auto together = AskAll(scenarios, "several at once");
    if (!together) return;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const auto alone = Ask(sets[i], "several at once");
      if (!alone) return;
      if (alone->mid == (*together)[i].time.mid) continue;
      return Add("several at once are as each alone", false, Seconds((*together)[i].time) + " and " + Seconds(*alone));
    }
    Add("several at once are as each alone", true, "");
  }

  void Unknown() {
    const std::string name = "an operator that nobody knows is told, not left out";
    const auto outcomes = AskAll({{{}, {"no_such_operator"}}}, name);
    if (!outcomes) return;
    const std::vector<std::string>& told = outcomes->front().unsupported;
    Add(name, std::ranges::find(told, "no_such_operator") != told.end(), "`unsupported` does not name it");
  }

  void OtherRuns(const Interval& nothing) {
    const Workload twice = MakeRun(2, false);
    if (Begin(twice, "")) {
      if (const auto time = Ask({}, "times doubled")) {
        Add("all times doubled double the run", IsClose(time->mid, 2 * nothing.mid, 0.02),
            Seconds(*time) + " against " + Seconds(nothing));
      }
    }
    const Workload idle = MakeRun(1, true);
    if (Begin(idle, "")) {
      if (const auto time = Ask({}, "an idle executor")) {
        Add("an executor that comes too late to work makes nothing longer", time->mid <= nothing.mid * 1.01,
            Seconds(*time) + " against " + Seconds(nothing));
      }
    }
  }

  static constexpr std::uint64_t kSeed = 7;
  const Open& open_;
  std::unique_ptr<CostModel> model_;
  ReplayTrace trace_;
  std::vector<ModelCheck> checks_;
};

}  // namespace

std::vector<ModelCheck> CheckModel(const std::function<Result<std::unique_ptr<CostModel>>()>& open) {
  return Suite(open).Run();
}

}  // namespace advise::cost
