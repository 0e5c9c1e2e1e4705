#include "rules/match/evaluator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rules/functions/statistics.h"
#include "support/check.h"

namespace advise::rules {
namespace {

constexpr std::size_t kListedNames = 3;  // of a set in a text; the others are counted

bool IsOf(const BoundExpr& expr, TypeKind kind) { return expr.type.kind == kind; }

// How many parts of a version count in a comparison; 0: all.
int VersionParts(const BoundExpr& expr, const RuleSet& set) {
  if (expr.kind == ExprKind::Param) return VersionParts(set.params[expr.index].value, set);
  return expr.kind == ExprKind::Constant ? expr.version_parts : 0;
}

Truth CompareNumbers(ast::BinaryOp op, double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return Truth::Unknown;
  switch (op) {
    case ast::BinaryOp::Eq: return TruthOf(left == right);
    case ast::BinaryOp::Ne: return TruthOf(left != right);
    case ast::BinaryOp::Lt: return TruthOf(left < right);
    case ast::BinaryOp::Le: return TruthOf(left <= right);
    case ast::BinaryOp::Gt: return TruthOf(left > right);
    case ast::BinaryOp::Ge: return TruthOf(left >= right);
    case ast::BinaryOp::Or:
    case ast::BinaryOp::And:
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Sub:
    case ast::BinaryOp::Mul:
    case ast::BinaryOp::Div:
    case ast::BinaryOp::Of:
    case ast::BinaryOp::Coalesce:
    case ast::BinaryOp::Range: break;
  }
  ADVISE_CHECK(false, "not a comparison");
  return Truth::Unknown;
}

void SortUnique(std::vector<std::uint32_t>& rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

}  // namespace

Evaluator::Evaluator(const RuleSet& set, const model::JobModel& model, const std::vector<GroupRow>& groups,
                     std::vector<FindingsOfRule>& findings, const std::vector<RuleOutcome>& outcomes,
                     const std::vector<Match>& matches)
    : set_(set),
      model_(model),
      groups_(groups),
      findings_(findings),
      outcomes_(outcomes),
      matches_(matches),
      edges_(model),
      dense_(set.columns.size()),
      lazy_(set.columns.size()),
      distributions_(set.dist_count) {}

// ---------------------------------------------------------------- missing inputs
void Evaluator::Miss(std::string name, std::string why) {
  if (sink_ == nullptr) return;
  MissingInput input{std::move(name), std::move(why)};
  if (std::find(sink_->begin(), sink_->end(), input) == sink_->end()) sink_->push_back(std::move(input));
}

void Evaluator::Miss(metrics::AttributeId attribute) {
  if (sink_ == nullptr) return;
  const metrics::Attribute& info = metrics::Get(attribute);
  Miss(std::string(model::EntityName(info.entity)) + "." + std::string(info.name),
       metrics::WhyMissing(model_, attribute));
}

// ---------------------------------------------------------------- conditions
Truth Evaluator::Test(const BoundExpr& expr, Frame& frame) {
  switch (expr.kind) {
    case ExprKind::Not: return NotTruth(Test(expr.operands[0], frame));
    case ExprKind::And: {
      const Truth left = Test(expr.operands[0], frame);
      return left == Truth::False ? left : std::min(left, Test(expr.operands[1], frame));
    }
    case ExprKind::Or: {
      const Truth left = Test(expr.operands[0], frame);
      return left == Truth::True ? left : std::max(left, Test(expr.operands[1], frame));
    }
    case ExprKind::Compare: return Compare(expr, frame);
    case ExprKind::In: return In(expr, frame);
    case ExprKind::IsMissing: {
      std::vector<MissingInput>* const sink = sink_;
      sink_ = nullptr;  // asked on purpose
      const bool set = expr.operands[0].type.IsSet();
      const bool missing =
          set ? !Members(expr.operands[0], frame).has_value() : Eval(expr.operands[0], frame).missing();
      sink_ = sink;
      return TruthOf(missing);
    }
    case ExprKind::Exists: {
      const PatternCount count = CountPattern(expr.pattern[0], frame, true);
      if (count.holds > 0) return Truth::True;
      return count.unknown ? Truth::Unknown : Truth::False;
    }
    case ExprKind::Atom: return AtomHolds(expr, frame);
    case ExprKind::Call:
      if (expr.function == FunctionId::Any || expr.function == FunctionId::All) return AnyAll(expr, frame);
      break;
    case ExprKind::Matches: {
      const Value text = Eval(expr.operands[0], frame);
      if (text.missing()) return Truth::Unknown;
      auto regex = regexes_.find(expr.text);
      if (regex == regexes_.end()) regex = regexes_.emplace(expr.text, Regex(expr.text)).first;
      return TruthOf(regex->second.Finds(text.text));
    }
    case ExprKind::Constant:
    case ExprKind::Param:
    case ExprKind::App:
    case ExprKind::Slot:
    case ExprKind::Wildcard:
    case ExprKind::Attribute:
    case ExprKind::GroupKey:
    case ExprKind::RunningTasks:
    case ExprKind::Conf:
    case ExprKind::ConfIsSet:
    case ExprKind::Members:
    case ExprKind::Related:
    case ExprKind::FlatMembers:
    case ExprKind::Filter:
    case ExprKind::Collect:
    case ExprKind::Negate:
    case ExprKind::Arithmetic:
    case ExprKind::Coalesce:
    case ExprKind::If:
    case ExprKind::Range:
    case ExprKind::Pick:
    case ExprKind::Witness:
    case ExprKind::CountOf: break;
  }
  const Value value = Eval(expr, frame);
  return value.missing() ? Truth::Unknown : TruthOf(value.boolean);
}

Truth Evaluator::Compare(const BoundExpr& expr, Frame& frame) {
  return CompareValues(expr.op, expr.operands[0], expr.operands[1], frame);
}

Truth Evaluator::CompareValues(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, Frame& frame) {
  if (left.type.IsNumber() || IsOf(left, TypeKind::Timestamp))
    return CompareNumbers(op, Number(left, frame), Number(right, frame));
  const Value a = Eval(left, frame);
  const Value b = Eval(right, frame);
  if (a.missing() || b.missing()) return Truth::Unknown;
  if (IsOf(left, TypeKind::Version)) {
    const int left_parts = VersionParts(left, set_);
    const int parts = left_parts != 0 ? left_parts : VersionParts(right, set_);
    if (parts == 0) return CompareNumbers(op, a.number, b.number);
    return CompareNumbers(op, CutVersion(a.number, parts), CutVersion(b.number, parts));
  }
  bool equal = false;
  switch (a.kind) {
    case Value::Kind::Text: equal = a.text == b.text; break;
    case Value::Kind::Bool: equal = a.boolean == b.boolean; break;
    case Value::Kind::Row: equal = a.row == b.row; break;
    case Value::Kind::Number: equal = a.number == b.number; break;
    case Value::Kind::Missing: return Truth::Unknown;
  }
  return TruthOf(equal == (op == ast::BinaryOp::Eq));
}

Truth Evaluator::In(const BoundExpr& expr, Frame& frame) {
  const BoundExpr& value = expr.operands[0];
  Truth result = Truth::False;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    const BoundExpr& choice = expr.operands[i];
    Truth one = Truth::False;
    if (choice.kind == ExprKind::Range) {
      one = std::min(CompareValues(ast::BinaryOp::Ge, value, choice.operands[0], frame),
                     CompareValues(ast::BinaryOp::Le, value, choice.operands[1], frame));
    } else {
      one = CompareValues(ast::BinaryOp::Eq, value, choice, frame);
    }
    result = std::max(result, one);
  }
  return result;
}

Truth Evaluator::AnyAll(const BoundExpr& expr, Frame& frame) {
  const BoundExpr& dist = expr.operands[0];
  const bool any = expr.function == FunctionId::Any;
  const auto members = Members(dist.operands[0], frame);
  if (!members) return Truth::Unknown;
  Truth result = any ? Truth::False : Truth::True;
  for (const std::uint32_t row : *members) {
    const metrics::Value value = metrics::Evaluate(model_, dist.attribute, row);
    if (value.missing()) Miss(dist.attribute);
    const Truth one = value.missing() ? Truth::Unknown : TruthOf(value.boolean);
    result = any ? std::max(result, one) : std::min(result, one);
  }
  return result;
}

std::optional<std::vector<std::uint32_t>> Evaluator::Arguments(const BoundExpr& expr, Frame& frame) {
  std::vector<std::uint32_t> arguments;
  for (const BoundExpr& operand : expr.operands) {
    if (operand.kind == ExprKind::Wildcard) {
      arguments.push_back(kAnyRow);
      continue;
    }
    const Value value = Eval(operand, frame);
    if (value.missing()) return std::nullopt;
    arguments.push_back(value.row);
  }
  return arguments;
}

// Of several findings with these arguments the first.
Value Evaluator::WitnessRow(const BoundExpr& expr, Frame& frame) {
  const auto arguments = Arguments(expr, frame);
  if (!arguments) return {};
  const std::vector<std::uint32_t> found = findings_[expr.rule].known.Find(*arguments);
  if (found.empty()) return {};
  const auto first = std::ranges::lower_bound(matches_, expr.rule, {}, &Match::rule);
  const std::uint32_t row = (first + found.front())->witness[expr.index];
  return row == kUnboundSlot ? Value{} : RowValue(row);
}

Truth Evaluator::AtomHolds(const BoundExpr& expr, Frame& frame) {
  const auto arguments = Arguments(expr, frame);
  if (!arguments) return Truth::Unknown;
  FindingsOfRule& findings = findings_[expr.index];
  if (findings.known.Contains(*arguments)) return Truth::True;
  if (!findings.all_unknown && !findings.unknown.Contains(*arguments)) return Truth::False;
  for (const MissingInput& input : outcomes_[expr.index].missing) Miss(input.name, input.why);
  return Truth::Unknown;
}

// ---------------------------------------------------------------- values
Value Evaluator::Eval(const BoundExpr& expr, Frame& frame) {
  switch (expr.kind) {
    case ExprKind::Constant:
      if (IsOf(expr, TypeKind::Bool)) return BoolValue(expr.number != 0);
      if (IsOf(expr, TypeKind::String) || IsOf(expr, TypeKind::Enum)) return TextValue(expr.text);
      return NumberValue(expr.number);
    case ExprKind::Param: return Eval(set_.params[expr.index].value, frame);
    case ExprKind::App: return RowValue(0);
    case ExprKind::Slot: {
      const std::uint32_t row = frame.At(expr.index);
      return row == kUnboundSlot ? Value{} : RowValue(row);
    }
    case ExprKind::Attribute: return Attribute(expr, frame);
    case ExprKind::GroupKey: return KeyValue(expr, frame);
    case ExprKind::Conf:
    case ExprKind::ConfIsSet: return Setting(expr, frame);
    case ExprKind::Coalesce: {
      std::vector<MissingInput>* const sink = sink_;
      sink_ = nullptr;
      const Value left = Eval(expr.operands[0], frame);
      sink_ = sink;
      return left.missing() ? Eval(expr.operands[1], frame) : left;
    }
    case ExprKind::If: {
      const Truth condition = Test(expr.operands[0], frame);
      if (condition == Truth::Unknown) return {};
      return Eval(expr.operands[condition == Truth::True ? 1 : 2], frame);
    }
    case ExprKind::Witness: return WitnessRow(expr, frame);
    case ExprKind::Pick: {
      const auto row = PickOne(expr, frame);
      return row ? RowValue(*row) : Value{};
    }
    case ExprKind::Call: {
      if (expr.function == FunctionId::Any || expr.function == FunctionId::All) return TruthValue(AnyAll(expr, frame));
      if (expr.function == FunctionId::Hist) return HistogramText(expr, frame);
      if (expr.function == FunctionId::First) {
        const auto members = Members(expr.operands[0], frame);
        return members && !members->empty() ? RowValue(members->front()) : Value{};
      }
      return NumberValue(Number(expr, frame));
    }
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Compare:
    case ExprKind::In:
    case ExprKind::Matches:
    case ExprKind::IsMissing:
    case ExprKind::Exists:
    case ExprKind::Atom: return TruthValue(Test(expr, frame));
    case ExprKind::Negate:
    case ExprKind::Arithmetic:
    case ExprKind::CountOf: return NumberValue(Number(expr, frame));
    case ExprKind::Wildcard:
    case ExprKind::RunningTasks:
    case ExprKind::Members:
    case ExprKind::Related:
    case ExprKind::FlatMembers:
    case ExprKind::Filter:
    case ExprKind::Collect:
    case ExprKind::Range: return {};  // no single value
  }
  return {};
}

Value Evaluator::Attribute(const BoundExpr& expr, Frame& frame) {
  const Value object = Eval(expr.operands[0], frame);
  if (object.missing()) return {};
  if (IsOf(expr, TypeKind::Version)) {
    if (!model_.version.known) {
      Miss(expr.attribute);
      return {};
    }
    return NumberValue(VersionCode(model_.version.major, model_.version.minor, model_.version.patch));
  }
  if (expr.type.IsNumber() || IsOf(expr, TypeKind::Timestamp)) {
    const double number = metrics::EvaluateNumber(model_, expr.attribute, object.row);
    if (std::isnan(number)) Miss(expr.attribute);
    return NumberValue(number);
  }
  const metrics::Value value = metrics::Evaluate(model_, expr.attribute, object.row);
  switch (value.state) {
    case metrics::Value::State::Missing: Miss(expr.attribute); return {};
    case metrics::Value::State::Integer: return NumberValue(static_cast<double>(value.integer));
    case metrics::Value::State::Real: return NumberValue(value.real);
    case metrics::Value::State::Bool: return BoolValue(value.boolean);
    case metrics::Value::State::Text: return TextValue(value.text);
    case metrics::Value::State::Entity: return RowValue(static_cast<std::uint32_t>(value.integer));
  }
  return {};
}

// All members agree in the keys, so any of them knows the value.
Value Evaluator::KeyValue(const BoundExpr& expr, Frame& frame) {
  const Value group = Eval(expr.operands[0], frame);
  if (group.missing()) return {};
  const std::vector<std::uint32_t>& members = groups_[group.row].members;
  const metrics::Value value = metrics::Evaluate(model_, expr.attribute, members.front());
  switch (value.state) {
    case metrics::Value::State::Missing: return {};
    case metrics::Value::State::Integer:
    case metrics::Value::State::Real:
      return NumberValue(metrics::EvaluateNumber(model_, expr.attribute, members.front()));
    case metrics::Value::State::Bool: return BoolValue(value.boolean);
    case metrics::Value::State::Text: return TextValue(value.text);
    case metrics::Value::State::Entity: return RowValue(static_cast<std::uint32_t>(value.integer));
  }
  return {};
}

// The value in force (model/effective_setting.h) in the query of the subject, else in the application.
spark::EffectiveValue Evaluator::InForce(const BoundExpr& expr, Frame& frame) {
  if (expr.operands.empty()) return model::EffectiveSetting(model_, expr.text);
  const BoundExpr& subject = expr.operands[0];
  const std::uint32_t row = frame.At(subject.index);
  if (row == kUnboundSlot) return model::EffectiveSetting(model_, expr.text);
  const metrics::Entity entity = subject.type.entity->entity;
  if (subject.type.kind == TypeKind::Group) {
    return model::EffectiveSetting(model_, expr.text, entity, groups_[row].members);
  }
  const std::optional<model::SqlRow> query = model::QueryOf(model_, entity, row);
  std::vector<std::optional<spark::EffectiveValue>>& known = settings_[expr.text];
  if (known.empty()) known.resize(model_.sql_executions.size() + 1);  // the last: of no query
  std::optional<spark::EffectiveValue>& value = known[query ? query->index : known.size() - 1];
  if (!value) value = model::EffectiveSetting(model_, expr.text, query);
  return *value;
}

Value Evaluator::Setting(const BoundExpr& expr, Frame& frame) {
  const spark::EffectiveValue value = InForce(expr, frame);
  const auto miss = [&]() -> Value {
    Miss("conf \"" + expr.text + "\"", spark::Explain(value));
    return {};
  };
  if (value.why == spark::NoValue::NoEnvironment) return miss();
  if (expr.kind == ExprKind::ConfIsSet) return BoolValue(value.is_set());
  if (!value.text) return miss();
  if (IsOf(expr, TypeKind::String)) return TextValue(*value.text);
  if (!value.number) return miss();
  return IsOf(expr, TypeKind::Bool) ? BoolValue(*value.number != 0) : NumberValue(*value.number);
}

// ---------------------------------------------------------------- numbers
double Evaluator::Number(const BoundExpr& expr, Frame& frame) {
  if (expr.column < 0) return NumberUncached(expr, frame);
  if (sink_ != nullptr) {
    // A value that is known has no missing input to tell of: only the others are worth computing once more.
    auto* const sink = std::exchange(sink_, nullptr);
    const double value = Number(expr, frame);
    sink_ = sink;
    return std::isnan(value) ? NumberUncached(expr, frame) : value;
  }
  const auto column = static_cast<std::size_t>(expr.column);
  const std::uint32_t row = frame.At(expr.index);
  if (row == kUnboundSlot) return kMissingNumber;
  if (set_.columns[column].cheap)
    return dense_[column] != nullptr ? (*dense_[column])[row] : NumberUncached(expr, frame);
  if (lazy_[column].computed.empty()) {
    const std::size_t rows = model_.RowCount(set_.columns[column].entity);
    lazy_[column].values.resize(rows);
    lazy_[column].computed.resize(rows);
  }
  if (lazy_[column].computed[row] == 0) {
    const double value = NumberUncached(expr, frame);
    lazy_[column].values[row] = value;
    lazy_[column].computed[row] = 1;
  }
  return lazy_[column].values[row];
}

double Evaluator::NumberUncached(const BoundExpr& expr, Frame& frame) {
  switch (expr.kind) {
    case ExprKind::Constant: return expr.number;
    case ExprKind::Negate: return -Number(expr.operands[0], frame);
    case ExprKind::Arithmetic:
      return Arithmetic(expr.op, Number(expr.operands[0], frame), Number(expr.operands[1], frame));
    case ExprKind::Call: return CallNumber(expr, frame);
    case ExprKind::CountOf: {
      const PatternCount count = CountPattern(expr.pattern[0], frame, false);
      return count.unknown ? kMissingNumber : static_cast<double>(count.holds);
    }
    case ExprKind::Param:
    case ExprKind::App:
    case ExprKind::Slot:
    case ExprKind::Wildcard:
    case ExprKind::Attribute:
    case ExprKind::GroupKey:
    case ExprKind::RunningTasks:
    case ExprKind::Conf:
    case ExprKind::ConfIsSet:
    case ExprKind::Members:
    case ExprKind::Related:
    case ExprKind::FlatMembers:
    case ExprKind::Filter:
    case ExprKind::Collect:
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Compare:
    case ExprKind::Coalesce:
    case ExprKind::If:
    case ExprKind::Range:
    case ExprKind::In:
    case ExprKind::Matches:
    case ExprKind::IsMissing:
    case ExprKind::Pick:
    case ExprKind::Exists:
    case ExprKind::Witness:
    case ExprKind::Atom: break;
  }
  const Value value = Eval(expr, frame);
  return value.missing() ? kMissingNumber : value.number;
}

double Evaluator::Arithmetic(ast::BinaryOp op, double left, double right) const {
  if (op == ast::BinaryOp::Add) return left + right;
  if (op == ast::BinaryOp::Sub) return left - right;
  if (op == ast::BinaryOp::Mul) return left * right;
  return right == 0 ? kMissingNumber : left / right;
}

double Evaluator::CallNumber(const BoundExpr& expr, Frame& frame) {
  const BoundExpr& first = expr.operands[0];
  if (expr.function == FunctionId::Count && first.type.IsSet()) {
    const auto members = Members(first, frame);
    return members ? static_cast<double>(members->size()) : kMissingNumber;
  }
  if (first.type.kind == TypeKind::Series) return SeriesNumber(expr);
  if (first.type.kind != TypeKind::Dist) {
    const double value = Number(first, frame);
    const bool extreme = expr.function == FunctionId::Min || expr.function == FunctionId::Max;
    if (!extreme) return std::isnan(value) ? value : ApplyNumberFunction(expr.function, value);
    double best = value;
    for (std::size_t i = 1; i < expr.operands.size(); ++i) {
      const double next = Number(expr.operands[i], frame);
      if (std::isnan(best) || std::isnan(next)) {
        best = kMissingNumber;
      } else {
        best = expr.function == FunctionId::Min ? std::min(best, next) : std::max(best, next);
      }
    }
    return best;
  }
  if (expr.function == FunctionId::Count && first.type.element != TypeKind::Number) {
    const auto members = Members(first.operands[0], frame);
    if (!members) return kMissingNumber;
    const auto known = std::count_if(members->begin(), members->end(), [&](std::uint32_t row) {
      return !metrics::Evaluate(model_, first.attribute, row).missing();
    });
    return static_cast<double>(known);
  }
  Distribution scratch;
  Distribution& values = Collect(first, frame, scratch);
  if (!values.known) return kMissingNumber;
  if (expr.function == FunctionId::Corr) {
    Distribution second_scratch;
    const Distribution& second = Collect(expr.operands[1], frame, second_scratch);
    return second.known ? Correlation(values.all, second.all) : kMissingNumber;
  }
  if (expr.function == FunctionId::ShareTop) {
    const double share = Number(expr.operands[1], frame);
    Sort(values);
    return ShareTop(values.ascending, share);
  }
  const double result = Aggregate(expr, values);
  // Some members that have no value make no distribution unknown, but none at all does.
  if (std::isnan(result) && !values.all.empty() && values.ascending.empty()) Miss(first.attribute);
  return result;
}

Value Evaluator::HistogramText(const BoundExpr& expr, Frame& frame) {
  constexpr std::size_t kParts = 10;
  Distribution scratch;
  const Distribution& values = Collect(expr.operands[0], frame, scratch);
  if (!values.known || values.ascending.empty()) {
    if (values.known && !values.all.empty()) Miss(expr.operands[0].attribute);
    return {};
  }
  std::string text;
  for (const std::size_t count : Histogram(values.ascending, kParts))
    text += (text.empty() ? "" : " ") + std::to_string(count);
  return TextValue(*texts_.insert(std::move(text)).first);
}

double Evaluator::Aggregate(const BoundExpr& expr, Distribution& values) const {
  const std::vector<double>& known = values.ascending;
  const bool nothing = known.empty() && !values.all.empty();
  switch (expr.function) {
    case FunctionId::Count: return static_cast<double>(known.size());
    case FunctionId::Sum: return nothing ? kMissingNumber : Sum(known);
    case FunctionId::Mean: return Mean(known);
    case FunctionId::Min: return known.empty() ? kMissingNumber : *std::min_element(known.begin(), known.end());
    case FunctionId::Max: return known.empty() ? kMissingNumber : *std::max_element(known.begin(), known.end());
    case FunctionId::Sd: return StandardDeviation(known);
    case FunctionId::Cv: {
      const double mean = Mean(known);
      return mean == 0 ? kMissingNumber : StandardDeviation(known) / mean;
    }
    case FunctionId::Quantile: Sort(values); return Quantile(known, expr.number);
    case FunctionId::Gini: Sort(values); return Gini(known);
    case FunctionId::Mad: Sort(values); return MedianAbsoluteDeviation(known);
    case FunctionId::ShareTop:
    case FunctionId::Hist:
    case FunctionId::Any:
    case FunctionId::All:
    case FunctionId::Corr:
    case FunctionId::ArgMax:
    case FunctionId::ArgMin:
    case FunctionId::Top:
    case FunctionId::First:
    case FunctionId::Rest:
    case FunctionId::Ceil:
    case FunctionId::Floor:
    case FunctionId::Round:
    case FunctionId::Abs:
    case FunctionId::Sqrt:
    case FunctionId::Log:
    case FunctionId::ConfIsSet: break;
  }
  ADVISE_CHECK(false, "not an aggregate of numbers");
  return kMissingNumber;
}

void Evaluator::Sort(Distribution& values) const {
  if (values.sorted) return;
  std::sort(values.ascending.begin(), values.ascending.end());
  values.sorted = true;
}

Evaluator::Distribution& Evaluator::Collect(const BoundExpr& expr, Frame& frame, Distribution& scratch) {
  Distribution& values = expr.dist >= 0 ? distributions_[static_cast<std::size_t>(expr.dist)] : scratch;
  const std::uint32_t row = expr.dist >= 0 ? frame.At(expr.index) : kUnboundSlot;
  if (row != kUnboundSlot && values.row == row && sink_ == nullptr) return values;
  const auto members = Members(expr.operands[0], frame);
  values.row = row;
  values.known = members.has_value();
  values.sorted = false;
  values.all.clear();
  values.ascending.clear();
  if (!members) return values;
  values.all.resize(members->size());
  metrics::EvaluateNumbers(model_, expr.attribute, *members, values.all);
  for (const double value : values.all) {
    if (!std::isnan(value)) values.ascending.push_back(value);
  }
  return values;
}

// Time-weighted: a percentile is the smallest value below or at which the series is for that part of the time.
double Evaluator::SeriesNumber(const BoundExpr& expr) {
  if (!running_tasks_) {
    const metrics::StepSeries series = metrics::RunningTasks(model_);
    running_tasks_.emplace();
    for (std::size_t i = 0; i + 1 < series.times.size() && i < series.values.size(); ++i) {
      const auto length = static_cast<double>(series.times[i + 1] - series.times[i]);
      if (length > 0) running_tasks_->emplace_back(series.values[i], length);
    }
    std::sort(running_tasks_->begin(), running_tasks_->end());
  }
  const auto& parts = *running_tasks_;
  if (parts.empty()) return kMissingNumber;
  double total = 0;
  double weighted = 0;
  for (const auto& [value, length] : parts) {
    total += length;
    weighted += value * length;
  }
  if (expr.function == FunctionId::Mean) return weighted / total;
  if (expr.function == FunctionId::Min) return parts.front().first;
  if (expr.function == FunctionId::Max) return parts.back().first;
  double before = 0;
  for (const auto& [value, length] : parts) {
    before += length;
    if (before >= expr.number * total) return value;
  }
  return parts.back().first;
}

// ---------------------------------------------------------------- sets
std::optional<std::vector<std::uint32_t>> Evaluator::Members(const BoundExpr& expr, Frame& frame) {
  if (expr.kind == ExprKind::Members) {
    const Value object = Eval(expr.operands[0], frame);
    if (object.missing()) return std::nullopt;
    return metrics::EvaluateSet(model_, expr.attribute, object.row);
  }
  if (expr.kind == ExprKind::Slot || expr.kind == ExprKind::Witness) {
    const Value group = Eval(expr, frame);
    if (group.missing()) return std::nullopt;
    return groups_[group.row].members;
  }
  if (expr.operands.empty()) return std::nullopt;
  auto members = Members(expr.operands[0], frame);
  if (!members) return std::nullopt;
  std::vector<std::uint32_t> result;
  switch (expr.kind) {
    case ExprKind::Related:
      for (const std::uint32_t row : *members) {
        const metrics::Value value = metrics::Evaluate(model_, expr.attribute, row);
        if (!value.missing()) result.push_back(static_cast<std::uint32_t>(value.integer));
      }
      SortUnique(result);
      return result;
    case ExprKind::FlatMembers:
      for (const std::uint32_t row : *members) {
        const std::vector<std::uint32_t> more = metrics::EvaluateSet(model_, expr.attribute, row);
        result.insert(result.end(), more.begin(), more.end());
      }
      SortUnique(result);
      return result;
    case ExprKind::Filter: {
      const std::uint32_t before = frame.At(expr.index);
      for (const std::uint32_t row : *members) {
        frame.Set(expr.index, row);
        if (Test(expr.operands[1], frame) == Truth::True) result.push_back(row);
      }
      frame.Set(expr.index, before);
      return result;
    }
    case ExprKind::Pick: {
      const double wanted = Number(expr.operands[2], frame);
      if (std::isnan(wanted)) return std::nullopt;
      return PickTop(expr, *members, wanted > 0 ? static_cast<std::size_t>(wanted) : 0, frame);
    }
    case ExprKind::Call:  // rest
      if (!members->empty()) members->erase(members->begin());
      return members;
    case ExprKind::Constant:
    case ExprKind::Param:
    case ExprKind::App:
    case ExprKind::Slot:
    case ExprKind::Wildcard:
    case ExprKind::Attribute:
    case ExprKind::GroupKey:
    case ExprKind::RunningTasks:
    case ExprKind::Conf:
    case ExprKind::ConfIsSet:
    case ExprKind::Members:
    case ExprKind::Collect:
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Negate:
    case ExprKind::Compare:
    case ExprKind::Arithmetic:
    case ExprKind::Coalesce:
    case ExprKind::If:
    case ExprKind::Range:
    case ExprKind::In:
    case ExprKind::Matches:
    case ExprKind::IsMissing:
    case ExprKind::Exists:
    case ExprKind::CountOf:
    case ExprKind::Witness:
    case ExprKind::Atom: break;
  }
  return std::nullopt;
}

// The first of the members with the largest (smallest) known value.
std::optional<std::uint32_t> Evaluator::PickOne(const BoundExpr& expr, Frame& frame) {
  const auto members = Members(expr.operands[0], frame);
  if (!members) return std::nullopt;
  const std::uint32_t before = frame.At(expr.index);
  std::optional<std::uint32_t> best;
  double best_value = 0;
  for (const std::uint32_t row : *members) {
    frame.Set(expr.index, row);
    const double value = Number(expr.operands[1], frame);
    if (std::isnan(value)) continue;
    const bool better = expr.function == FunctionId::ArgMin ? value < best_value : value > best_value;
    if (best && !better) continue;
    best = row;
    best_value = value;
  }
  frame.Set(expr.index, before);
  return best;
}

std::vector<std::uint32_t> Evaluator::PickTop(const BoundExpr& expr, const std::vector<std::uint32_t>& members,
                                              std::size_t count, Frame& frame) {
  const std::uint32_t before = frame.At(expr.index);
  std::vector<std::pair<double, std::uint32_t>> values;
  for (const std::uint32_t row : members) {
    frame.Set(expr.index, row);
    const double value = Number(expr.operands[1], frame);
    if (!std::isnan(value)) values.emplace_back(value, row);
  }
  frame.Set(expr.index, before);
  std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  values.resize(std::min(values.size(), count));
  std::vector<std::uint32_t> rows;
  for (const auto& [value, row] : values) rows.push_back(row);
  return rows;
}

// ---------------------------------------------------------------- whole columns
const std::vector<double>& Evaluator::Dense(std::size_t index) {
  if (dense_[index] != nullptr) return *dense_[index];
  const DerivedColumn& column = set_.columns[index];
  auto values = std::make_unique<std::vector<double>>(model_.RowCount(column.entity));
  const std::vector<Slot> slots;
  Frame frame(slots);
  DenseInto(column.expr, frame, column.slot, *values);
  dense_[index] = std::move(values);
  return *dense_[index];
}

void Evaluator::DenseInto(const BoundExpr& expr, Frame& frame, SlotIndex slot, std::vector<double>& out) {
  const bool leaf = expr.kind == ExprKind::Attribute && expr.operands[0].kind == ExprKind::Slot;
  if (leaf) {
    std::vector<std::uint32_t> rows(out.size());
    std::iota(rows.begin(), rows.end(), 0U);
    metrics::EvaluateNumbers(model_, expr.attribute, rows, out);
  } else if (FreeSlots(expr).empty()) {
    std::fill(out.begin(), out.end(), Number(expr, frame));
  } else if (expr.kind == ExprKind::Negate) {
    DenseInto(expr.operands[0], frame, slot, out);
    for (double& value : out) value = -value;
  } else if (expr.kind == ExprKind::Arithmetic) {
    std::vector<double> right(out.size());
    DenseInto(expr.operands[0], frame, slot, out);
    DenseInto(expr.operands[1], frame, slot, right);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = Arithmetic(expr.op, out[i], right[i]);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) {
      frame.Set(slot, static_cast<std::uint32_t>(i));
      out[i] = NumberUncached(expr, frame);
    }
  }
}

const Domain& Evaluator::DomainOf(const Slot& slot) {
  const Domain*& seen = domain_of_slot_[&slot];
  if (seen == nullptr) seen = &MakeDomain(slot);
  return *seen;
}

const Domain& Evaluator::MakeDomain(const Slot& slot) {
  std::string key = TypeText(slot.type);
  for (const metrics::EntityType& type : slot.any_of) key += "|" + EntityTypeText(type);
  const auto known = domains_.find(key);
  if (known != domains_.end()) return known->second;
  Domain& domain = domains_[key];
  domain.mask.resize(model_.RowCount(slot.type.entity->entity));
  const std::vector<metrics::EntityType> types = slot.any_of.empty() ? std::vector{*slot.type.entity} : slot.any_of;
  for (const metrics::EntityType& type : types) {
    const std::vector<std::uint32_t> rows = metrics::RowsOfType(model_, type);
    domain.rows.insert(domain.rows.end(), rows.begin(), rows.end());
    for (const std::uint32_t row : rows) domain.mask[row] = 1;
  }
  SortUnique(domain.rows);
  return domain;
}

// ---------------------------------------------------------------- patterns
NeighbourList Evaluator::Neighbours(const PatternEdge& edge, std::uint32_t row, bool forward) {
  std::vector<Neighbour> result;
  if (edge.hops) {
    for (const std::uint32_t reached : edges_.Reach(edge.kinds, row, forward, *edge.hops))
      result.push_back({reached, 0});
    return NeighbourList(std::move(result));
  }
  const auto same = [](const Neighbour& a, const Neighbour& b) { return a.row == b.row; };
  if (edge.kinds.size() == 1) {
    const auto some = forward ? edges_.From(edge.kinds[0], row) : edges_.To(edge.kinds[0], row);
    if (edge.edge || std::adjacent_find(some.begin(), some.end(), same) == some.end()) return NeighbourList(some);
  }
  for (const metrics::EdgeKind kind : edge.kinds) {
    const auto some = forward ? edges_.From(kind, row) : edges_.To(kind, row);
    result.insert(result.end(), some.begin(), some.end());
  }
  if (edge.kinds.size() > 1) {
    std::sort(result.begin(), result.end(), [](const Neighbour& a, const Neighbour& b) { return a.row < b.row; });
  }
  if (!edge.edge) result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return NeighbourList(std::move(result));
}

Evaluator::PatternCount Evaluator::CountPattern(const BoundPattern& pattern, Frame& frame, bool stop_at_first) {
  PatternCount count;
  std::vector<bool> done(pattern.edges.size(), false);
  SearchPattern(pattern, done, frame, stop_at_first, count);
  return count;
}

// Binds along edges with one bound end; without one, a node by its whole domain.
void Evaluator::SearchPattern(const BoundPattern& pattern, std::vector<bool>& done, Frame& frame, bool stop_at_first,
                              PatternCount& count) {
  if (stop_at_first && count.holds > 0) return;
  for (std::size_t i = 0; i < pattern.edges.size(); ++i) {
    const PatternEdge& edge = pattern.edges[i];
    const bool forward = frame.At(edge.from) != kUnboundSlot;
    if (done[i] || (!forward && frame.At(edge.to) == kUnboundSlot)) continue;
    const SlotIndex here = forward ? edge.from : edge.to;
    const SlotIndex there = forward ? edge.to : edge.from;
    const std::uint32_t before = frame.At(there);
    const Domain& domain = DomainOf(frame.slots()[there]);
    done[i] = true;
    for (const Neighbour& neighbour : Neighbours(edge, frame.At(here), forward)) {
      if (before != kUnboundSlot ? neighbour.row != before : domain.mask[neighbour.row] == 0) continue;
      frame.Set(there, neighbour.row);
      if (edge.edge) frame.Set(*edge.edge, neighbour.edge);
      SearchPattern(pattern, done, frame, stop_at_first, count);
    }
    done[i] = false;
    frame.Set(there, before);
    if (edge.edge) frame.Set(*edge.edge, kUnboundSlot);
    return;
  }
  for (const SlotIndex node : pattern.nodes) {
    if (frame.At(node) != kUnboundSlot) continue;
    for (const std::uint32_t row : DomainOf(frame.slots()[node]).rows) {
      frame.Set(node, row);
      SearchPattern(pattern, done, frame, stop_at_first, count);
    }
    frame.Set(node, kUnboundSlot);
    return;
  }
  Truth truth = Truth::True;
  for (const BoundExpr& condition : pattern.conditions) truth = std::min(truth, Test(condition, frame));
  if (truth == Truth::True) ++count.holds;
  if (truth == Truth::Unknown) count.unknown = true;
}

// ---------------------------------------------------------------- for people
std::string Evaluator::Key(const Type& type, std::uint32_t row) const {
  if (type.kind != TypeKind::Group) return metrics::EntityKey(model_, type.entity->entity, row);
  std::string key;
  for (const TypedValue& value : groups_[row].keys) key += (key.empty() ? "" : ", ") + value.text;
  return key;
}

TypedValue Evaluator::Typed(const BoundExpr& expr, Frame& frame) {
  TypedValue typed;
  typed.form = FormOf(expr.type);
  // Sets and distributions of texts are listed, the first few by name.
  std::vector<std::string> names;
  if (expr.type.kind == TypeKind::EntitySet) {
    for (const std::uint32_t row : Members(expr, frame).value_or(std::vector<std::uint32_t>()))
      names.push_back(Key(expr.type, row));
  } else if (expr.type.kind == TypeKind::Dist) {
    for (const std::uint32_t row : Members(expr.operands[0], frame).value_or(std::vector<std::uint32_t>())) {
      const metrics::Value value = metrics::Evaluate(model_, expr.attribute, row);
      if (value.missing()) continue;
      std::string name(value.text);
      if (value.state == metrics::Value::State::Integer) name = std::to_string(value.integer);
      if (value.state == metrics::Value::State::Bool) name = value.boolean ? "true" : "false";
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  } else {
    const Value value = Eval(expr, frame);
    switch (value.kind) {
      case Value::Kind::Missing: typed.form = ValueForm::Missing; break;
      case Value::Kind::Number: typed.number = value.number; break;
      case Value::Kind::Bool: typed.number = value.boolean ? 1 : 0; break;
      case Value::Kind::Text: typed.text = value.text; break;
      case Value::Kind::Row: typed.text = Key(expr.type, value.row); break;
    }
    if (typed.form == ValueForm::Version) {
      const auto code = static_cast<std::int64_t>(value.number);
      typed.text = std::to_string(code / 1'000'000) + "." + std::to_string(code / 1'000 % 1'000) + "." +
                   std::to_string(code % 1'000);
    }
    return typed;
  }
  if (names.empty()) typed.form = ValueForm::Missing;
  for (std::size_t i = 0; i < std::min(names.size(), kListedNames); ++i) typed.text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kListedNames) typed.text += " and " + std::to_string(names.size() - kListedNames) + " more";
  return typed;
}

}  // namespace advise::rules
