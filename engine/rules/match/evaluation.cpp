// The slow, general path of the matcher: one instruction for one row. Columns and sets that were computed are kept.
#include "rules/match/evaluation.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "metrics/begin.h"
#include "model/effective_setting.h"
#include "rules/functions/statistics.h"
#include "rules/match/walk.h"
#include "support/check.h"
#include "support/text.h"

namespace advise::rules {
namespace {

constexpr std::size_t kListedNames = 3;           // of a set in a text; the others are counted
constexpr std::size_t kMostRowsKept = 1U << 16U;  // of a set: those of all tasks would take much memory

// A place of a column that is not computed yet: a NaN that no computation makes.
constexpr std::uint64_t kNotComputedBits = 0x7ff8'dead'beef'0001;
const double kNotComputed = std::bit_cast<double>(kNotComputedBits);
bool IsComputed(double value) { return std::bit_cast<std::uint64_t>(value) != kNotComputedBits; }

Truth CompareNumbers(ast::BinaryOp op, double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return Truth::Unknown;
  switch (op) {
    case ast::BinaryOp::Eq: return TruthOf(left == right);
    case ast::BinaryOp::Ne: return TruthOf(left != right);
    case ast::BinaryOp::Lt: return TruthOf(left < right);
    case ast::BinaryOp::Le: return TruthOf(left <= right);
    case ast::BinaryOp::Gt: return TruthOf(left > right);
    default: return TruthOf(left >= right);
  }
}

void DropMissing(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
}

// Changes the order of the values.
bool Orders(FunctionId function) {
  return function == FunctionId::Quantile || function == FunctionId::Gini || function == FunctionId::Mad;
}

void SortUnique(std::vector<std::uint32_t>& rows) {
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

// Counts the matches of an inner pattern.
class PatternVisitor : public WalkVisitor {
 public:
  static constexpr bool kMasks = true;
  PatternVisitor(Evaluation& evaluation, const Plan& plan, std::uint32_t self, bool stop_at_first)
      : evaluation_(evaluation), plan_(plan), self_(self), stop_at_first_(stop_at_first) {}

  bool Holds(const std::vector<std::size_t>& conditions) {
    for (const std::size_t condition : conditions) {
      const Truth truth = evaluation_.Test(plan_.conditions[condition], self_);
      if (truth == Truth::False) return false;
      if (truth == Truth::Unknown) ++unknown;
    }
    return true;
  }
  void Found() {
    if (unknown == 0) ++holds;
    any_unknown = any_unknown || unknown > 0;
  }
  [[nodiscard]] bool Done() const { return stop_at_first_ && holds > 0; }

  std::size_t holds = 0;
  bool any_unknown = false;

 private:
  Evaluation& evaluation_;
  const Plan& plan_;
  std::uint32_t self_;
  bool stop_at_first_;
};

}  // namespace

Evaluation::Evaluation(const RuleSet& set, const model::JobModel& model, const std::vector<ParamOverride>& params)
    : set_(set),
      code_(&set.program.code),
      model_(model),
      findings_(set.rules.size()),
      variables_(code_->variables, kUnboundSlot),
      edges_(model) {
  for (const BoundParam& param : set.params)
    params_.push_back({static_cast<std::uint32_t>(params_.size()), param.value.number, param.value.text});
  for (const ParamOverride& param : params) params_[param.param] = param;
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    findings_[rule].known.Reset(set.rules[rule].head.size());
    findings_[rule].unknown.Reset(set.rules[rule].head.size());
  }
  // Thresholds depend on no row and are cheap: known from the beginning.
  for (const RuleCode& rule : set.program.rules) {
    for (const Step& step : rule.plan.steps) {
      for (const Ref test : step.tests) {
        const Instruction& compare = code_->instructions[test];
        if (const auto fixed = code_->ThresholdOf(compare))
          thresholds_[compare.operands[1 - *fixed]].push_back(Number(compare.operands[*fixed]));
      }
    }
  }
}

void Evaluation::Read(const std::vector<GroupRow>& groups, const MatchResults& results) {
  groups_ = &groups;
  results_ = &results;
  // What was kept of other groups.
  last_rows_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!code_->columns[i].entity && columns_[i].size() > groups.size()) columns_[i].resize(groups.size());
  }
}

void Evaluation::Use(const Code& code) {
  if (code_ == &code) return;
  code_ = &code;
  // What was kept under numbers that mean something else now.
  columns_.resize(std::min(columns_.size(), set_.program.code.columns.size()));
  domains_.resize(std::min(domains_.size(), set_.program.code.domains.size()));
  last_rows_.clear();
  last_chain_ = {};
  candidates_.clear();
  targets_.clear();
  last_targets_ = {};
  keys_.clear();
  settings_.clear();
  regexes_.clear();
}

void Evaluation::Bind(std::span<const std::uint32_t> rows) {
  variables_.resize(std::max<std::size_t>(code_->variables, rows.size()));  // texts that were lowered later
  const auto end = std::ranges::copy(rows, variables_.begin()).out;
  std::fill(end, variables_.end(), kUnboundSlot);
}

std::vector<std::uint32_t> Evaluation::Find(FindingTable& table, std::span<const std::uint32_t> arguments) {
  std::uint64_t looked_at = 1;
  std::vector<std::uint32_t> found = table.Find(arguments, looked_at);
  Take(looked_at);
  return found;
}

bool Evaluation::Contains(FindingTable& table, std::span<const std::uint32_t> arguments) {
  std::uint64_t looked_at = 1;
  const bool contains = table.Contains(arguments, looked_at);
  Take(looked_at);
  return contains;
}

// ---------------------------------------------------------------- missing inputs
void Evaluation::Miss(const MissingInput& input) {
  if (sink_ == nullptr) return;
  if (std::ranges::find(*sink_, input) == sink_->end()) sink_->push_back(input);
}

void Evaluation::Miss(metrics::AttributeId attribute) {
  if (sink_ == nullptr) return;
  MissingInput& input = missed_[attribute];
  if (input.name.empty()) {
    const metrics::Attribute& info = metrics::Get(attribute);
    input = {std::string(model::EntityName(info.entity)) + "." + std::string(info.name),
             metrics::WhyMissing(model_, attribute)};
  }
  Miss(input);
}

void Evaluation::MissValue(const Instruction& i) {
  if (sink_ == nullptr) return;
  if (i.op != Op::Metric && i.op != Op::CollectMetric) return Miss(i.attribute);
  const metrics::SqlMetric metric = MetricOf(i);
  const auto [why, fresh] = why_missing_.try_emplace({i.text, i.metric});
  if (fresh) why->second = metrics::WhySqlMetricMissing(model_, metric);
  Miss({"PlanNode metric \"" + std::string(metric.name) + "\"", why->second});
}

metrics::SqlMetric Evaluation::MetricOf(const Instruction& i) const {
  return {code_->texts[i.text], i.metric, i.metric_part};
}

// ---------------------------------------------------------------- conditions
Truth Evaluation::Test(Ref ref, std::uint32_t self) {
  const Instruction& i = code_->instructions[ref];
  const auto [a, b, c] = i.operands;
  switch (i.op) {
    case Op::Not: return NotTruth(Test(a, self));
    case Op::And: {
      const Truth left = Test(a, self);
      return left == Truth::False ? left : std::min(left, Test(b, self));
    }
    case Op::Or: {
      const Truth left = Test(a, self);
      return left == Truth::True ? left : std::max(left, Test(b, self));
    }
    case Op::Compare: return Compare(i, self);
    case Op::IsMissing: return TruthOf(IsMissing(a, self));
    case Op::Exists: {
      const PatternCount count = CountPattern(code_->patterns[i.pattern], self, true);
      if (count.holds > 0) return Truth::True;
      return count.unknown ? Truth::Unknown : Truth::False;
    }
    case Op::Atom: return AtomHolds(i, self);
    case Op::Any:
    case Op::All: return AnyAll(i, self);
    case Op::Matches: {
      const Value text = Eval(a, self);
      if (text.missing()) return Truth::Unknown;
      auto regex = regexes_.find(i.text);
      if (regex == regexes_.end()) regex = regexes_.emplace(i.text, Regex(code_->texts[i.text])).first;
      return TruthOf(regex->second.Finds(text.text));
    }
    default: {
      const Value value = Eval(ref, self);
      return value.missing() ? Truth::Unknown : TruthOf(value.boolean);
    }
  }
}

Truth Evaluation::Compare(const Instruction& i, std::uint32_t self) {
  const auto [left, right, none] = i.operands;
  if (code_->instructions[left].yield == Yield::Number)
    return CompareNumbers(i.compare, Number(left, self), Number(right, self));
  const Value a = Eval(left, self);
  const Value b = Eval(right, self);
  if (a.missing() || b.missing()) return Truth::Unknown;
  const bool equal = a.text == b.text && a.boolean == b.boolean && a.row == b.row;
  return TruthOf(equal == (i.compare == ast::BinaryOp::Eq));
}

bool Evaluation::IsMissing(Ref ref, std::uint32_t self) {
  std::vector<MissingInput>* const sink = std::exchange(sink_, nullptr);  // asked on purpose
  const bool rows = code_->instructions[ref].yield == Yield::Rows;
  const bool missing = rows ? !Rows(ref, self).has_value() : Eval(ref, self).missing();
  sink_ = sink;
  return missing;
}

Truth Evaluation::AnyAll(const Instruction& i, std::uint32_t self) {
  const Instruction& flags = code_->instructions[i.operands[0]];
  const auto members = Rows(flags.operands[0], self);
  if (!members) return Truth::Unknown;
  const bool any = i.op == Op::Any;
  Truth result = any ? Truth::False : Truth::True;
  for (const std::uint32_t row : *members) {
    const metrics::Value value = metrics::Evaluate(model_, flags.attribute, row);
    if (value.missing()) Miss(flags.attribute);
    const Truth one = value.missing() ? Truth::Unknown : TruthOf(value.boolean);
    result = any ? std::max(result, one) : std::min(result, one);
  }
  return result;
}

Truth Evaluation::AtomHolds(const Instruction& i, std::uint32_t self) {
  const auto arguments = Arguments(i, self);
  if (!arguments) return Truth::Unknown;
  FindingsOfRule& findings = findings_[i.rule];
  if (Contains(findings.known, *arguments)) return Truth::True;
  if (!findings.all_unknown && !Contains(findings.unknown, *arguments)) return Truth::False;
  for (const MissingInput& input : results_->outcomes[i.rule].missing) Miss(input);
  return Truth::Unknown;
}

// nullopt: one is unknown.
std::optional<std::vector<std::uint32_t>> Evaluation::Arguments(const Instruction& i, std::uint32_t self) {
  std::vector<std::uint32_t> arguments;
  for (const Ref argument : code_->lists[i.list]) {
    arguments.push_back(argument == kNone ? kAnyRow : Row(argument, self));
    if (arguments.back() == kUnboundSlot) return std::nullopt;
  }
  return arguments;
}

// Of several findings with these arguments the first.
std::uint32_t Evaluation::WitnessRow(const Instruction& i, std::uint32_t self) {
  const auto arguments = Arguments(i, self);
  if (!arguments) return kUnboundSlot;
  const std::vector<std::uint32_t> found = Find(findings_[i.rule].known, *arguments);
  if (found.empty()) return kUnboundSlot;
  const auto first = std::ranges::lower_bound(results_->matches, i.rule, {}, &Match::rule);
  return (first + found.front())->witness[i.witness];
}

Evaluation::PatternCount Evaluation::CountPattern(const Plan& plan, std::uint32_t self, bool stop_at_first) {
  PatternVisitor visitor(*this, plan, self, stop_at_first);
  Walk(*this, plan, self, visitor).Run();
  return {visitor.holds, visitor.any_unknown};
}

// ---------------------------------------------------------------- values
Value Evaluation::Eval(Ref ref, std::uint32_t self) {
  const Instruction& i = code_->instructions[ref];
  const auto [a, b, c] = i.operands;
  switch (i.op) {
    case Op::Constant:
      if (i.yield == Yield::Text) return TextValue(code_->texts[i.text]);
      return i.yield == Yield::Truth ? BoolValue(code_->numbers[i.number] != 0) : NumberValue(code_->numbers[i.number]);
    case Op::Param: {
      const ParamOverride& value = params_[i.param];
      if (i.yield == Yield::Text) return TextValue(value.text);
      return i.yield == Yield::Truth ? BoolValue(value.number != 0) : NumberValue(value.number);
    }
    case Op::Attribute: return Attribute(i, self);
    case Op::GroupKey: {
      const std::uint32_t group = Row(a, self);
      if (group == kUnboundSlot) return {};
      // All members agree in the keys, so any of them knows the value. A missing key makes no group.
      return ValueOf(i.attribute, (*groups_)[group].members.front());
    }
    case Op::Setting:
    case Op::SettingIsSet: return Setting(i, self);
    case Op::If: {
      const Truth condition = Test(a, self);
      if (condition == Truth::Unknown) return {};
      return Eval(condition == Truth::True ? b : c, self);
    }
    case Op::Coalesce: {
      std::vector<MissingInput>* const sink = std::exchange(sink_, nullptr);
      const Value left = Eval(a, self);
      sink_ = sink;
      return left.missing() ? Eval(b, self) : left;
    }
    case Op::Column: {
      const double value = ColumnValue(i, self);
      if (std::isnan(value)) return {};
      if (i.yield == Yield::Truth) return BoolValue(value != 0);
      return i.yield == Yield::Row ? RowValue(static_cast<std::uint32_t>(value)) : NumberValue(value);
    }
    case Op::Witness: {
      const std::uint32_t row = WitnessRow(i, self);
      return row == kUnboundSlot ? Value{} : RowValue(row);
    }
    case Op::App: return RowValue(0);
    case Op::Self: return self == kUnboundSlot ? Value{} : RowValue(self);
    case Op::Variable: return variables_[i.variable] == kUnboundSlot ? Value{} : RowValue(variables_[i.variable]);
    case Op::First: {
      const auto members = Rows(a, self);
      return members && !members->empty() ? RowValue(members->front()) : Value{};
    }
    case Op::Last: {
      const auto members = Rows(a, self);
      return members && !members->empty() ? RowValue(members->back()) : Value{};
    }
    case Op::LowerText: {
      const Value text = Eval(a, self);
      return text.missing() ? text : TextValue(*texts_.insert(advise::Lower(text.text)).first);
    }
    case Op::Pick: {
      const auto members = Rows(a, self);
      if (!members) return {};
      Value best;
      const std::vector<double> values = ForMembers<double>(i, self, *members);
      for (std::size_t k = 0; k < values.size(); ++k) {
        const bool better = i.function == FunctionId::ArgMin ? values[k] < best.number : values[k] > best.number;
        if (std::isnan(values[k]) || (!best.missing() && !better)) continue;
        best = RowValue((*members)[k]);
        best.number = values[k];
      }
      best.number = 0;
      return best;
    }
    case Op::Histogram: return Histogram(a, self);
    default:
      if (i.yield == Yield::Truth) return TruthValue(Test(ref, self));
      return i.yield == Yield::Number ? NumberValue(Number(ref, self)) : Value{};  // a set has no single value
  }
}

std::uint32_t Evaluation::RowOf(Ref ref, std::uint32_t self) {
  if (code_->instructions[ref].op == Op::Self) return self;
  const Value value = Eval(ref, self);
  return value.missing() ? kUnboundSlot : value.row;
}

Value Evaluation::Attribute(const Instruction& i, std::uint32_t self) {
  const std::uint32_t row = Row(i.operands[0], self);
  if (row == kUnboundSlot) return {};
  const Value value = ValueOf(i.attribute, row);
  if (value.missing()) Miss(i.attribute);
  return value;
}

Value Evaluation::ValueOf(metrics::AttributeId attribute, std::uint32_t row) const {
  const metrics::Value value = metrics::Evaluate(model_, attribute, row);
  switch (value.state) {
    case metrics::Value::State::Missing: return {};
    case metrics::Value::State::Integer:
    case metrics::Value::State::Real: return NumberValue(metrics::EvaluateNumber(model_, attribute, row));
    case metrics::Value::State::Bool: return BoolValue(value.boolean);
    case metrics::Value::State::Text: return TextValue(value.text);
    case metrics::Value::State::Entity: return RowValue(static_cast<std::uint32_t>(value.integer));
  }
  return {};
}

// The value in force (model/effective_setting.h) in the query of the row, else in the application.
spark::EffectiveValue Evaluation::InForce(const Instruction& i, std::uint32_t self) {
  const std::string& key = code_->texts[i.text];
  const std::uint32_t row = i.entity ? Row(i.operands[0], self) : kUnboundSlot;
  if (row != kUnboundSlot && i.group) return model::EffectiveSetting(model_, key, *i.entity, (*groups_)[row].members);
  std::vector<std::optional<spark::EffectiveValue>>& known = settings_[i.text];
  if (known.empty()) known.resize(model_.sql_executions.size() + 1);  // the last: of no query
  const auto query = row == kUnboundSlot ? std::nullopt : model::QueryOf(model_, *i.entity, row);
  std::optional<spark::EffectiveValue>& value = known[query ? query->index : known.size() - 1];
  if (!value) value = model::EffectiveSetting(model_, key, query);
  return *value;
}

Value Evaluation::Setting(const Instruction& i, std::uint32_t self) {
  const std::string& key = code_->texts[i.text];
  const spark::EffectiveValue value = InForce(i, self);
  const auto miss = [&]() -> Value {
    Miss({"conf \"" + key + "\"", spark::Explain(value)});
    return {};
  };
  if (value.why == spark::NoValue::NoEnvironment) return miss();
  if (i.op == Op::SettingIsSet) return BoolValue(value.is_set());
  if (!value.text) return miss();
  if (i.yield == Yield::Text) return TextValue(*value.text);
  if (!value.number) return miss();
  return i.yield == Yield::Truth ? BoolValue(*value.number != 0) : NumberValue(*value.number);
}

// ---------------------------------------------------------------- numbers
double Evaluation::Number(Ref ref, std::uint32_t self) {
  const Instruction& i = code_->instructions[ref];
  const auto [a, b, c] = i.operands;
  switch (i.op) {
    case Op::Constant: return code_->numbers[i.number];
    case Op::Param: return params_[i.param].number;
    case Op::Attribute: {
      const std::uint32_t row = Row(a, self);
      if (row == kUnboundSlot) return kMissingNumber;
      const double value = metrics::EvaluateNumber(model_, i.attribute, row);
      if (std::isnan(value)) Miss(i.attribute);
      return value;
    }
    case Op::SparkVersion:
      if (!model_.version.known) Miss(i.attribute);
      return model_.version.known ? VersionCode(model_.version.major, model_.version.minor, model_.version.patch)
                                  : kMissingNumber;
    case Op::CutVersion: {
      const double version = Number(a, self);
      return std::isnan(version) ? version : CutVersion(version, i.version_parts);
    }
    case Op::Column: return ColumnValue(i, self);
    case Op::Negate: return -Number(a, self);
    case Op::Add: return Number(a, self) + Number(b, self);
    case Op::Subtract: return Number(a, self) - Number(b, self);
    case Op::Multiply: return Number(a, self) * Number(b, self);
    case Op::Divide: {
      const double dividend = Number(a, self);
      const double divisor = Number(b, self);
      return divisor == 0 ? kMissingNumber : dividend / divisor;
    }
    case Op::Smaller:
    case Op::Larger: {
      const double left = Number(a, self);
      const double right = Number(b, self);
      if (std::isnan(left) || std::isnan(right)) return kMissingNumber;
      return i.op == Op::Smaller ? std::min(left, right) : std::max(left, right);
    }
    case Op::Round: {
      const double value = Number(a, self);
      return std::isnan(value) ? value : ApplyNumberFunction(i.function, value);
    }
    case Op::CountMatches: {
      const PatternCount count = CountPattern(code_->patterns[i.pattern], self, false);
      return count.unknown ? kMissingNumber : static_cast<double>(count.holds);
    }
    case Op::Metric: {
      const std::uint32_t row = Row(a, self);
      if (row == kUnboundSlot) return kMissingNumber;
      Take(model_.MetricsOf(model::NodeRow(std::size_t{row})).size());
      const double value = metrics::EvaluateSqlMetric(model_, MetricOf(i), row);
      if (std::isnan(value)) MissValue(i);
      return value;
    }
    case Op::CountRows: {
      const auto members = Rows(a, self);
      return members ? static_cast<double>(members->size()) : kMissingNumber;
    }
    case Op::CountDistinct: return CountDistinct(code_->instructions[a], self);
    case Op::Slope: return Slope(a, self);
    case Op::CountValues: return CountValues(code_->instructions[a], self);
    case Op::Aggregate: {
      std::vector<double> values;
      if (!Collect(a, self, values)) return kMissingNumber;
      const std::size_t members = values.size();
      DropMissing(values);
      return Aggregate(i, values, members);
    }
    case Op::ShareTop: {
      std::vector<double> values;
      if (!Collect(a, self, values)) return kMissingNumber;
      const double share = Number(b, self);
      DropMissing(values);
      return ShareTop(values, share);
    }
    case Op::Correlation: {
      std::vector<double> left;
      std::vector<double> right;
      if (!Collect(a, self, left) || !Collect(b, self, right)) return kMissingNumber;
      return Correlation(left, right);
    }
    case Op::Series: return Series(i);
    default: {
      const Value value = Eval(ref, self);
      return value.missing() ? kMissingNumber : value.number;
    }
  }
}

// A column holds truths as 0 and 1, rows as their numbers.
double Evaluation::Encoded(Ref ref, std::uint32_t self) {
  switch (code_->instructions[ref].yield) {
    case Yield::Truth: {
      const Truth truth = Test(ref, self);
      return truth == Truth::Unknown ? kMissingNumber : static_cast<double>(truth == Truth::True);
    }
    case Yield::Row: {
      const std::uint32_t row = Row(ref, self);
      return row == kUnboundSlot ? kMissingNumber : static_cast<double>(row);
    }
    default: return Number(ref, self);
  }
}

void Evaluation::Keep(std::uint32_t column, std::uint32_t row, double value) {
  std::vector<double>& values = columns_[column];
  const std::optional<metrics::Entity> entity = code_->columns[column].entity;
  if (values.size() <= row) values.resize(entity ? model_.RowCount(*entity) : row + 1, kNotComputed);
  values[row] = value;
}

double Evaluation::ColumnValue(const Instruction& i, std::uint32_t self) {
  const DerivedColumn& column = code_->columns[i.column];
  const std::uint32_t row = Row(i.operands[0], self);
  if (row == kUnboundSlot) return Encoded(column.body, row);
  if (columns_.size() < code_->columns.size()) columns_.resize(code_->columns.size());  // late ones
  if (columns_[i.column].size() <= row || !IsComputed(columns_[i.column][row])) {
    std::vector<MissingInput>* const sink = std::exchange(sink_, nullptr);
    if (column.distribution != kNone) {
      FillDistribution(code_->distributions[column.distribution], row);
    } else {
      Keep(i.column, row, Encoded(column.body, row));
    }
    sink_ = sink;
  }
  const double value = columns_[i.column][row];
  // A value that is known has no missing input to tell of: only the others are worth computing once more.
  return sink_ != nullptr && std::isnan(value) ? Encoded(column.body, row) : value;
}

// ---------------------------------------------------------------- distributions
bool Evaluation::Collect(Ref collect, std::uint32_t self, std::vector<double>& values) {
  const Instruction& i = code_->instructions[collect];
  const auto members = Rows(i.operands[0], self);
  if (!members) return false;
  Take(members->size());
  values.resize(members->size());
  ReadNumbers(i, *members, values);
  return true;
}

void Evaluation::ReadNumbers(const Instruction& i, std::span<const std::uint32_t> rows, std::span<double> out) const {
  if (i.op == Op::CollectMetric) {
    metrics::EvaluateSqlMetric(model_, MetricOf(i), rows, out);
  } else {
    metrics::EvaluateNumbers(model_, i.attribute, rows, out);
  }
}

double Evaluation::CountValues(const Instruction& collect, std::uint32_t self) {
  const auto members = Rows(collect.operands[0], self);
  if (!members) return kMissingNumber;
  const auto known = [&](std::uint32_t row) { return !metrics::Evaluate(model_, collect.attribute, row).missing(); };
  return static_cast<double>(std::ranges::count_if(*members, known));
}

double Evaluation::CountDistinct(const Instruction& collect, std::uint32_t self) {
  auto members = Rows(collect.operands[0], self);
  if (!members) return kMissingNumber;
  Take(members->size());
  const bool any = !members->empty();
  std::set<std::string_view> texts;
  std::set<double> numbers;  // flags and rows too
  if (collect.op == Op::CollectMetric) {
    std::vector<double> values(members->size());
    ReadNumbers(collect, *members, values);
    DropMissing(values);
    numbers.insert(values.begin(), values.end());
    members->clear();
  }
  for (const std::uint32_t row : *members) {
    const Value value = ValueOf(collect.attribute, row);
    switch (value.kind) {
      case Value::Kind::Missing: break;
      case Value::Kind::Text: texts.insert(value.text); break;
      case Value::Kind::Bool: numbers.insert(value.boolean ? 1 : 0); break;
      case Value::Kind::Row: numbers.insert(value.row); break;
      case Value::Kind::Number: numbers.insert(value.number); break;
    }
  }
  if (texts.empty() && numbers.empty() && any) {
    MissValue(collect);
    return kMissingNumber;
  }
  return static_cast<double>(texts.size() + numbers.size());
}

// Of members of which one does not say when it began the order is that of the log.
double Evaluation::Slope(Ref collect, std::uint32_t self) {
  const Instruction& i = code_->instructions[collect];
  auto members = Rows(i.operands[0], self);
  if (!members) return kMissingNumber;
  Take(members->size() * std::min(members->size(), kAllPairs));
  const metrics::Entity entity =
      i.op == Op::CollectMetric ? metrics::Entity::PlanNode : metrics::Get(i.attribute).entity;
  if (const auto begin = metrics::BeginOf(entity)) {
    std::vector<double> begins(members->size());
    metrics::EvaluateNumbers(model_, *begin, *members, begins);
    if (std::ranges::none_of(begins, [](double time) { return std::isnan(time); })) {
      std::vector<std::size_t> order(members->size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, {}, [&](std::size_t k) { return begins[k]; });
      std::vector<std::uint32_t> sorted;
      for (const std::size_t k : order) sorted.push_back((*members)[k]);
      members = std::move(sorted);
    }
  }
  std::vector<double> values(members->size());
  ReadNumbers(i, *members, values);
  DropMissing(values);
  if (values.empty() && !members->empty()) MissValue(i);
  return rules::Slope(values);
}

// All statistics that the program asks of these values, those that change their order last.
void Evaluation::FillDistribution(const Distribution& distribution, std::uint32_t row) {
  std::vector<double> values;
  const bool known = Collect(distribution.values, row, values);
  const std::size_t members = values.size();
  DropMissing(values);
  for (const bool orders : {false, true}) {
    for (const std::uint32_t column : distribution.columns) {
      const Instruction& aggregate = code_->instructions[code_->columns[column].body];
      if (Orders(aggregate.function) != orders) continue;
      Keep(column, row, known ? Aggregate(aggregate, values, members) : kMissingNumber);
    }
  }
}

// Of the known values of so many members; may change their order.
double Evaluation::Aggregate(const Instruction& i, std::span<double> values, std::size_t members) {
  if (values.empty() && members > 0 && i.function != FunctionId::Count) {
    // Some members that have no value make no distribution unknown, but none at all does.
    MissValue(code_->instructions[i.operands[0]]);
    return kMissingNumber;
  }
  switch (i.function) {
    case FunctionId::Count: return static_cast<double>(values.size());
    case FunctionId::Sum: return Sum(values);
    case FunctionId::Mean: return Mean(values);
    case FunctionId::Min: return values.empty() ? kMissingNumber : std::ranges::min(values);
    case FunctionId::Max: return values.empty() ? kMissingNumber : std::ranges::max(values);
    case FunctionId::Sd: return StandardDeviation(values);
    case FunctionId::Cv: {
      const double mean = Mean(values);
      return mean == 0 ? kMissingNumber : StandardDeviation(values) / mean;
    }
    case FunctionId::Quantile: return Quantile(values, code_->numbers[i.number]);
    case FunctionId::Gini: return Gini(values);
    case FunctionId::Mad: return MedianAbsoluteDeviation(values);
    default: ADVISE_CHECK(false, "not an aggregate of numbers"); return kMissingNumber;
  }
}

Value Evaluation::Histogram(Ref collect, std::uint32_t self) {
  constexpr std::size_t kParts = 10;
  std::vector<double> values;
  if (!Collect(collect, self, values)) return {};
  const bool any = !values.empty();
  DropMissing(values);
  if (values.empty()) {
    if (any) MissValue(code_->instructions[collect]);
    return {};
  }
  std::string text;
  for (const std::size_t count : rules::Histogram(values, kParts))
    text += (text.empty() ? "" : " ") + std::to_string(count);
  return TextValue(*texts_.insert(std::move(text)).first);
}

// Time-weighted: a percentile is the smallest value below or at which the series is for that part of the time.
double Evaluation::Series(const Instruction& i) {
  if (!running_tasks_) {
    const metrics::StepSeries series = metrics::RunningTasks(model_);
    running_tasks_.emplace();
    for (std::size_t k = 0; k + 1 < series.times.size() && k < series.values.size(); ++k) {
      const auto length = static_cast<double>(series.times[k + 1] - series.times[k]);
      if (length > 0) running_tasks_->emplace_back(series.values[k], length);
    }
    std::ranges::sort(*running_tasks_);
  }
  const auto& parts = *running_tasks_;
  if (parts.empty()) return kMissingNumber;
  double total = 0;
  double weighted = 0;
  for (const auto& [value, length] : parts) {
    total += length;
    weighted += value * length;
  }
  if (i.function == FunctionId::Mean) return weighted / total;
  if (i.function == FunctionId::Min) return parts.front().first;
  if (i.function == FunctionId::Max) return parts.back().first;
  double before = 0;
  for (const auto& [value, length] : parts) {
    before += length;
    if (before >= code_->numbers[i.number] * total) return value;
  }
  return parts.back().first;
}

// ---------------------------------------------------------------- sets
std::optional<std::vector<std::uint32_t>> Evaluation::Rows(Ref ref, std::uint32_t self) {
  const Instruction& i = code_->instructions[ref];
  if (i.op == Op::Members || i.op == Op::GroupMembers || i.on_variable || sink_ != nullptr) return MakeRows(i, self);
  // Several values of one row often look at the same set.
  if (i.fixed()) self = 0;
  LastRows& last = last_rows_[ref];
  if (last.self == self && self != kUnboundSlot) return last.rows;
  std::optional<std::vector<std::uint32_t>> rows = MakeRows(i, self);
  if (!rows || rows->size() <= kMostRowsKept) last = {self, rows};
  return rows;
}

std::optional<std::vector<std::uint32_t>> Evaluation::MakeRows(const Instruction& i, std::uint32_t self) {
  if (i.op == Op::Members || i.op == Op::GroupMembers) {
    const std::uint32_t row = Row(i.operands[0], self);
    if (row == kUnboundSlot) return std::nullopt;
    if (i.op == Op::GroupMembers) return (*groups_)[row].members;
    std::vector<std::uint32_t> members = metrics::EvaluateSet(model_, i.attribute, row);
    Take(members.size());
    return members;
  }
  if (i.op == Op::Chain) {
    const std::uint32_t from = Row(i.operands[0], self);
    const std::uint32_t to = Row(i.operands[1], self);
    if (from == kUnboundSlot || to == kUnboundSlot) return std::nullopt;
    if (last_chain_.pattern != i.pattern || last_chain_.from != from || last_chain_.to != to) {
      const Step& step = code_->patterns[i.pattern].steps.front();
      std::vector<std::uint32_t> edges =
          edges_.Between(step.kinds.front(), from, to, *step.hops, [this](std::size_t looked_at) { Take(looked_at); });
      last_chain_ = {i.pattern, from, to, std::move(edges)};
    }
    Take(last_chain_.edges.size());
    return last_chain_.edges;
  }
  auto rows = Rows(i.operands[0], self);
  if (!rows) return std::nullopt;
  Take(rows->size());
  std::vector<std::uint32_t> result;
  switch (i.op) {
    case Op::Related:
      for (const std::uint32_t row : *rows) {
        const metrics::Value value = metrics::Evaluate(model_, i.attribute, row);
        if (!value.missing()) result.push_back(static_cast<std::uint32_t>(value.integer));
      }
      SortUnique(result);
      return result;
    case Op::FlatMembers:
      for (const std::uint32_t row : *rows) {
        const std::vector<std::uint32_t> more = metrics::EvaluateSet(model_, i.attribute, row);
        Take(more.size());
        result.insert(result.end(), more.begin(), more.end());
      }
      SortUnique(result);
      return result;
    case Op::Filter: {
      const std::vector<Truth> truths = ForMembers<Truth>(i, self, *rows);
      for (std::size_t k = 0; k < rows->size(); ++k) {
        if (truths[k] == Truth::True) result.push_back((*rows)[k]);
      }
      return result;
    }
    case Op::Top: {
      const double wanted = Number(i.operands[2], self);
      if (std::isnan(wanted)) return std::nullopt;
      const std::vector<double> values = ForMembers<double>(i, self, *rows);
      std::vector<std::pair<double, std::uint32_t>> known;
      for (std::size_t k = 0; k < rows->size(); ++k) {
        if (!std::isnan(values[k])) known.emplace_back(values[k], (*rows)[k]);
      }
      std::ranges::stable_sort(known, std::greater<>(), &std::pair<double, std::uint32_t>::first);
      known.resize(std::min(known.size(), wanted > 0 ? static_cast<std::size_t>(wanted) : 0));
      for (const auto& [value, row] : known) result.push_back(row);
      return result;
    }
    case Op::Rest:
      if (!rows->empty()) rows->erase(rows->begin());
      return rows;
    default: ADVISE_CHECK(false, "not a set"); return std::nullopt;
  }
}

// What b of a Filter, Pick or Top is for each member.
template <class T>
std::vector<T> Evaluation::ForMembers(const Instruction& i, std::uint32_t self, std::span<const std::uint32_t> rows) {
  std::vector<T> values(rows.size());
  const auto one = [&](std::uint32_t member) {
    if constexpr (std::is_same_v<T, Truth>) {
      return Test(i.operands[1], member);
    } else {
      return Number(i.operands[1], member);
    }
  };
  if (i.variable != kNone) {
    const std::uint32_t before = variables_[i.variable];
    for (std::size_t k = 0; k < rows.size(); ++k) {
      variables_[i.variable] = rows[k];
      if constexpr (std::is_same_v<T, Truth>) {
        values[k] = Test(i.operands[1], self);
      } else {
        values[k] = Number(i.operands[1], self);
      }
    }
    variables_[i.variable] = before;
  } else if (sink_ != nullptr) {
    std::ranges::transform(rows, values.begin(), one);
  } else if constexpr (std::is_same_v<T, Truth>) {
    Tests(i.operands[1], rows, values);
  } else {
    Numbers(i.operands[1], rows, values);
  }
  return values;
}

// ---------------------------------------------------------------- for people
std::string Evaluation::Key(const Output& output, std::uint32_t row) const {
  if (!output.group) return metrics::EntityKey(model_, output.entity, row);
  std::string key;
  for (const TypedValue& value : (*groups_)[row].keys) key += (key.empty() ? "" : ", ") + value.text;
  return key;
}

TypedValue Evaluation::Typed(const Output& output) {
  TypedValue typed;
  if (output.value == kNone) return typed;
  typed.form = output.form;
  const Instruction& i = code_->instructions[output.value];
  if (i.yield != Yield::Rows && i.yield != Yield::Dist) {
    const Value value = Eval(output.value);
    switch (value.kind) {
      case Value::Kind::Missing: typed.form = ValueForm::Missing; break;
      case Value::Kind::Number: typed.number = value.number; break;
      case Value::Kind::Bool: typed.number = value.boolean ? 1 : 0; break;
      case Value::Kind::Text: typed.text = value.text; break;
      case Value::Kind::Row: typed.text = Key(output, value.row); break;
    }
    if (typed.form == ValueForm::Version) {
      const auto code = static_cast<std::int64_t>(value.number);
      typed.text = std::to_string(code / 1'000'000) + "." + std::to_string(code / 1'000 % 1'000) + "." +
                   std::to_string(code % 1'000);
    }
    return typed;
  }
  // Sets and distributions of texts are listed, the first few by name.
  std::vector<std::string> names;
  const bool values = i.yield == Yield::Dist;
  for (const std::uint32_t row : Rows(values ? i.operands[0] : output.value).value_or(std::vector<std::uint32_t>())) {
    if (!values) {
      names.push_back(Key(output, row));
      continue;
    }
    if (i.op == Op::CollectMetric) {
      const double number = metrics::EvaluateSqlMetric(model_, MetricOf(i), row);
      if (!std::isnan(number)) names.push_back(std::to_string(std::llround(number)));
      continue;
    }
    const metrics::Value value = metrics::Evaluate(model_, i.attribute, row);
    if (value.missing()) continue;
    std::string name(value.text);
    if (value.state == metrics::Value::State::Integer) name = std::to_string(value.integer);
    if (value.state == metrics::Value::State::Bool) name = value.boolean ? "true" : "false";
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  if (names.empty()) typed.form = ValueForm::Missing;
  for (std::size_t k = 0; k < std::min(names.size(), kListedNames); ++k) typed.text += (k == 0 ? "" : ", ") + names[k];
  if (names.size() > kListedNames) typed.text += " and " + std::to_string(names.size() - kListedNames) + " more";
  return typed;
}

std::vector<TextSegment> Evaluation::Text(const OutputText& text) {
  std::vector<TextSegment> segments;
  for (const OutputPiece& piece : text) {
    segments.push_back({piece.literal, std::nullopt});
    if (piece.value) segments.back().value = Typed(*piece.value);
  }
  return segments;
}

}  // namespace advise::rules
