// metric(n, "spill size") and metric_max: what the name says of the type, and whose metric it is.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "rules/bind/bind_expr.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"

namespace advise::rules {
namespace {

using metrics::SqlMetricInfo;
using metrics::SqlMetricKind;
using metrics::SqlMetricPart;

// The types by which a rule says what a metric is that is not Spark's own.
constexpr std::pair<std::string_view, SqlMetricKind> kKinds[] = {{"Count", SqlMetricKind::Count},
                                                                 {"Bytes", SqlMetricKind::Bytes},
                                                                 {"SlotTime", SqlMetricKind::TaskTime},
                                                                 {"Duration", SqlMetricKind::DriverTime},
                                                                 {"Ratio", SqlMetricKind::Average}};

std::optional<std::string> TextIn(const ast::Expr& expr) {
  const auto* literal = std::get_if<ast::Literal>(&expr.node);
  if (literal == nullptr || literal->kind != ast::LiteralKind::String) return std::nullopt;
  return literal->text;
}

std::optional<SqlMetricKind> KindIn(const ast::Expr& expr) {
  const auto* word = std::get_if<ast::Identifier>(&expr.node);
  if (word == nullptr) return std::nullopt;
  const auto* known =
      std::ranges::find(kKinds, std::string_view(word->name.text), &std::pair<std::string_view, SqlMetricKind>::first);
  return known == std::end(kKinds) ? std::nullopt : std::optional(known->second);
}

std::string_view WordOf(SqlMetricKind kind) {
  return std::ranges::find(kKinds, kind, &std::pair<std::string_view, SqlMetricKind>::second)->first;
}

// A name that is not in the list is no error: accelerators and table formats have metrics of their own. If the rule does
// not say what it is (`stated`), it is what the name that may be meant is, so that one typo is one message; else a Count.
SqlMetricKind KindOfUnknown(const NamedMetric& metric, std::optional<SqlMetricKind> stated, Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  for (const SqlMetricInfo& known : metrics::KnownSqlMetrics()) names.push_back(known.name);
  const auto near = DidYouMean(metric.name, names);
  if (stated && !near) return *stated;
  const SqlMetricKind kind = stated.value_or(near ? metrics::FindSqlMetric(*near)->kind : SqlMetricKind::Count);
  Diagnostic& d = diagnostics.Report(DiagnosticCode::UnknownField, metric.name_span,
                                     "no operator of Spark has the SQL metric " + Quoted(metric.name));
  d.severity = advise::Severity::Warning;
  if (near) {
    d.message += "; did you mean " + Quoted(*near) + " (" +
                 std::string(WordOf(metrics::FindSqlMetric(*near)->kind)) + ")?";
    d.fixes = {{metric.name_span, "\"" + std::string(*near) + "\""}};
  }
  if (stated) return kind;
  d.notes.emplace_back("it is taken for " + std::string(WordOf(kind)));
  if (!near) {
    d.helps.push_back("if it is a metric of an accelerator or a table format, say what it is: `metric(n, \"" +
                      metric.name + "\", Bytes)`, or SlotTime (of tasks), Duration (of the driver), Ratio, Count");
  }
  return kind;
}

}  // namespace

std::optional<NamedMetric> ReadMetric(const RuleFunction& function, const ast::Call& call, SourceSpan span,
                                      Diagnostics& diagnostics) {
  NamedMetric metric;
  metric.part = function.id == FunctionId::MetricMax ? SqlMetricPart::Largest : SqlMetricPart::Total;
  const auto& arguments = call.arguments;
  const auto wrong = [&](SourceSpan place) {
    diagnostics.Report(DiagnosticCode::Arity, place,
                       Quoted(function.name) + " is written " + Quoted(function.signature));
    return std::nullopt;
  };
  for (const ast::Argument& argument : arguments) {
    if (argument.by != nullptr) return wrong(argument.by->span);
  }
  std::size_t at = 0;
  if (!arguments.empty() && !TextIn(*arguments[0].value)) metric.of = arguments[at++].value.get();
  if (at == arguments.size()) return wrong(span);
  const auto name = TextIn(*arguments[at].value);
  if (!name) return wrong(arguments[at].value->span);
  metric.name = *name;
  metric.name_span = arguments[at].value->span;
  ++at;
  std::optional<SqlMetricKind> stated;
  if (at < arguments.size()) {
    const ast::Expr& type = *arguments[at++].value;
    stated = KindIn(type);
    if (!stated) {
      diagnostics.Report(DiagnosticCode::TypeMismatch, type.span,
                         "expected what the metric is: Count, Bytes, SlotTime, Duration or Ratio");
      return std::nullopt;
    }
  }
  if (at < arguments.size()) return wrong(arguments[at].value->span);
  const SqlMetricInfo* known = metrics::FindSqlMetric(metric.name);
  if (known != nullptr && stated && *stated != known->kind) {
    diagnostics
        .Report(DiagnosticCode::UnitMismatch, arguments.back().value->span,
                Quoted(metric.name) + " is " + std::string(WordOf(known->kind)) + " in Spark",
                "not " + std::string(WordOf(*stated)))
        .helps.emplace_back("leave the type out: only metrics that are not Spark's own need one");
    return std::nullopt;
  }
  metric.kind = known != nullptr ? known->kind : KindOfUnknown(metric, stated, diagnostics);
  return metric;
}

BoundExpr ExprBinder::BindMetric(const RuleFunction& function, const ast::Call& call, SourceSpan span) {
  const auto metric = ReadMetric(function, call, span, context_.diagnostics);
  if (!metric) return Error(span);
  BoundExpr of;
  if (metric->of != nullptr) {
    of = Bind(*metric->of);
    if (of.type.IsError()) return Error(span);
  } else if (!elements_.empty()) {
    of = MakeSlot(elements_.back().slot, span);
  } else {
    Report(DiagnosticCode::Arity, span, Quoted(function.name) + " of which node?")
        .helps.push_back("only within `[…]` and behind `by` it is the member's: write " + Quoted(function.signature));
    return Error(span);
  }
  const bool single = of.type.kind == TypeKind::Entity;
  if ((!single && !of.type.IsSet()) || of.type.entity->entity != metrics::Entity::PlanNode) {
    Diagnostic& d = Report(DiagnosticCode::TypeMismatch, of.span,
                           "SQL metrics are those of plan nodes, not of " + TypeText(of.type), Explain(of));
    const bool has_nodes = single && metrics::Find(of.type.entity->entity, "nodes") != nullptr;
    if (has_nodes) d.helps.push_back("its nodes have them: `" + TextOf(of.span) + ".nodes`");
    return Error(span);
  }
  BoundExpr result;
  result.span = span;
  result.kind = single ? ExprKind::NodeMetric : ExprKind::CollectMetric;
  result.function = function.id;
  result.text = metric->name;
  result.metric = metric->kind;
  result.metric_part = metric->part;
  result.type = TypeOfUnit(metrics::UnitOf(metric->kind, metric->part));
  result.type.nullable = true;
  if (!single) {
    result.type.kind = TypeKind::Dist;
    result.type.element = TypeKind::Number;
    result.type.entity = of.type.entity;
  }
  result.operands.push_back(std::move(of));
  return result;
}

}  // namespace advise::rules
