// A recommendation: what to change, for which findings, and how. Plain data after the JSON contract of `analyze`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/effect.h"
#include "model/entity.h"
#include "rules/words.h"
#include "spark/effective.h"
#include "spark/values.h"

namespace advise::recommend {

using rules::ChangeKind;
using rules::Grade;
using rules::Scope;

struct Change {
  ChangeKind kind = ChangeKind::Conf;
  std::string key;  // the setting; the word of the rule's `change` clause otherwise ("sql", "executors")
  // Of settings alone: the value in force where the advice's subject ran (model::EffectiveSetting). nullopt: none,
  // unknown, or different in its queries.
  std::optional<spark::SettingValue> from{};
  spark::ValueOrigin origin = spark::ValueOrigin::None;  // where `from` stands: a session, the application, a default
  spark::SettingValue to{};       // the new value; of other kinds a text: what to paste, or a number in words
  Scope scope = Scope::Unstated;  // where to change it; Unstated for code and query
};

// Wall time saved, in ms.
struct Interval {
  std::int64_t low = 0;
  std::int64_t mid = 0;
  std::int64_t high = 0;
};
struct Saving {
  Interval alone;
  Interval in_plan;  // at its step of the plan, on top of the steps before it; all 0: not in the plan
  double share = 0;  // its fair share of the joint saving (Shapley), 0..1; they add up to 1
};

// Why a recommendation is not chosen.
enum class Rejection : std::uint8_t {
  None,
  Impossible,   // Spark's version does not know it, or the run has it already
  Contradicts,  // another one sets the same to another value: an alternative
  Pinned,       // the user keeps it as it is
  Plan,         // predicted: it adds nothing, does harm, or an alternative is better
};

struct Recommendation {
  std::string id;                         // "spark.core.aqe_skew_join(12.0,3/7)"
  std::string rule;                       // "spark.core.aqe_skew_join"
  std::vector<std::size_t> for_findings;  // in Diagnosis::findings, each once
  std::string title;                      // imperative, without full stop; empty: `fix` is short enough
  std::string fix;
  std::vector<Change> changes;
  Grade effort = Grade::Unstated;
  Grade risk = Grade::Unstated;
  std::optional<Saving> saving;               // nullopt: not estimated
  std::optional<std::string> evidence_class;  // "A" to "E"
  std::string not_estimated;                  // why there is no saving; a sentence without full stop, or empty
  // Whether it is part of what to do. If not, `reason` says why: "spark.sql.shuffle.partitions = 960 of … is larger".
  bool chosen = true;
  std::string reason;
  Rejection rejection = Rejection::None;
  std::size_t match = 0;  // which match of MatchResults it is; for explanations
  // Whose settings it speaks of (rules::QuerySlot): these rows and their queries; none: the application.
  model::Entity subject = model::Entity::App;
  std::vector<std::uint32_t> subject_rows;
  // What it would do to the run, of all matches that were joined in it, each once.
  std::vector<model::Effect> effects;
  bool for_cost = false;  // it is meant to save money, not time
};

}  // namespace advise::recommend
