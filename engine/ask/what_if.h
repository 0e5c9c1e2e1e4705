// What-if questions, whoever asks them: the command line, the HTTP API, assistants. Each reads its own form into a
// WhatIfAsked; what is wrong with it, and what it means for a run, is decided here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ask/effect_text.h"
#include "cost/whatif.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"

namespace advise::ask {

// The changes in the words of the user, all of them together. What is empty is not changed.
struct WhatIfAsked {
  std::vector<std::pair<std::string, std::string>> settings;  // key, value as spark-submit takes it
  std::optional<std::string> cores;                           // spark.executor.cores
  std::optional<std::string> memory;                          // spark.executor.memory
  // Several values: one after the other. Not of both.
  std::vector<double> executors;
  std::vector<double> partitions;
  std::vector<std::pair<std::string, std::string>> joins;  // "broadcast" or "sort-merge", and a place: "12", "0/17"
  std::vector<std::int64_t> split;                         // stages
  std::vector<std::int64_t> salted;
  std::vector<std::int64_t> cached;
  std::optional<std::string> files;  // size of the files that are read: "128m"
  std::vector<std::int64_t> dropped;
  std::vector<std::string> effects;  // of the rule language
  std::vector<std::string> steps;    // of the report's plan: numbers from 1, or ids of recommendations
};

// The words of `joins`, for messages and schemas.
inline constexpr std::string_view kJoinWays[] = {"broadcast", "sort-merge"};

// "8", "2,4,8", or a range: "2..40". Ranges of up to 16 numbers have each; longer ones grow by equal ratios. Errors
// (Usage): it is none of these; `name` says of what.
Result<std::vector<double>> ParseCounts(std::string_view text, std::string_view name);

// A question that can be asked: checked, its effects compiled.
class WhatIfQuestion {
 public:
  // Errors: Usage for no change at all, a way to join or a size that is none, two sweeps, and an effect that is too
  // long; the code of its first diagnostic for an effect that does not compile (reported). `sources` outlives the
  // question.
  static Result<WhatIfQuestion> Make(WhatIfAsked asked, SourceManager& sources, Diagnostics& diagnostics);

  [[nodiscard]] const WhatIfAsked& asked() const { return asked_; }

  // What it means for a run. `recommendations` and `steps` of their plan are looked at only if steps were asked for.
  // A change that this run cannot have is one that is refused.
  [[nodiscard]] cost::WhatIfSets SetsFor(const model::JobModel& model, const cost::Workload& run,
                                         const std::vector<recommend::Recommendation>& recommendations,
                                         const std::vector<plan::PlanStep>& steps) const;

 private:
  WhatIfQuestion(WhatIfAsked asked, double file_bytes, EffectTexts effects)
      : asked_(std::move(asked)), file_bytes_(file_bytes), effects_(std::move(effects)) {}

  WhatIfAsked asked_;
  double file_bytes_;  // 0: not asked
  EffectTexts effects_;
};

}  // namespace advise::ask
