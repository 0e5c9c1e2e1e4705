// A finding: what a rule says about this run, with its evidence. Plain data after the JSON contract of `analyze`.
// (A Diagnostic, in contrast, is about the user's input to advise.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diagnose/claims.h"
#include "model/entity.h"
#include "rules/words.h"

namespace advise::diagnose {

using rules::Category;
using rules::Layer;
using rules::Severity;

// A value with its printed form. At most one of number and text_value is set; neither: missing.
struct Evidence {
  std::string name;              // as the rule wrote it: "max(r)"
  std::optional<double> number;  // in `unit`
  std::optional<std::string> text_value;
  std::string unit;  // "B", "ms", "slot ms", "share", "count" …; empty for texts
  std::string text;  // as printed: "9.0 GiB"
};

// One entity of the finding's head: {role "stage", key "12.0", …}. `number` is Spark's id where that is a number. Of a
// group the role ends in "_group", the key is that of the group ("planning"), and the row that of its first member.
struct SubjectPart {
  std::string role;  // "stage", "node", "sql_execution", "job", "executor" …
  model::Entity entity = model::Entity::App;
  std::uint32_t row = 0;
  std::string key;  // metrics::EntityKey
  std::optional<std::int64_t> number;
  bool group = false;
};

// What the finding costs at most, ms: what its rule says (`costs`), clipped to the accounts of the ledger that it
// names; of a rule that says nothing the time of its subject on the critical path. No high: not known where the time of
// the subject lies; and more where a remedy that does something beside it saves more by simulation. low and mid: what its
// best remedy saves by simulation (plan/rank_by_saving.h), never above high; 0 and none until that is known, and where a
// remedy of it cannot be simulated.
struct Impact {
  std::int64_t low = 0;
  std::optional<std::int64_t> mid;
  std::optional<std::int64_t> high;
};

// A look-alike that was tested and excluded.
struct RuledOut {
  std::string rule;                // qualified: "spark.core.gc_heavy"; empty: `phrase` stands instead
  std::string because;             // "1 % of task time"
  std::string phrase{};            // "one bad record"
  std::vector<Evidence> values{};  // of what was tested, by condition: "s.gc_share < 10%" is 0.01
};

// Piece of the critical path: a stage attempt or a gap. Two findings over the same pieces must not be added up.
using PathPiece = std::pair<model::Entity, std::uint32_t>;

struct Finding {
  std::string id;                          // "spark.core.skewed_join(12.0,3/7)": rule and keys of its head
  std::string rule;                        // "spark.core.skewed_join"
  Layer layer = Layer::Cause;              // never Advice
  Category category = Category::Unstated;  // what kind of trouble
  Severity severity = Severity::Info;
  // The rule's `severity` clause: never more severe than that (DeriveSeverity).
  std::optional<Severity> severity_bound;
  std::optional<double> confidence;  // 0..1
  std::vector<SubjectPart> subject;
  std::string title;  // a full sentence without a full stop
  std::string message;
  std::vector<Evidence> evidence;
  Impact impact;
  std::vector<PathPiece> path;  // where on the critical path it lies
  // What impact.high is, and where it lies in the ledger. nullopt: no high, or the log has no ledger.
  std::optional<Cost> cost;
  // Of a finding that is not folded: what it holds of the ledger. No two findings hold the same time.
  std::optional<ClaimedCost> claim;
  std::optional<std::string> inside;  // where it holds less than it costs: the id of the finding that holds most of it
  std::vector<std::string> explains;  // ids of findings folded under this one
  std::optional<std::string> explained_by;
  std::vector<RuledOut> ruled_out;
  std::size_t match = 0;  // which match of MatchResults it is; for explanations
};

}  // namespace advise::diagnose
