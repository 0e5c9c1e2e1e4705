// Splits the time of task attempts into components and attributes what is left over by non-negative least squares.
#include "cost/components.h"

#include <algorithm>
#include <cmath>

namespace advise::cost {
namespace {

constexpr double kAcceptedFit = 0.3;     // R² from which a share is believed
constexpr std::size_t kTasksForFit = 8;  // four unknowns and some to spare
constexpr int kDescentRounds = 200;      // more than enough for four columns

double NotBelowZero(double value) { return std::isnan(value) ? 0 : std::max(0.0, value); }

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// The column less its mean, divided by its standard deviation; empty if it is constant.
struct Standardised {
  std::vector<double> values;
  double mean = 0;
  double scale = 0;
};
Standardised Standardise(std::span<const double> column) {
  Standardised result;
  result.mean = Mean(column);
  double square = 0;
  for (const double value : column) square += (value - result.mean) * (value - result.mean);
  result.scale = std::sqrt(square / static_cast<double>(std::max<std::size_t>(1, column.size())));
  if (result.scale <= 1e-9 * std::max(1.0, std::abs(result.mean))) {
    result.scale = 0;
    return result;
  }
  for (const double value : column) result.values.push_back((value - result.mean) / result.scale);
  return result;
}

}  // namespace

std::string_view ComponentName(Component component) {
#define ADVISE_COST_TEXT(name, text, evidence) text,
  static constexpr std::string_view kNames[] = {ADVISE_COST_COMPONENTS(ADVISE_COST_TEXT)};
#undef ADVISE_COST_TEXT
  return kNames[At(component)];
}

Evidence EvidenceOf(Component component) {
#define ADVISE_COST_EVIDENCE(name, text, evidence) Evidence::evidence,
  static constexpr Evidence kEvidence[] = {ADVISE_COST_COMPONENTS(ADVISE_COST_EVIDENCE)};
#undef ADVISE_COST_EVIDENCE
  return kEvidence[At(component)];
}

Parts Decompose(const TaskTimes& times, bool& clipped) {
  clipped = false;
  std::array<double, kComponents> parts{};
  const double duration = std::max(0.0, times.duration);
  if (std::isnan(times.run)) {
    parts[At(Component::Unknown)] = duration;
  } else {
    const double run = NotBelowZero(times.run);
    const double cpu = std::min(NotBelowZero(times.cpu), run);
    const double fetch = std::min(NotBelowZero(times.fetch_wait), run - cpu);
    const double gc = std::min(NotBelowZero(times.gc), run - cpu - fetch);
    const double off = run - cpu - fetch - gc;
    const double write = std::min(NotBelowZero(times.shuffle_write), off);
    parts[At(Component::Cpu)] = cpu;
    parts[At(Component::FetchWait)] = fetch;
    parts[At(Component::Gc)] = gc;
    // Without processor time the write time is part of what nobody measured, and cannot be told from it.
    parts[At(Component::ShuffleWrite)] = std::isnan(times.cpu) ? 0 : write;
    parts[At(Component::OffCpu)] = off - parts[At(Component::ShuffleWrite)];
    parts[At(Component::Deserialize)] = NotBelowZero(times.deserialize);
    parts[At(Component::ResultSerialization)] = NotBelowZero(times.result_serialization);
    parts[At(Component::GettingResult)] = NotBelowZero(times.getting_result);
    double sum = 0;
    for (const double part : parts) sum += part;
    if (sum > duration) {
      clipped = sum > 1.05 * duration + 5;  // ms fields round
      for (double& part : parts) part *= sum > 0 ? duration / sum : 0;
    } else {
      parts[At(Component::Scheduler)] = duration - sum;
    }
  }
  Parts result{};
  for (std::size_t i = 0; i < kComponents; ++i) result[i] = static_cast<float>(parts[i]);
  return result;
}

NonNegativeFit FitNonNegative(std::span<const std::vector<double>> columns, std::span<const double> y) {
  NonNegativeFit fit;
  fit.coefficients.assign(columns.size() + 1, 0);
  const Standardised target = Standardise(y);
  fit.coefficients.back() = std::max(0.0, target.mean);
  if (target.scale == 0) return fit;
  std::vector<Standardised> x;
  for (const std::vector<double>& column : columns) x.push_back(Standardise(column));
  const double n = static_cast<double>(y.size());
  std::vector<double> residual = target.values;
  std::vector<double> beta(columns.size(), 0);
  for (int round = 0; round < kDescentRounds; ++round) {
    double moved = 0;
    for (std::size_t c = 0; c < x.size(); ++c) {
      if (x[c].scale == 0) continue;
      double gradient = 0;
      for (std::size_t i = 0; i < residual.size(); ++i) gradient += x[c].values[i] * residual[i];
      const double next = std::max(0.0, beta[c] + gradient / n);
      const double step = next - beta[c];
      if (step == 0) continue;
      for (std::size_t i = 0; i < residual.size(); ++i) residual[i] -= step * x[c].values[i];
      beta[c] = next;
      moved = std::max(moved, std::abs(step));
    }
    if (moved < 1e-6) break;
  }
  double left = 0;
  for (const double value : residual) left += value * value;
  fit.r_squared = std::clamp(1 - left / n, 0.0, 1.0);
  double constant = target.mean;
  for (std::size_t c = 0; c < x.size(); ++c) {
    if (x[c].scale == 0) continue;
    fit.coefficients[c] = beta[c] * target.scale / x[c].scale;
    constant -= fit.coefficients[c] * x[c].mean;
  }
  fit.coefficients.back() = std::max(0.0, constant);
  return fit;
}

double AttributeOffCpu(std::span<Parts> tasks, std::span<const OffCpuCauses> causes, bool external) {
  const auto leave = [&] {
    if (!external) return;
    for (Parts& parts : tasks) {
      parts[At(Component::External)] += parts[At(Component::OffCpu)];
      parts[At(Component::OffCpu)] = 0;
    }
  };
  if (tasks.size() < kTasksForFit) {
    leave();
    return 0;
  }
  std::vector<std::vector<double>> columns(3);
  std::vector<double> off;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    columns[0].push_back(causes[i].input_bytes);
    columns[1].push_back(causes[i].spilled_bytes);
    columns[2].push_back(external ? causes[i].external_records : 0);
    off.push_back(tasks[i][At(Component::OffCpu)]);
  }
  const NonNegativeFit fit = FitNonNegative(columns, off);
  if (fit.r_squared >= kAcceptedFit) {
    constexpr Component kTargets[] = {Component::Input, Component::Spill, Component::External};
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      double share[3];
      double sum = 0;
      for (std::size_t c = 0; c < 3; ++c) sum += share[c] = fit.coefficients[c] * columns[c][i];
      const double factor = sum > off[i] ? off[i] / sum : 1;
      double left = off[i];
      for (std::size_t c = 0; c < 3; ++c) {
        tasks[i][At(kTargets[c])] += static_cast<float>(share[c] * factor);
        left -= share[c] * factor;
      }
      tasks[i][At(Component::OffCpu)] = static_cast<float>(std::max(0.0, left));
    }
  }
  leave();
  return fit.r_squared;
}

}  // namespace advise::cost
