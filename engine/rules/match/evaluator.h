// Evaluates bound expressions in a frame of rows: the slow, general path of the matcher. What it computes of one row of
// a derived column it keeps; of distributions it keeps the last one, because a rule asks p50, max and share of the
// same.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "metrics/evaluate.h"
#include "model/effective_setting.h"
#include "rules/functions/regex.h"
#include "rules/match/edge_index.h"
#include "rules/match/finding_table.h"
#include "rules/match/values.h"

namespace advise::rules {

// Rows that a pattern variable may have.
struct Domain {
  std::vector<std::uint32_t> rows;  // ascending
  std::vector<std::uint8_t> mask;   // 1 for them; as long as the entity has rows
};

class Evaluator {
 public:
  Evaluator(const RuleSet& set, const model::JobModel& model, const std::vector<GroupRow>& groups,
            std::vector<FindingsOfRule>& findings, const std::vector<RuleOutcome>& outcomes,
            const std::vector<Match>& matches);

  Truth Test(const BoundExpr& condition, Frame& frame);
  Value Eval(const BoundExpr& expr, Frame& frame);
  double Number(const BoundExpr& expr, Frame& frame);  // NaN: missing
  // nullopt: unknown which members there are.
  std::optional<std::vector<std::uint32_t>> Members(const BoundExpr& set, Frame& frame);
  TypedValue Typed(const BoundExpr& expr, Frame& frame);

  // All values of a cheap derived column at once; NaN: missing.
  const std::vector<double>& Dense(std::size_t column);
  // The slot must live as long as the evaluator.
  const Domain& DomainOf(const Slot& slot);
  // The other ends of an edge; each row once, unless the edge has a variable of its own.
  NeighbourList Neighbours(const PatternEdge& edge, std::uint32_t row, bool forward);

  // While set, missing inputs that are met are added (each once).
  void CollectMissing(std::vector<MissingInput>* sink) { sink_ = sink; }
  [[nodiscard]] const model::JobModel& model() const { return model_; }

 private:
  struct Distribution {
    std::uint32_t row = kUnboundSlot;  // of which it is
    bool known = false;
    bool sorted = false;
    std::vector<double> all;        // one a member; NaN: missing
    std::vector<double> ascending;  // known ones; sorted only if `sorted`
  };
  struct LazyColumn {
    std::vector<double> values;
    std::vector<std::uint8_t> computed;
  };

  double NumberUncached(const BoundExpr& expr, Frame& frame);
  double Arithmetic(ast::BinaryOp op, double left, double right) const;
  double CallNumber(const BoundExpr& expr, Frame& frame);
  double Aggregate(const BoundExpr& expr, Distribution& values) const;
  Value HistogramText(const BoundExpr& expr, Frame& frame);
  double SeriesNumber(const BoundExpr& expr);
  Distribution& Collect(const BoundExpr& expr, Frame& frame, Distribution& scratch);
  void Sort(Distribution& values) const;
  void DenseInto(const BoundExpr& expr, Frame& frame, SlotIndex slot, std::vector<double>& out);

  Truth Compare(const BoundExpr& expr, Frame& frame);
  Truth CompareValues(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, Frame& frame);
  Truth In(const BoundExpr& expr, Frame& frame);
  Truth AnyAll(const BoundExpr& expr, Frame& frame);
  // The rows that the arguments of an Atom or a Witness have; nullopt: one is unknown.
  std::optional<std::vector<std::uint32_t>> Arguments(const BoundExpr& expr, Frame& frame);
  Truth AtomHolds(const BoundExpr& expr, Frame& frame);
  Value WitnessRow(const BoundExpr& expr, Frame& frame);
  Value Attribute(const BoundExpr& expr, Frame& frame);
  Value Setting(const BoundExpr& expr, Frame& frame);
  spark::EffectiveValue InForce(const BoundExpr& expr, Frame& frame);
  Value KeyValue(const BoundExpr& expr, Frame& frame);
  [[nodiscard]] std::optional<std::uint32_t> PickOne(const BoundExpr& expr, Frame& frame);
  std::vector<std::uint32_t> PickTop(const BoundExpr& expr, const std::vector<std::uint32_t>& members,
                                     std::size_t count, Frame& frame);

  // Patterns of exists and count.
  struct PatternCount {
    std::size_t holds = 0;
    bool unknown = false;
  };
  PatternCount CountPattern(const BoundPattern& pattern, Frame& frame, bool stop_at_first);
  void SearchPattern(const BoundPattern& pattern, std::vector<bool>& done, Frame& frame, bool stop_at_first,
                     PatternCount& count);

  const Domain& MakeDomain(const Slot& slot);
  void Miss(metrics::AttributeId attribute);
  void Miss(std::string name, std::string why);
  std::string Key(const Type& type, std::uint32_t row) const;

  const RuleSet& set_;
  const model::JobModel& model_;
  const std::vector<GroupRow>& groups_;
  std::vector<FindingsOfRule>& findings_;
  const std::vector<RuleOutcome>& outcomes_;
  const std::vector<Match>& matches_;  // by rule
  EdgeIndex edges_;
  std::vector<std::unique_ptr<std::vector<double>>> dense_;  // one a derived column
  std::vector<LazyColumn> lazy_;
  std::vector<Distribution> distributions_;
  std::map<std::string, Domain> domains_;  // by type
  std::unordered_map<const Slot*, const Domain*> domain_of_slot_;
  std::map<std::string, Regex, std::less<>> regexes_;
  // By setting: its value in force in each SQL execution, and at the end that of the application; computed when asked.
  std::map<std::string, std::vector<std::optional<spark::EffectiveValue>>, std::less<>> settings_;
  std::set<std::string> texts_;                                          // made here; values view into them
  std::optional<std::vector<std::pair<double, double>>> running_tasks_;  // (value, ms), ascending by value
  std::vector<MissingInput>* sink_ = nullptr;
};

}  // namespace advise::rules
