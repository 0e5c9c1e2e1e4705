// What the time of one task attempt is made of (components C0 … C11). The parts add up to launch … finish exactly, each
// effect acts on its own part, so two changes can never save the same millisecond twice.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace advise::cost {

// ADVISE_COST_COMPONENTS(V): V(Enumerator, "name", Evidence). Measured: a field of the log. Bounded: the log bounds it.
// Inferred: a share of what the measured parts leave, by a fit over the tasks of the stage.
#define ADVISE_COST_COMPONENTS(V)                            \
  V(Scheduler, "scheduler delay", Measured)                  \
  V(GettingResult, "getting the result", Measured)           \
  V(Deserialize, "deserialising the task", Measured)         \
  V(Cpu, "on the processor", Measured)                       \
  V(Gc, "garbage collection", Bounded)                       \
  V(FetchWait, "waiting for shuffle data", Measured)         \
  V(ShuffleWrite, "writing shuffle data", Bounded)           \
  V(Spill, "spilling", Inferred)                             \
  V(Input, "reading input", Inferred)                        \
  V(External, "processes outside the JVM", Inferred)         \
  V(OffCpu, "off the processor, unexplained", Inferred)      \
  V(ResultSerialization, "serialising the result", Measured) \
  V(Unknown, "unknown: the attempt has no metrics", Inferred)

enum class Evidence : std::uint8_t { Measured, Bounded, Inferred };

#define ADVISE_COST_ENUMERATOR(name, text, evidence) name,
enum class Component : std::uint8_t { ADVISE_COST_COMPONENTS(ADVISE_COST_ENUMERATOR) };
#undef ADVISE_COST_ENUMERATOR
inline constexpr std::size_t kComponents = static_cast<std::size_t>(Component::Unknown) + 1;
inline constexpr std::size_t At(Component component) { return static_cast<std::size_t>(component); }

std::string_view ComponentName(Component component);
Evidence EvidenceOf(Component component);

// ms; NaN where the log has no value. `duration` is always known.
struct TaskTimes {
  double duration = 0;  // finish - launch
  double run = 0;
  double cpu = 0;
  double gc = 0;
  double fetch_wait = 0;
  double shuffle_write = 0;
  double deserialize = 0;
  double result_serialization = 0;
  double getting_result = 0;
};

using Parts = std::array<float, kComponents>;  // ms each

// The measured parts; what is neither measured nor bounded stands in OffCpu. Without `run` everything is Unknown; of a
// log without processor times (before Spark 2.1) the whole run is OffCpu but for GC and the fetch wait. The parts add
// up to max(duration, 0); metrics that exceed the duration (the clocks of two machines) are scaled down to it, which
// `clipped` tells.
Parts Decompose(const TaskTimes& times, bool& clipped);

// What may cause time off the processor in one task: bytes read and spilled, records for a process outside the JVM.
struct OffCpuCauses {
  float input_bytes = 0;
  float spilled_bytes = 0;     // on disk
  float external_records = 0;  // 0 where the plan has no such process
};

// Divides OffCpu of the tasks of one stage (or of like stages) among Input, Spill and External: non-negative least
// squares of OffCpu on the causes and a constant. Shares are accepted from R² = 0.3 on, and from 8 tasks on; else all
// stays in OffCpu (External, if `external`: a plan with a process outside the JVM waits for it). Returns R², 0 if no
// fit was tried.
double AttributeOffCpu(std::span<Parts> tasks, std::span<const OffCpuCauses> causes, bool external);

// Least squares with coefficients >= 0 of y on the columns of x (each as long as y), by coordinate descent; the R² of
// it is 1 - residual ÷ variance of y, 0 for a constant y. Columns that are constant get 0.
struct NonNegativeFit {
  std::vector<double> coefficients;  // one a column, then the constant (which may be of any sign, clipped to >= 0)
  double r_squared = 0;
};
NonNegativeFit FitNonNegative(std::span<const std::vector<double>> columns, std::span<const double> y);

}  // namespace advise::cost
