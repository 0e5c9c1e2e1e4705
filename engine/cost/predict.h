// predict(set of effects): how long the next run would take, what it would move and spill, how sure that is, or why
// nothing can be said. Every saving that advise prints comes from here.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cost/effect.h"
#include "cost/prices.h"
#include "cost/replay_error.h"
#include "cost/scenario.h"
#include "cost/workload.h"

namespace advise::cost {

// How a prediction is known, from the surest on: A removal of measured work, B bounded components, C refitted inside
// what was observed, D inferred (spill, joins, memory), E extrapolated (slots and partitions beyond what was seen).
enum class EvidenceClass : std::uint8_t { A, B, C, D, E };
char Letter(EvidenceClass evidence);

// Of 80 %: one in ten lies below `low`, one in ten above `high`.
struct Interval {
  double low = 0;
  double mid = 0;
  double high = 0;
};

// Why there is no prediction. The codes are part of the JSON contract.
struct Refusal {
  std::string code;
  std::string text;  // a sentence, with what would be needed
};

// Wall time of the run by what it goes into; adds up to the duration.
struct AccountChange {
  std::string account;
  double before = 0;  // ms
  double after = 0;
};

struct Prediction {
  Interval time;           // ms of the application's next run
  Interval effect;         // the same without the noise from run to run
  Interval work;           // the same from the start of the first job on, with the noise
  Interval slot_time;      // ms x slots in tasks
  Interval shuffle_bytes;  // written
  Interval spilled_bytes;  // to disk
  // With prices alone (Predictor::UsePrices). nullopt: no price is known for it, or it cannot be told.
  std::optional<Interval> money;
  std::optional<Interval> core_hours;  // that executors hold
  EvidenceClass evidence = EvidenceClass::A;
  std::vector<std::string> caveats;     // sentences
  std::vector<AccountChange> accounts;  // at the most likely values
  double task_ratio = 1;                // tasks then ÷ now, at the most likely values
  double slot_ratio = 1;
  std::optional<Refusal> refused;  // of the time; the bytes stand
};

// One replay at the most likely values.
struct MidRun {
  double duration = 0;        // ms
  double owned_slots = 0;       // ms x slots of executors that are there: what is paid for
  std::optional<double> money;  // with prices
  bool extrapolated = false;    // other slots, or beyond twice what the log shows: evidence class E
};

// What is asked: effects, and what is known of them beside the workload.
struct Question {
  std::vector<Effect> effects;
  EvidenceClass evidence = EvidenceClass::A;  // the least sure of the changes that the effects come from
  std::vector<std::string> caveats;
  // Factors on the duration for what the effects cannot say; the middle half or all of a spread around 1.
  Range spread = {1, 1, 1};
  // Of an executor, where they are changed: what is paid for.
  std::optional<double> heap = std::nullopt;  // bytes
  std::optional<double> cores = std::nullopt;
};

// What the run of the log costs.
struct Spending {
  std::optional<double> money;
  double core_hours = 0;
};

// How well runs repeat, and how the intervals were calibrated (calibration.h has the defaults).
struct NoiseModel {
  double sigma = 0;  // of the logarithm of the duration; 0: the default for the kind of machine
};

// What refuses every prediction of times on this log: no task metrics, streaming, a log that ends before the
// application, a replay that does not explain the run.
std::optional<Refusal> RefuseLog(const model::JobModel& model, const Workload& workload, const ReplayError& replay);

// Immutable after construction but for buffers: one thread at a time.
class Predictor {
 public:
  Predictor(const model::JobModel& model, Workload workload, NoiseModel noise = {});
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) = delete;

  [[nodiscard]] const Workload& workload() const;
  [[nodiscard]] const ReplayError& replay() const;
  [[nodiscard]] const ReplayTrace& unchanged() const;  // of the run with nothing changed
  [[nodiscard]] double sigma() const;                  // from run to run, of the logarithm of the duration
  // Of every prediction from this log; nullopt: times can be predicted.
  [[nodiscard]] const std::optional<Refusal>& refused() const;

  // From now on predictions have money. The model that this was made from must be there still.
  void UsePrices(const Prices& prices);
  [[nodiscard]] const std::optional<Prices>& prices() const;
  // nullopt: no prices, or the log does not say how large executors are.
  [[nodiscard]] const std::optional<Spending>& spent() const;

  // Effects that contradict each other are refused ("contradiction"). The interval comes from so many draws, 1 …
  // kDraws.
  Prediction Predict(const Question& question, std::uint32_t draws = kDraws);
  // Durations of so many draws in ms, without the noise from run to run; those of two questions can be compared draw by
  // draw. `exact`: no effect has a range, so one replay does for all; it comes back alone where the evidence leaves
  // nothing open (A, B). The effects must not contradict each other.
  std::vector<double> Durations(const Question& question, std::uint32_t draws, bool exact = false);
  // At the most likely values, without interval: for searches over many sets of effects, which must not contradict each
  // other.
  MidRun RunMid(const Question& question);
  // Which stages decide when the run ends then (CriticalStages), at the most likely values.
  std::vector<double> CriticalTimes(const Question& question);
  double MidTime(std::span<const Effect> effects);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// When the first job starts in a replay, ms; 0 without jobs.
double FirstJobStart(const Workload& workload, const ReplayTimes& times);

// Quantiles 10, 50 and 90 % of values x lognormal noise.
Interval MixWithNoise(std::vector<double> values, double sigma);

}  // namespace advise::cost
