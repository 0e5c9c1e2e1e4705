// Which rows of the model an expression of a matched rule speaks of: `s`, `s.parents`, `k` of a group. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/entity.h"
#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::diagnose {

// Rows of one entity; ascending, each once.
struct Rows {
  model::Entity entity = model::Entity::App;
  std::vector<std::uint32_t> rows;
};

// What to do with a set that conditions narrow (`s.tasks[…]`, `top(…)`): which members they keep is not in the match.
enum class Narrowed : std::uint8_t {
  Refuse,    // not known
  TakeWhole  // the set before they narrow it
};

// nullopt: not an entity or a set of them, a variable that the match does not bind, or a narrowed set that is refused.
std::optional<Rows> RowsOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                           const model::JobModel& model, const rules::BoundExpr& expr, Narrowed narrowed);

// The same of a variable of the rule.
std::optional<Rows> RowsOfSlot(const rules::RuleSet& rules, const rules::MatchResults& results,
                               const rules::Match& match, rules::SlotIndex slot);

}  // namespace advise::diagnose
