// Draws, replays, quantiles; what is said beside a number, and what refuses one.
#include "cost/predict.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "cost/accounts.h"
#include "cost/calibration.h"
#include "cost/contention.h"
#include "cost/critical_stages.h"
#include "cost/draws.h"
#include "support/format.h"

namespace advise::cost {
namespace {

constexpr double kRough = 0.05;     // replay error from which a prediction is rough (whatif 2c)
constexpr double kRefused = 0.15;   // and from which there is none
constexpr double kComplete = 0.95;  // share of the announced tasks that must be in the log
constexpr int kNoiseStrata = 31;

Interval Quantiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(below);
    return below + 1 < values.size() ? values[below] + rest * (values[below + 1] - values[below]) : values[below];
  };
  return {at(0.1), at(0.5), at(0.9)};
}

}  // namespace

char Letter(EvidenceClass evidence) { return static_cast<char>('A' + static_cast<int>(evidence)); }

Interval MixWithNoise(std::vector<double> values, double sigma) {
  if (sigma <= 0) return Quantiles(std::move(values));
  std::vector<double> mixed;
  for (int i = 0; i < kNoiseStrata; ++i) {
    const double factor = std::exp(sigma * NormalQuantile((i + 0.5) / kNoiseStrata));
    for (const double value : values) mixed.push_back(value * factor);
  }
  return Quantiles(std::move(mixed));
}

double FirstJobStart(const Workload& workload, const ReplayTimes& times) {
  double first = std::numeric_limits<double>::infinity();
  for (std::uint32_t i = 0; i < workload.points.jobs; ++i)
    first = std::min(first, times.point[workload.points.JobStart(i)]);
  return std::isinf(first) ? 0 : first;
}

// The change is a factor on the duration; for what the model leaves out it is raised to this power (calibration.h).
Range ModelForm(EvidenceClass evidence) {
  switch (evidence) {
    case EvidenceClass::A:
    case EvidenceClass::B: return {1, 1, 1};
    case EvidenceClass::C: return calibration::kModelFormC;
    case EvidenceClass::D: return calibration::kModelFormD;
    case EvidenceClass::E: return calibration::kModelFormE;
  }
  return {1, 1, 1};
}

EvidenceClass EvidenceOf(const Question& question, const Scenario& scenario) {
  const bool extrapolated = scenario.reach() > 2 || scenario.slot_ratio() != 1;
  return extrapolated ? std::max(question.evidence, EvidenceClass::E) : question.evidence;
}

// ---------------------------------------------------------------- refusals of a log
std::optional<Refusal> RefuseLog(const model::JobModel& model, const Workload& workload, const ReplayError& replay) {
  if (workload.tasks.size() == 0) {
    return Refusal{"no-tasks", "The log holds no task: there is nothing that a change could act on."};
  }
  for (std::size_t sql = 0; sql < model.sql_executions.size(); ++sql) {
    if (!model.sql_executions.stream.Has(sql)) continue;
    return Refusal{"streaming",
                   "The application runs structured streaming: its duration is that of the stream. Ask for one "
                   "micro-batch with --sql."};
  }
  if (!model.app.end.Has(0)) {
    return Refusal{"cut-log",
                   "The log ends before the application does: what came after is not known. The whole log is "
                   "needed."};
  }
  if (model.app.completeness.Has(0) && model.app.completeness.Get(0) < kComplete) {
    return Refusal{"cut-log", "The log holds " + FormatShare(model.app.completeness.Get(0)) +
                                  " of the tasks that its stages announce; at least 95 % are needed."};
  }
  if (2 * workload.quality.tasks_without_metrics > workload.tasks.size()) {
    return Refusal{"no-task-metrics",
                   "Most task attempts have no metrics: what their time was made of is not known. A log with task "
                   "metrics is needed."};
  }
  if (replay.total > kRefused || replay.in_job > 2 * kRefused) {
    return Refusal{"replay-error", "A replay with nothing changed is off by " + FormatShare(replay.total) +
                                       " (in jobs by " + FormatShare(replay.in_job) +
                                       "): the run is not understood well enough to predict times."};
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- predicting
struct Predictor::Impl {
  Impl(const model::JobModel& of, Workload given, NoiseModel noise)
      : model(of), workload(std::move(given)), replayer(workload) {
    const bool one_machine = workload.machine.shared || workload.machine.in_driver;
    const double usual = one_machine ? calibration::kNoiseOnShared : calibration::kNoise;
    sigma = noise.sigma > 0 ? noise.sigma : usual;
    const Schedule schedule = UnchangedSchedule(workload);
    const ReplayTimes& times = replayer.Run(schedule, &unchanged);
    base_duration = times.duration;
    first_job = FirstJobStart(workload, times);
    replay = MeasureReplay(workload, times);
    totals = TotalsOf(workload);
    accounts = AccountsOf(workload, schedule, times, unchanged, totals.components);
    refused = RefuseLog(model, workload, replay);
  }

  std::vector<AccountChange> CompareAccounts(Scenario& scenario);
  void AddCaveats(const Scenario& scenario, const Question& question, Prediction& prediction) const;
  Usage UsageOf(const Scenario& scenario, const Schedule& schedule, const ReplayTimes& times, double scale) const;

  const model::JobModel& model;
  Workload workload;
  Replayer replayer;
  ReplayTrace unchanged;
  double base_duration = 0;
  double first_job = 0;  // its start
  double sigma = 0;
  ReplayError replay;
  Totals totals;
  WallAccounts accounts;
  std::optional<Refusal> refused;
  std::optional<Prices> prices;
  std::optional<Spending> spent;
};

Predictor::Predictor(const model::JobModel& model, Workload workload, NoiseModel noise)
    : impl_(std::make_unique<Impl>(model, std::move(workload), noise)) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
const Workload& Predictor::workload() const { return impl_->workload; }
const ReplayError& Predictor::replay() const { return impl_->replay; }
const ReplayTrace& Predictor::unchanged() const { return impl_->unchanged; }
double Predictor::sigma() const { return impl_->sigma; }
const std::optional<Refusal>& Predictor::refused() const { return impl_->refused; }

const std::optional<Prices>& Predictor::prices() const { return impl_->prices; }
const std::optional<Spending>& Predictor::spent() const { return impl_->spent; }

Usage Predictor::Impl::UsageOf(const Scenario& scenario, const Schedule& schedule, const ReplayTimes& times,
                               double scale) const {
  Usage usage;
  usage.duration = times.duration * scale;
  usage.shuffle_bytes = scenario.volumes().shuffle_bytes;
  for (std::uint32_t i = 0; i < workload.points.executors; ++i) {
    const double from = times.point[workload.points.Arrival(i)];
    const double removed = times.point[workload.points.Removal(i)];
    if (std::isnan(from) || schedule.slots[i] == 0) continue;
    const double to = std::isnan(removed) ? times.duration : std::min(removed, times.duration);
    usage.executors.push_back({from * scale, to * scale, scenario.Copies(i)});
  }
  return usage;
}

void Predictor::UsePrices(const Prices& prices) {
  impl_->prices = prices;
  impl_->spent.reset();
  const std::optional<Container> container = ContainerOf(impl_->model);
  if (!container) return;
  Scenario scenario(impl_->workload, impl_->unchanged, impl_->totals, {}, 1);
  const Schedule& schedule = scenario.Draw(kMid);
  const Usage usage = impl_->UsageOf(scenario, schedule, impl_->replayer.Run(schedule),
                                     impl_->workload.duration / impl_->base_duration);
  impl_->spent = Spending{BillFor(prices, *container, usage), CoreHours(*container, usage)};
}

std::vector<AccountChange> Predictor::Impl::CompareAccounts(Scenario& scenario) {
  const Schedule& schedule = scenario.Draw(kMid);
  ReplayTrace trace;
  const ReplayTimes& times = replayer.Run(schedule, &trace);
  const WallAccounts after = AccountsOf(workload, schedule, times, trace, scenario.components());
  std::vector<AccountChange> changes = {{"start_up", accounts.start_up, after.start_up},
                                        {"driver", accounts.driver, after.driver},
                                        {"idle_slots", accounts.idle_slots, after.idle_slots}};
  for (std::size_t c = 0; c < kComponents; ++c) {
    const std::string name(AccountName(static_cast<Component>(c)));
    auto at = std::ranges::find(changes, name, &AccountChange::account);
    if (at == changes.end()) at = changes.insert(changes.end(), {name, 0, 0});
    at->before += accounts.components[c];
    at->after += after.components[c];
  }
  std::erase_if(changes, [](const AccountChange& change) { return change.before < 0.5 && change.after < 0.5; });
  return changes;
}

void Predictor::Impl::AddCaveats(const Scenario& scenario, const Question& question, Prediction& prediction) const {
  prediction.caveats = question.caveats;
  if (replay.total > kRough) {
    prediction.caveats.push_back("Rough: a replay with nothing changed is off by " + FormatShare(replay.total) + ".");
  }
  prediction.evidence = EvidenceOf(question, scenario);
  if (scenario.reach() > 2) {
    prediction.caveats.push_back("This goes beyond twice what the log shows; the interval is wide for that.");
  }
  if (scenario.slot_ratio() != 1) {
    if (workload.machine.shared) {
      prediction.caveats.push_back("Slots are not processors here: " + workload.machine.evidence + ".");
      if (const double outside = ShareOutside(workload); outside > 0.1) {
        prediction.caveats.push_back(FormatShare(outside) +
                                     " of the time of tasks is in Python, of which the log does not tell whether it "
                                     "computes or waits: the interval covers both.");
      }
    }
  }
  if (workload.quality.slots_observed) {
    prediction.caveats.push_back("No executor states its cores: the concurrency seen stands for the slots.");
  }
}

Prediction Predictor::Predict(const Question& question, std::uint32_t draws) {
  Prediction prediction;
  prediction.evidence = question.evidence;
  if (const std::optional<std::string> clash = FindContradiction(impl_->workload, question.effects)) {
    prediction.refused = Refusal{"contradiction", "The changes contradict each other: " + *clash + "."};
    return prediction;
  }
  Scenario scenario(impl_->workload, impl_->unchanged, impl_->totals, question.effects, draws);
  const double observed = impl_->workload.duration;
  std::vector<double> times;
  std::vector<double> works;
  std::vector<double> slot_times;
  std::vector<double> spilled;
  std::vector<double> shuffled;
  const std::optional<Container> container =
      impl_->spent ? ContainerOf(impl_->model, question.heap, question.cores) : std::nullopt;
  std::vector<double> money;
  std::vector<double> core_hours;
  Draws spread(draws);
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    const Schedule& schedule = scenario.Draw(draw);
    const ReplayTimes& replayed = impl_->replayer.Run(schedule);
    const double factor = spread.Value(question.spread, "spread", 0, draw);
    const double power = spread.Value(ModelForm(EvidenceOf(question, scenario)), "model form", 0, draw);
    times.push_back(observed * std::pow(replayed.duration / impl_->base_duration, power) * factor);
    const double start = FirstJobStart(impl_->workload, replayed);
    works.push_back((observed - impl_->first_job) *
                    std::pow(std::max(0.0, replayed.duration - start) /
                                 std::max(1.0, impl_->base_duration - impl_->first_job),
                             power) *
                    factor);
    if (container) {
      const Usage usage = impl_->UsageOf(scenario, schedule, replayed, observed / impl_->base_duration * factor);
      core_hours.push_back(CoreHours(*container, usage));
      if (const std::optional<double> bill = BillFor(*impl_->prices, *container, usage)) money.push_back(*bill);
    }
    slot_times.push_back(replayed.busy_slot_time);
    spilled.push_back(scenario.volumes().spilled_bytes);
    shuffled.push_back(scenario.volumes().shuffle_bytes);
  }
  prediction.accounts = impl_->CompareAccounts(scenario);
  double tasks = 0;
  for (const Schedule::Stage& stage : scenario.Draw(kMid).stages) tasks += stage.tasks;
  prediction.task_ratio = tasks / std::max(1.0, static_cast<double>(impl_->workload.tasks.size()));
  prediction.slot_ratio = scenario.slot_ratio();
  prediction.effect = Quantiles(times);
  prediction.work = MixWithNoise(std::move(works), std::sqrt(2.0) * impl_->sigma);
  // The log's run had its own deviation: the difference of two runs is what is seen.
  prediction.time = MixWithNoise(std::move(times), std::sqrt(2.0) * impl_->sigma);
  prediction.slot_time = Quantiles(std::move(slot_times));
  prediction.spilled_bytes = Quantiles(std::move(spilled));
  const double noise = std::sqrt(2.0) * impl_->sigma;
  if (!core_hours.empty()) prediction.core_hours = MixWithNoise(std::move(core_hours), noise);
  if (money.size() == draws) prediction.money = MixWithNoise(std::move(money), noise);
  prediction.shuffle_bytes = Quantiles(std::move(shuffled));
  prediction.refused = impl_->refused;
  impl_->AddCaveats(scenario, question, prediction);
  return prediction;
}

std::vector<double> Predictor::Durations(const Question& question, std::uint32_t draws, bool exact) {
  Scenario scenario(impl_->workload, impl_->unchanged, impl_->totals, question.effects, draws);
  std::vector<double> ratios;
  for (std::uint32_t draw = 0; draw < (exact ? 1 : draws); ++draw)
    ratios.push_back(impl_->replayer.Run(scenario.Draw(draw)).duration / impl_->base_duration);
  const Range form = ModelForm(EvidenceOf(question, scenario));
  if (!exact || form.low < form.high) ratios.resize(draws, ratios[0]);
  Draws spread(draws);
  std::vector<double> durations;
  for (std::uint32_t draw = 0; draw < ratios.size(); ++draw) {
    durations.push_back(impl_->workload.duration * std::pow(ratios[draw], spread.Value(form, "model form", 0, draw)) *
                        spread.Value(question.spread, "spread", 0, draw));
  }
  return durations;
}

double Predictor::MidTime(std::span<const Effect> effects) {
  Question question;
  question.effects.assign(effects.begin(), effects.end());
  return RunMid(question).duration;
}

std::vector<double> Predictor::CriticalTimes(const Question& question) {
  Scenario scenario(impl_->workload, impl_->unchanged, impl_->totals, question.effects);
  const Schedule& schedule = scenario.Draw(kMid);
  ReplayTrace trace;
  impl_->replayer.Run(schedule, &trace);
  return CriticalStages(impl_->workload, trace);
}

MidRun Predictor::RunMid(const Question& question) {
  Scenario scenario(impl_->workload, impl_->unchanged, impl_->totals, question.effects);
  const Schedule& schedule = scenario.Draw(kMid);
  const ReplayTimes& times = impl_->replayer.Run(schedule);
  const double scale = impl_->workload.duration / impl_->base_duration;
  MidRun run;
  run.duration = times.duration * scale;
  run.extrapolated = EvidenceOf({}, scenario) == EvidenceClass::E;
  const Usage usage = impl_->UsageOf(scenario, schedule, times, scale);
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < impl_->workload.points.executors; ++i) {
    if (std::isnan(times.point[impl_->workload.points.Arrival(i)]) || schedule.slots[i] == 0) continue;
    const Lifetime& life = usage.executors[next++];
    run.owned_slots += std::max(0.0, life.to - life.from) * schedule.slots[i];
  }
  if (!impl_->spent) return run;
  const std::optional<Container> container = ContainerOf(impl_->model, question.heap, question.cores);
  if (container) run.money = BillFor(*impl_->prices, *container, usage);
  return run;
}

}  // namespace advise::cost
