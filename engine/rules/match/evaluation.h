// One log under evaluation: runs instructions of the program over the model, and keeps what it has computed. The
// program is const and may serve many evaluations at once; an evaluation belongs to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "metrics/evaluate.h"
#include "metrics/sql_metric_values.h"
#include "model/effective_setting.h"
#include "rules/functions/regex.h"
#include "rules/match/edge_index.h"
#include "rules/match/finding_table.h"
#include "rules/match/match.h"
#include "rules/match/row_mask.h"
#include "rules/match/values.h"
#include "rules/plan/rule_set.h"

namespace advise::rules {

// Rows that a pattern variable may have.
// Evaluation::Allow for one question about the results; rules have a budget of their own (Limits).
inline constexpr std::uint64_t kQuestionSteps = 10'000'000;

struct DomainRows {
  std::vector<std::uint32_t> rows;  // ascending
  Bits bits;                        // set for them; as long as the entity has rows
};

// Rows by the value of a function of them.
struct KeyIndex {
  std::unordered_map<std::string_view, std::uint64_t> texts;  // in the order in which they are met
  std::vector<std::pair<std::uint64_t, std::uint32_t>> rows;  // (key, row), ascending
  std::vector<std::uint32_t> missing;                         // whose value is missing

  // nullopt: a text that no row has.
  [[nodiscard]] std::optional<std::uint64_t> KeyOf(const Value& value) const;
};

// Thrown when a rule takes more than it may; caught where the rule is evaluated.
struct GivenUp {
  Excess excess = Excess::Steps;
};

class Evaluation {
 public:
  // Set and model outlive it. `params`: other values of parameters.
  Evaluation(const RuleSet& set, const model::JobModel& model, const std::vector<ParamOverride>& params = {});
  // Goes on with code that extends that of the set (LateLowerer), which outlives the next call.
  void Use(const Code& code);
  // What the instructions read besides the model; it outlives the next call.
  void Read(const std::vector<GroupRow>& groups, const MatchResults& results);

  // Instructions. `self`: the row of which the instruction is a function.
  Truth Test(Ref ref, std::uint32_t self = kUnboundSlot);
  double Number(Ref ref, std::uint32_t self = kUnboundSlot);  // NaN: missing
  Value Eval(Ref ref, std::uint32_t self = kUnboundSlot);
  [[gnu::always_inline]] std::uint32_t Row(Ref ref, std::uint32_t self = kUnboundSlot) {  // kUnboundSlot: missing
    const Instruction& i = code_->instructions[ref];
    return i.op == Op::Variable ? variables_[i.variable] : RowOf(ref, self);
  }
  // nullopt: unknown which members there are.
  std::optional<std::vector<std::uint32_t>> Rows(Ref ref, std::uint32_t self = kUnboundSlot);
  TypedValue Typed(const Output& output);
  std::vector<TextSegment> Text(const OutputText& text);

  // From now on so many steps may be taken; each row, member or finding that is looked at is one.
  void Allow(std::uint64_t steps) {
    allowed_ = steps;
    taken_ = 0;
  }
  void Take(std::uint64_t steps) {
    taken_ += steps;
    if (taken_ > allowed_) throw GivenUp();
  }
  [[nodiscard]] std::uint64_t taken() const { return taken_; }
  // What the matcher took for each rule; one a rule.
  std::vector<std::uint64_t>& steps_of_rules() { return steps_of_rules_; }

  // Rows that the variables have at the moment; all others are unbound.
  std::uint32_t& At(VariableIndex variable) { return variables_[variable]; }
  void Bind(std::span<const std::uint32_t> rows);
  [[nodiscard]] std::span<const std::uint32_t> Bound(std::size_t count) const {
    return std::span(variables_).first(count);
  }

  // The rows that pass all tests of a scan; kept until they are forgotten.
  const RowMask& Candidates(const Step& scan);
  // The same of a step along an edge, if its tests are worth being made for all rows; else null.
  const RowMask* Targets(const Step& follow);
  void Forget(const Plan& plan);
  const DomainRows& DomainOf(std::uint32_t domain);
  // The other ends of an edge, ascending; a row as often as edges lead there.
  NeighbourList Neighbours(const Step& step, std::uint32_t row) {
    if (step.hops || step.kinds.size() != 1) return MakeNeighbours(step, row);
    return NeighbourList(step.forward ? edges_.From(step.kinds[0], row) : edges_.To(step.kinds[0], row));
  }
  // Rows of a scan with a key, ascending: those that have it, and those whose key is missing. nullopt: what they should
  // equal is missing itself.
  std::optional<std::vector<std::uint32_t>> Joined(const Step& scan, std::uint32_t self);
  FindingsOfRule& FindingsOf(RuleIndex rule) { return findings_[rule]; }
  std::vector<std::uint32_t> Find(FindingTable& table, std::span<const std::uint32_t> arguments);
  bool Contains(FindingTable& table, std::span<const std::uint32_t> arguments);

  // While set, missing inputs that are met are added (each once).
  void CollectMissing(std::vector<MissingInput>* sink) { sink_ = sink; }
  [[nodiscard]] bool collects_missing() const { return sink_ != nullptr; }
  [[nodiscard]] const RuleSet& set() const { return set_; }
  [[nodiscard]] const model::JobModel& model() const { return model_; }

 private:
  std::uint32_t RowOf(Ref ref, std::uint32_t self);
  NeighbourList MakeNeighbours(const Step& step, std::uint32_t row);
  double ColumnValue(const Instruction& column, std::uint32_t self);
  void Keep(std::uint32_t column, std::uint32_t row, double value);
  double Encoded(Ref ref, std::uint32_t self);
  // The values of the members, NaN: missing. False: it is unknown which members there are.
  bool Collect(Ref collect, std::uint32_t self, std::vector<double>& values);
  // What a distribution has for its members: an attribute, or a SQL metric.
  void ReadNumbers(const Instruction& collect, std::span<const std::uint32_t> rows, std::span<double> out) const;
  [[nodiscard]] metrics::SqlMetric MetricOf(const Instruction& instruction) const;
  void FillDistribution(const Distribution& distribution, std::uint32_t row);
  double Aggregate(const Instruction& aggregate, std::span<double> values, std::size_t members);
  double CountValues(const Instruction& collect, std::uint32_t self);
  double CountDistinct(const Instruction& collect, std::uint32_t self);
  double Slope(Ref collect, std::uint32_t self);
  double Series(const Instruction& series);
  Value Histogram(Ref collect, std::uint32_t self);
  Truth Compare(const Instruction& compare, std::uint32_t self);
  Truth AnyAll(const Instruction& call, std::uint32_t self);
  Truth AtomHolds(const Instruction& atom, std::uint32_t self);
  Value Attribute(const Instruction& attribute, std::uint32_t self);
  [[nodiscard]] Value ValueOf(metrics::AttributeId attribute, std::uint32_t row) const;
  Value Setting(const Instruction& setting, std::uint32_t self);
  spark::EffectiveValue InForce(const Instruction& setting, std::uint32_t self);
  std::optional<std::vector<std::uint32_t>> Arguments(const Instruction& atom, std::uint32_t self);
  std::uint32_t WitnessRow(const Instruction& witness, std::uint32_t self);
  bool IsMissing(Ref ref, std::uint32_t self);
  std::optional<std::vector<std::uint32_t>> MakeRows(const Instruction& set, std::uint32_t self);
  template <class T>
  std::vector<T> ForMembers(const Instruction& function, std::uint32_t self, std::span<const std::uint32_t> rows);

  struct PatternCount {
    std::size_t holds = 0;
    bool unknown = false;
  };
  PatternCount CountPattern(const Plan& plan, std::uint32_t self, bool stop_at_first);

  // Functions of one row for many rows at once; as many values as rows.
  void Numbers(Ref ref, std::span<const std::uint32_t> rows, std::span<double> out);
  void Tests(Ref ref, std::span<const std::uint32_t> rows, std::span<Truth> out);
  // Closes the rows of a scan for which the test is false.
  void Apply(Ref test, RowMask& mask);
  bool ApplyCoded(Ref test, metrics::Entity entity, RowMask& mask);
  std::optional<RowMask> MakeTargets(const Step& follow);

  void Miss(metrics::AttributeId attribute);
  void MissValue(const Instruction& collect);  // of a distribution or a SQL metric
  void Miss(const MissingInput& input);
  std::string Key(const Output& output, std::uint32_t row) const;

  const RuleSet& set_;
  const Code* code_;
  const model::JobModel& model_;
  std::vector<ParamOverride> params_;  // the values in force: one a parameter
  const std::vector<GroupRow>* groups_ = nullptr;
  const MatchResults* results_ = nullptr;
  std::vector<FindingsOfRule> findings_;
  std::vector<std::uint32_t> variables_;
  EdgeIndex edges_;
  std::vector<std::vector<double>> columns_;  // one a derived column; empty: not asked yet
  struct LastRows {
    std::uint32_t self = kUnboundSlot;
    std::optional<std::vector<std::uint32_t>> rows;
  };
  // The chain asked for last: its conditions and texts ask one after the other.
  struct LastChain {
    std::uint32_t pattern = kNone;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::vector<std::uint32_t> edges;
  };
  LastChain last_chain_;
  std::map<std::pair<std::uint32_t, metrics::SqlMetricKind>, std::string> why_missing_;  // SQL metrics, by text
  std::unordered_map<metrics::AttributeId, MissingInput> missed_;  // attributes, as they are named
  std::unordered_map<Ref, LastRows> last_rows_;  // several values of one row often look at the same set
  std::vector<std::unique_ptr<DomainRows>> domains_;
  std::unordered_map<const Step*, RowMask> candidates_;
  std::unordered_map<const Step*, std::optional<RowMask>> targets_;  // nullopt: not worth it
  std::pair<const Step*, const RowMask*> last_targets_{};  // most walks ask for no others
  std::unordered_map<Ref, std::vector<double>> thresholds_;  // with which the scans compare a number
  std::unordered_map<Ref, std::unique_ptr<CodedColumn>> coded_;
  std::map<std::pair<Ref, std::uint32_t>, std::unique_ptr<KeyIndex>> keys_;  // by key and domain
  // By setting: its value in force in each SQL execution, and at the end that of the application; computed when asked.
  std::unordered_map<std::uint32_t, std::vector<std::optional<spark::EffectiveValue>>> settings_;
  std::unordered_map<std::uint32_t, Regex> regexes_;                     // by text
  std::set<std::string> texts_;                                          // made here; values view into them
  std::optional<std::vector<std::pair<double, double>>> running_tasks_;  // (value, ms), ascending by value
  std::vector<MissingInput>* sink_ = nullptr;
  std::uint64_t allowed_ = 0;
  std::uint64_t taken_ = 0;
  std::vector<std::uint64_t> steps_of_rules_;
};

}  // namespace advise::rules
