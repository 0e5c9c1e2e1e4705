// Wall time per phase of the program, for --timings (standard error only: times never reach the report).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace advise {

class PhaseTimes {
 public:
  struct Phase {
    std::string_view name;
    double milliseconds = 0;
  };
  void Add(std::string_view name, double milliseconds) { phases_.push_back({name, milliseconds}); }
  [[nodiscard]] const std::vector<Phase>& phases() const { return phases_; }
  // A table, one phase a line, with the total.
  [[nodiscard]] std::string Print() const;

 private:
  std::vector<Phase> phases_;
};

// Adds the time from its construction to its end as one phase. `name` must be a literal.
class PhaseTimer {
 public:
  PhaseTimer(PhaseTimes& times, std::string_view name)
      : times_(times), name_(name), start_(std::chrono::steady_clock::now()) {}
  PhaseTimer(const PhaseTimer&) = delete;
  PhaseTimer& operator=(const PhaseTimer&) = delete;
  ~PhaseTimer() {
    times_.Add(name_, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count());
  }

 private:
  PhaseTimes& times_;
  std::string_view name_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace advise
