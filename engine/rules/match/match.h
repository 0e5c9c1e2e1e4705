// The one place where rules meet a job: evaluates a RuleSet over a JobModel, stratum by stratum.
//
// Logic is three-valued: a comparison with a missing value is unknown, and a rule reports only what is true. What is
// unknown is counted and the missing inputs are named (RuleOutcome). A match is keyed by the head of its rule; other
// variables are existential, and the best witness (first evidence expression, descending, then rows) supplies the
// texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "rules/plan/lower.h"
#include "rules/plan/rule_set.h"
#include "support/limits.h"
#include "support/typed_value.h"

namespace advise::rules {

class Evaluation;  // evaluation.h

struct EvidenceValue {
  std::string name;  // as written in the rule: "max(r)"
  TypedValue value;
};
struct ChangeValue {
  ChangeKind kind = ChangeKind::Conf;
  std::string key;  // the setting, or the word of the rule
  std::optional<TypedValue> value;
  std::vector<TextSegment> text;  // instead of a value
  Scope scope = Scope::Unstated;
};
// One condition of the rule with the values that made it true.
struct ConditionValue {
  std::string text;
  std::optional<TypedValue> left;  // of a comparison
  std::optional<TypedValue> right;
};
// A look-alike that was tested and is not there.
struct RuledOutValue {
  std::string rule;                  // qualified name; empty: `phrase` stands instead
  std::string phrase;                // in the words of the rule
  std::vector<TextSegment> because;  // empty: the values of the conditions say it
  std::vector<ConditionValue> conditions;
};
struct MatchRelation {
  ast::Relation relation = ast::Relation::Requires;
  std::uint32_t match = 0;  // in MatchResults::matches
};

inline constexpr std::uint32_t kUnboundSlot = 0xffffffff;

struct Match {
  RuleIndex rule = 0;
  std::vector<std::uint32_t> head;     // one a head slot: a row of its entity, or an index in MatchResults::groups
  std::vector<std::uint32_t> witness;  // one a slot of the rule; kUnboundSlot where it has no row of its own
  double confidence = kConfidenceHigh;
  std::optional<Severity> severity;     // the bound that the rule states
  std::vector<std::uint32_t> reads;     // matches of lower rules that `for` joined, ascending
  std::vector<std::uint32_t> explains;  // matches folded under this one, ascending
  std::vector<MatchRelation> relations;
  std::optional<double> costs_ms;  // wall time at stake; nullopt: not stated, or missing
  std::string suppressed;          // the reason, if a suppression or a disabled rule hides it; empty: shown
  bool is_suppressed = false;

  // Filled unless MatchOptions::texts is false.
  std::vector<EvidenceValue> evidence;
  std::vector<TextSegment> title;
  std::vector<TextSegment> message;
  std::vector<TextSegment> fix;
  std::vector<ChangeValue> changes;
  std::vector<ConditionValue> conditions;
  std::vector<RuledOutValue> ruled_out;
};

// Rows that agree in the keys of a `group by`; equal groups of different rules are one.
struct GroupRow {
  metrics::Entity entity = metrics::Entity::App;
  std::vector<TypedValue> keys;
  std::vector<std::uint32_t> members;  // ascending
};

struct MissingInput {
  std::string name;  // "Executor.peak_heap_used", `conf "spark.…"`
  std::string why;
  friend bool operator==(const MissingInput&, const MissingInput&) = default;
};

enum class OutcomeKind : std::uint8_t {
  Evaluated,
  NotApplicable,  // `applies when` is false for the whole application
  NeedsMissing,   // an attribute of `needs` is in no row
  TooMany,        // given up: more than Limits allow; what was found until then is dropped
};
// Of what a rule that was given up took too much.
enum class Excess : std::uint8_t {
  Steps,      // rows, members and findings to look at
  Findings,   // of its own
  PackSteps,  // the rules before it took what was left for all
  PackFindings,
};
struct RuleOutcome {
  OutcomeKind kind = OutcomeKind::Evaluated;
  std::size_t matches = 0;
  // Heads for which the condition is unknown. Those that lack no input (a division by zero, the mean of an empty set)
  // count too, but name nothing in `missing`.
  std::size_t unknown = 0;
  bool all_unknown = false;             // for every head, because what it reads is
  std::vector<MissingInput> missing{};  // by name
  Excess excess = Excess::Steps;        // of TooMany
};

// Another value of a parameter than the rules have it.
struct ParamOverride {
  std::uint32_t param = 0;  // in BoundRules::params
  double number = 0;        // base units; Bool: 0 or 1
  std::string text{};       // of texts
};
// A finding that is there whatever the rule says: its other variables have no rows, so what hangs on them is missing.
struct GivenHead {
  RuleIndex rule = 0;
  // Rows; for a group one of its members: it is of all rows that agree with it in the keys, of itself where one is
  // missing.
  std::vector<std::uint32_t> head;
};

struct MatchOptions {
  bool texts = true;
  Limits limits;
  std::vector<ParamOverride> params{};
  std::vector<GivenHead> findings{};
};

// What a suppression did on this log.
struct SuppressionUse {
  std::size_t hidden = 0;
  bool lapsed = false;    // its `until` is before the end of the log
  bool given_up = false;  // its condition took too many steps: it hides nothing
};

struct MatchResults {
  std::vector<Match> matches{};         // by rule, then head
  std::vector<RuleOutcome> outcomes{};  // one a rule of the set
  std::vector<GroupRow> groups{};
  std::vector<SuppressionUse> suppressions{};  // one a suppression of the set
  std::vector<RuleIndex> enabled_again{};      // rules whose `disable … until` has lapsed
  std::uint64_t steps = 0;                     // that were taken in all
  std::shared_ptr<Evaluation> evaluation{};    // what was computed on the way, for further questions
};

MatchResults MatchAll(const RuleSet& set, const model::JobModel& model, const MatchOptions& options = {});

// "spark.core.skewed_join(12.0, 3/7)"; without arguments "spark.core.over_provisioned()".
std::string MatchId(const RuleSet& set, const model::JobModel& model, const MatchResults& results, const Match& match);

// Evaluates further expressions for a match: the holes of explain templates, `why`. The results, and what they are of,
// outlive it. One at a time: it goes on with the evaluation of the results.
class MatchReader {
 public:
  explicit MatchReader(const MatchResults& results);
  ~MatchReader();

  // `slots`: those of the match's rule, then what the expression added (BindRuleTexts). Missing if it takes more steps
  // than a rule may.
  [[nodiscard]] TypedValue Value(const Match& match, const BoundExpr& expr, const std::vector<Slot>& slots) const;

 private:
  Evaluation& evaluation_;
  mutable std::unique_ptr<LateLowerer> late_;  // once it is needed
};

}  // namespace advise::rules
