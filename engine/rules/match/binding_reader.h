// Evaluates further expressions for rows that need not be a match: candidates that a rule rejects, rows of a query. One
// at a time: it goes on with the evaluation of the results.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "rules/match/match.h"
#include "rules/match/values.h"

namespace advise::rules {

class BindingReader {
 public:
  // `groups`: those that rows of groups are numbers of. Both outlive it, and so do the rules and the model.
  BindingReader(const MatchResults& results, const std::vector<GroupRow>& groups);
  ~BindingReader();
  BindingReader(const BindingReader&) = delete;
  BindingReader& operator=(const BindingReader&) = delete;

  // `rows`: one a slot of the rule; `slots`: those of the rule to which the expression belongs. What takes more steps
  // than a question may is missing, and unknown.
  TypedValue Value(std::span<const std::uint32_t> rows, const BoundExpr& expr, const std::vector<Slot>& slots);
  Truth Test(std::span<const std::uint32_t> rows, const BoundExpr& condition, const std::vector<Slot>& slots);
  // nullopt: missing.
  std::optional<double> Number(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                               const std::vector<Slot>& slots);
  // The inputs without which the expression is missing or unknown, each once.
  std::vector<MissingInput> Missing(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                                    const std::vector<Slot>& slots);

 private:
  Output Prepare(std::span<const std::uint32_t> rows, const BoundExpr& expr, const std::vector<Slot>& slots);

  Evaluation& evaluation_;
  const MatchResults& results_;
  LateLowerer late_;
};

}  // namespace advise::rules
