// Binds a test: all names first, then what is given, then what is expected.
#include "rules/bind/bind_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "rules/bind/bind_rule.h"
#include "rules/functions/regex.h"
#include "spark/settings.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

using metrics::Attribute;
using metrics::Entity;
using metrics::ValueKind;

constexpr std::int64_t kMostTasks = 1'000'000;  // of one sample: enough for any rule, and no memory bomb

std::optional<std::string_view> NameIn(const ast::Expr& expr) {
  const auto* identifier = std::get_if<ast::Identifier>(&expr.node);
  if (identifier == nullptr) return std::nullopt;
  return identifier->name.text;
}

// A literal as Spark spells it in a setting.
std::string SettingText(const ast::Literal& literal) {
  const auto whole = [&] { return std::to_string(std::llround(literal.number)); };
  switch (literal.kind) {
    case ast::LiteralKind::Quantity: return whole() + (literal.unit.ends_with('B') ? "b" : "ms");
    case ast::LiteralKind::Percent: {
      char text[32];
      std::snprintf(text, sizeof text, "%g", literal.number);
      return text;
    }
    case ast::LiteralKind::Integer: return whole();
    case ast::LiteralKind::Float:
    case ast::LiteralKind::String:
    case ast::LiteralKind::Version:
    case ast::LiteralKind::Date:
    case ast::LiteralKind::True:
    case ast::LiteralKind::False: return literal.text;
  }
  return literal.text;
}

// A value as it is stored.
double Stored(const Attribute& attribute, double number) {
  constexpr double kNsPerMs = 1e6;
  if (attribute.unit == metrics::Unit::Ns) number *= kNsPerMs;
  return attribute.whole ? std::round(number) : number;
}

std::string Tasks(std::int64_t count) { return std::to_string(count) + (count == 1 ? " task" : " tasks"); }

// Tasks hang on their stage; these sets follow from them.
bool FollowsFromTasks(const Attribute& attribute) {
  return attribute.kind == ValueKind::EntitySet &&
         (attribute.target == Entity::Task || attribute.entity == Entity::App);
}

class TestBinder {
 public:
  TestBinder(BindContext& context, std::size_t pack, const ast::Test& test)
      : context_(context), pack_(pack), ast_(test), binder_(context, pack, {}, nothing_) {
    test_.pack = context.symbols.packs[pack].name;
    test_.name = test.name;
    test_.span = test.span;
    if (test.from) test_.log = *test.from;
  }

  BoundTest Run() {
    const std::size_t before = context_.diagnostics.CountErrors();
    DeclareAll();
    for (const ast::TestItem& item : ast_.items)
      std::visit([&](const auto& node) { Item(node, item.span); }, item.node);
    if (test_.expectations.empty() && context_.diagnostics.CountErrors() == before && test_.broken.empty())
      Report(DiagnosticCode::TestGiven, ast_.span, "this test expects nothing");
    if (context_.diagnostics.CountErrors() != before) test_.broken = "it has errors";
    return std::move(test_);
  }

 private:
  Diagnostic& Report(DiagnosticCode code, SourceSpan span, std::string message) {
    return context_.diagnostics.Report(code, span, std::move(message));
  }

  // ---------------------------------------------------------------- names first: their order does not matter
  void DeclareAll() {
    for (const ast::TestItem& item : ast_.items) {
      if (const auto* node = std::get_if<ast::GivenNode>(&item.node)) {
        for (const ast::Name& variable : node->variables) Declare(&variable, node->type, variable.span);
      } else if (const auto* path = std::get_if<ast::GivenPath>(&item.node)) {
        for (const ast::GivenHop& hop : path->hops) {
          const metrics::EdgeInfo* info = metrics::FindEdge(hop.type.text);
          if (info != nullptr && info->as)
            Declare(hop.variable ? &*hop.variable : nullptr,
                    std::optional(metrics::EntityType{*info->as, std::nullopt}), hop.span);
        }
      }
    }
  }

  void Declare(const ast::Name* name, const ast::Name& type, SourceSpan item) {
    auto entity = metrics::FindEntityType(type.text);
    if (!entity) {
      Report(DiagnosticCode::UnknownType, type.span,
             OrDidYouMean("there is no entity " + Quoted(type.text), type.text, metrics::EntityTypeNames()));
    } else if (entity->entity == Entity::Shuffle) {
      Report(DiagnosticCode::TestGiven, type.span, "a Shuffle joins two stages")
          .helps.push_back("write it as an edge: `given (p)-[" + (name != nullptr ? name->text : std::string("x")) +
                           ": Shuffle { bytes = 1GiB }]->(s)`");
      entity.reset();
    }
    Declare(name, entity, item);
  }

  void Declare(const ast::Name* name, std::optional<metrics::EntityType> entity, SourceSpan item) {
    const auto index = static_cast<std::uint32_t>(test_.givens.size());
    given_of_item_[item.begin] = index;
    test_.givens.push_back(
        {name != nullptr ? name->text : std::string(), entity.value_or(metrics::EntityType{}), {}, {}});
    known_.push_back(entity.has_value());
    if (name == nullptr) return;
    if (entity && entity->entity == Entity::App && has_app_)
      Report(DiagnosticCode::DuplicateName, name->span, "the application is given twice");
    has_app_ = has_app_ || (entity && entity->entity == Entity::App);
    const auto [first, fresh] = names_.emplace(name->text, std::pair(index, name->span));
    if (fresh) return;
    Diagnostic& d = Report(DiagnosticCode::DuplicateName, name->span, "two givens are named " + Quoted(name->text));
    d.labels.push_back({first->second.second, "first here"});
  }

  // The given of this name, reported otherwise. nullopt: there is none, or its type is wrong.
  std::optional<std::uint32_t> FindGiven(std::string_view name, SourceSpan span) {
    const auto found = names_.find(name);
    if (found != names_.end()) {
      if (!known_[found->second.first]) return std::nullopt;
      return found->second.first;
    }
    std::vector<std::string_view> names;
    for (const auto& [known, given] : names_) names.push_back(known);
    Report(DiagnosticCode::UnknownName, span, OrDidYouMean("this test gives no " + Quoted(name), name, names));
    return std::nullopt;
  }

  // ---------------------------------------------------------------- givens
  void Item(const ast::GivenNode& node, SourceSpan span) {
    if (!CheckNoLog(span)) return;
    const std::size_t before = context_.diagnostics.CountErrors();
    for (const ast::Name& variable : node.variables) {
      const std::uint32_t given = given_of_item_.at(variable.span.begin);
      if (known_[given]) Properties(node.properties, given);
      if (context_.diagnostics.CountErrors() != before) return;  // once for all of them
    }
  }

  // A test on a log gives nothing: the log does.
  bool CheckNoLog(SourceSpan span) {
    if (!ast_.from) return true;
    Report(DiagnosticCode::TestGiven, span, "a test on a log gives nothing of its own")
        .helps.push_back("write a test without `from`");
    return false;
  }

  void Item(const ast::GivenPath& path, SourceSpan span) {
    if (!CheckNoLog(span)) return;
    const ast::Name* from = &path.from;
    for (const ast::GivenHop& hop : path.hops) {
      BindHop(*from, hop);
      from = &hop.to;
    }
  }

  void BindHop(const ast::Name& from_name, const ast::GivenHop& edge) {
    const SourceSpan span = edge.span;
    const metrics::EdgeInfo* info = metrics::FindEdge(edge.type.text);
    if (info == nullptr) {
      std::vector<std::string_view> names;
      for (const metrics::EdgeInfo& known : metrics::AllEdges()) names.push_back(known.name);
      Report(DiagnosticCode::UnknownType, edge.type.span,
             OrDidYouMean("there is no edge " + Quoted(edge.type.text), edge.type.text, names));
      return;
    }
    const auto from = FindGiven(from_name.text, from_name.span);
    const auto to = FindGiven(edge.to.text, edge.to.span);
    if (!from || !to || !CheckEnd(*info, *from, info->from, from_name) || !CheckEnd(*info, *to, info->to, edge.to))
      return;
    GivenLink link{info->kind, *from, *to, std::nullopt};
    if (info->as) link.as = given_of_item_.at(span.begin);
    if (!CheckNewLink(link, span)) return;
    if (info->as) {
      Properties(edge.properties, *link.as);
    } else if (!edge.properties.empty() || edge.variable) {
      Report(DiagnosticCode::TestGiven, edge.variable ? edge.variable->span : edge.properties.front().span,
             "the edge " + Quoted(edge.type.text) + " has no attributes of its own");
    }
    test_.links.push_back(link);
  }

  bool CheckEnd(const metrics::EdgeInfo& info, std::uint32_t given, Entity wanted, const ast::Name& name) {
    const Entity entity = test_.givens[given].type.entity;
    if (entity == wanted) return true;
    Report(DiagnosticCode::TypeMismatch, name.span,
           Quoted(name.text) + " is " + EntityTypeText(test_.givens[given].type) + ", but " + std::string(info.name) +
               " goes from " + std::string(model::EntityName(info.from)) + " to " +
               std::string(model::EntityName(info.to)));
    return false;
  }

  bool CheckNewLink(const GivenLink& link, SourceSpan span) {
    for (const GivenLink& other : test_.links) {
      if (other.kind != link.kind || other.from != link.from) continue;
      if (other.to == link.to) {
        Report(DiagnosticCode::DuplicateName, span, "this edge is given twice");
        return false;
      }
      if (link.kind == metrics::EdgeKind::Feeds || link.kind == metrics::EdgeKind::Retries) {
        Report(
            DiagnosticCode::TestGiven, span,
            Quoted(test_.givens[link.from].name) +
                (link.kind == metrics::EdgeKind::Feeds ? " feeds two nodes: a plan is a tree"
                                                       : " is retried twice: give the third attempt after the second"));
        return false;
      }
    }
    return true;
  }

  void Properties(const std::vector<ast::Property>& properties, std::uint32_t given) {
    std::vector<std::pair<std::string, SourceSpan>> seen;
    std::optional<std::pair<std::int64_t, SourceSpan>> length;
    for (const ast::Property& property : properties) {
      const std::string path = binder_.TextOf(property.path->span);
      for (const auto& [other, span] : seen) {
        if (other != path) continue;
        Report(DiagnosticCode::DuplicateName, property.path->span, Quoted(path) + " is given twice")
            .labels.push_back({span, "first here"});
      }
      seen.emplace_back(path, property.path->span);
      BindProperty(property, given, length);
    }
  }

  void BindProperty(const ast::Property& property, std::uint32_t given,
                    std::optional<std::pair<std::int64_t, SourceSpan>>& length) {
    const metrics::EntityType& type = test_.givens[given].type;
    if (const auto* own = std::get_if<ast::Identifier>(&property.path->node)) {
      const Attribute* attribute = FindAttribute(type, own->name);
      if (attribute != nullptr) BindValues(property, *attribute, given);
      return;
    }
    if (const auto* call = std::get_if<ast::Call>(&property.path->node)) {
      BindMetric(property, *call, given);
      return;
    }
    const auto* member = std::get_if<ast::Member>(&property.path->node);
    const auto owner = member != nullptr ? NameIn(*member->object) : std::nullopt;
    if (!owner || *owner != "tasks" || type.entity != Entity::Stage) {
      Report(DiagnosticCode::TestGiven, property.path->span,
             Quoted(binder_.TextOf(property.path->span)) + " cannot be given here")
          .helps.push_back(
              "give attributes of the entity itself, and of a stage its tasks: `tasks.duration = [20s x 9, 5min]`");
      return;
    }
    const Attribute* attribute = FindAttribute({Entity::Task, std::nullopt}, member->name);
    if (attribute == nullptr) return;
    if (attribute->name == "stage" || attribute->kind == ValueKind::EntitySet) {
      Report(DiagnosticCode::TestGiven, property.path->span, "the stage of these tasks is the one that gives them");
      return;
    }
    BindSample(property, *attribute, given, length);
  }

  // metric("spill size") = 2GiB
  void BindMetric(const ast::Property& property, const ast::Call& call, std::uint32_t given) {
    const auto function = FindFunction(call.function.text);
    if (!function || function->function->shape != FunctionShape::NodeMetric) {
      Report(DiagnosticCode::TestGiven, property.path->span,
             Quoted(binder_.TextOf(property.path->span)) + " cannot be given here")
          .helps.emplace_back("of a plan node give its SQL metrics: `metric(\"spill size\") = 2GiB`");
      return;
    }
    if (test_.givens[given].type.entity != Entity::PlanNode) {
      Report(DiagnosticCode::TestGiven, property.path->span, "SQL metrics are those of plan nodes");
      return;
    }
    const auto metric = ReadMetric(*function->function, call, property.path->span, context_.diagnostics);
    if (!metric) return;
    if (metric->of != nullptr || property.value == nullptr) {
      Report(DiagnosticCode::TestGiven, property.span, "one metric is given as `metric(\"spill size\") = 2GiB`");
      return;
    }
    GivenMetric value{metric->name, metric->kind, metric->part, {}};
    const auto name = NameIn(*property.value);
    if (!name || *name != "missing") {
      value.number = BindMetricValue(*property.value, value);
      if (!value.number) return;
    }
    test_.givens[given].metrics.push_back(std::move(value));
  }

  std::optional<double> BindMetricValue(const ast::Expr& expr, const GivenMetric& metric) {
    const std::string what = Quoted(metric.name);
    const BoundExpr value = binder_.Bind(expr);
    if (value.type.IsError()) return std::nullopt;
    Type wanted = TypeOfUnit(metrics::UnitOf(metric.kind, metric.part));
    if (wanted.dimension == kSlotTime) wanted = NumberType(kTime);  // there is no other way to write it
    if (!binder_.CheckAccepts(wanted, value, what)) return std::nullopt;
    const auto number = FoldNumber(value, context_.set.params);
    if (!number) {
      Report(DiagnosticCode::TypeMismatch, expr.span, what + " must be given as a constant");
    } else if (*number < 0) {
      Report(DiagnosticCode::Range, expr.span, what + " is never below 0");
      return std::nullopt;
    }
    return number;
  }

  void BindSample(const ast::Property& property, const Attribute& attribute, std::uint32_t given,
                  std::optional<std::pair<std::int64_t, SourceSpan>>& length) {
    GivenSample sample{attribute.id, {}, property.value != nullptr};
    if (sample.every) {
      const auto cell = BindCell(*property.value, attribute);
      if (!cell) return;
      sample.runs.emplace_back(*cell, 1);
      test_.givens[given].tasks.push_back(std::move(sample));
      return;
    }
    std::int64_t count = 0;
    for (const ast::SampleRun& run : property.sample) {
      const auto cell = BindCell(*run.value, attribute);
      if (!cell) return;
      if (run.count < 1 || run.count > kMostTasks - count) {
        Report(DiagnosticCode::Range, run.value->span, "a sample has 1 to " + std::to_string(kMostTasks) + " values");
        return;
      }
      count += run.count;
      sample.runs.emplace_back(*cell, run.count);
    }
    if (length && length->first != count) {
      Diagnostic& d = Report(DiagnosticCode::SampleLength, property.span,
                             "samples of one stage have different lengths: " + std::to_string(count) + " and " +
                                 std::to_string(length->first) + " values");
      d.labels.front().text = Tasks(count);
      d.labels.push_back({length->second, Tasks(length->first)});
      d.helps.push_back("each value belongs to one task; a value without brackets counts for all of them");
      return;
    }
    if (!length) length = {count, property.span};
    test_.givens[given].tasks.push_back(std::move(sample));
  }

  const Attribute* FindAttribute(const metrics::EntityType& type, const ast::Name& name) {
    const Attribute* attribute = metrics::Find(type.entity, name.text);
    if (attribute != nullptr && attribute->for_rules && attribute->kind != ValueKind::NumberList) {
      return attribute;
    }
    std::vector<std::string_view> names;
    for (const Attribute& known : metrics::AttributesOf(type.entity)) {
      if (known.for_rules) names.push_back(known.name);
    }
    std::string message = EntityTypeText(type) + " has no " + Quoted(name.text);
    const bool near = AddDidYouMean(message, name.text, names);
    Diagnostic& d = Report(DiagnosticCode::UnknownField, name.span, std::move(message));
    if (near) return nullptr;
    if (type.entity == Entity::Stage && metrics::Find(Entity::Task, name.text) != nullptr) {
      d.helps.push_back("tasks have it: `tasks." + name.text + " = [… x 9, …]`");
    } else {
      AddFieldHints(type.entity, name.text, d);
    }
    return nullptr;
  }

  void BindValues(const ast::Property& property, const Attribute& attribute, std::uint32_t given) {
    if (FollowsFromTasks(attribute)) {
      Report(DiagnosticCode::TestGiven, property.path->span,
             Quoted(attribute.name) + " follows from what else is given")
          .helps.push_back(attribute.target == Entity::Task
                               ? "give the tasks of a stage as samples: `tasks.duration = [20s x 9, 5min]`"
                               : "give the entities themselves");
      return;
    }
    const bool texts = attribute.kind == ValueKind::TextList;
    const auto add = [&](const ast::Expr& value) {
      if (auto cell = texts ? BindListed(value, attribute) : BindCell(value, attribute))
        test_.givens[given].values.push_back({attribute.id, std::move(*cell)});
    };
    if (property.value != nullptr) {
      add(*property.value);
    } else if (attribute.kind == ValueKind::EntitySet || texts) {
      for (const ast::SampleRun& run : property.sample) add(*run.value);
    } else {
      Report(DiagnosticCode::TestGiven, property.span, Quoted(attribute.name) + " is one value, not a sample")
          .helps.push_back("samples are for tasks of a stage: `tasks.duration = [20s x 9, 5min]`");
    }
  }

  // One text of a list, such as the settings of a query's session: ["spark.sql.shuffle.partitions=8"].
  std::optional<GivenCell> BindListed(const ast::Expr& expr, const Attribute& attribute) {
    const BoundExpr value = binder_.Bind(expr);
    if (value.type.IsError()) return std::nullopt;
    if (value.kind != ExprKind::Constant || value.type.kind != TypeKind::String) {
      Report(DiagnosticCode::TypeMismatch, expr.span, Quoted(attribute.name) + " is a list of texts, as in [\"a=b\"]");
      return std::nullopt;
    }
    GivenCell cell;
    cell.kind = GivenCell::Kind::Text;
    cell.text = value.text;
    return cell;
  }

  std::optional<GivenCell> BindCell(const ast::Expr& expr, const Attribute& attribute) {
    GivenCell cell;
    const auto name = NameIn(expr);
    if (name && *name == "missing") return cell;
    const bool entity = attribute.kind == ValueKind::Entity || attribute.kind == ValueKind::EntitySet;
    if (entity) {
      if (!name) {
        Report(DiagnosticCode::TypeMismatch, expr.span,
               Quoted(attribute.name) + " is " + std::string(model::EntityName(attribute.target)) +
                   ": write the name of another given");
        return std::nullopt;
      }
      const auto other = FindGiven(*name, expr.span);
      if (!other) return std::nullopt;
      if (test_.givens[*other].type.entity != attribute.target) {
        Report(DiagnosticCode::TypeMismatch, expr.span,
               Quoted(attribute.name) + " is " + std::string(model::EntityName(attribute.target)) + ", not " +
                   EntityTypeText(test_.givens[*other].type));
        return std::nullopt;
      }
      cell.kind = GivenCell::Kind::Given;
      cell.given = *other;
      return cell;
    }
    return BindConstant(expr, attribute);
  }

  std::optional<GivenCell> BindConstant(const ast::Expr& expr, const Attribute& attribute) {
    GivenCell cell;
    const BoundExpr value = binder_.Bind(expr);
    if (value.type.IsError()) return std::nullopt;
    const Type wanted = TypeOfAttribute(attribute);
    const std::string what = Quoted(attribute.name);
    if (wanted.kind == TypeKind::Enum && value.kind == ExprKind::Constant && value.type.kind == TypeKind::String) {
      if (std::ranges::find(attribute.enum_values, value.text) == attribute.enum_values.end()) {
        std::string message = what + " is never \"" + value.text + "\"";
        if (const auto near = DidYouMean(value.text, attribute.enum_values))
          message += "; did you mean \"" + std::string(*near) + "\"?";
        Report(DiagnosticCode::EnumValue, expr.span, std::move(message))
            .notes.push_back("values: " + Join(attribute.enum_values, " "));
        return std::nullopt;
      }
      cell.kind = GivenCell::Kind::Text;
      cell.text = value.text;
      return cell;
    }
    const auto number = FoldNumber(value, context_.set.params);
    if (wanted.kind == TypeKind::Timestamp && value.type.IsNumber() && value.type.dimension == kTime && number) {
      cell.kind = GivenCell::Kind::Number;
      cell.number = Stored(attribute, *number);
      cell.since_start = true;
      return cell;
    }
    // There is no other way to write slot time; a vendor's version is a text.
    const bool slot_time =
        wanted.IsNumber() && wanted.dimension == kSlotTime && value.type.IsNumber() && value.type.dimension == kTime;
    if (wanted.kind == TypeKind::Version && value.type.kind == TypeKind::String && value.kind == ExprKind::Constant) {
      cell.kind = GivenCell::Kind::Text;
      cell.text = value.text;
      return cell;
    }
    if (!slot_time && !binder_.CheckAccepts(wanted, value, what)) return std::nullopt;
    if (wanted.IsNumber() && number) {
      cell.kind = GivenCell::Kind::Number;
      cell.number = Stored(attribute, *number);
      if (CheckRange(attribute, *number, expr.span)) return cell;
      return std::nullopt;
    }
    if (value.kind == ExprKind::Constant) {
      switch (wanted.kind) {
        case TypeKind::String:
          cell.kind = GivenCell::Kind::Text;
          cell.text = value.text;
          return cell;
        case TypeKind::Version:
          cell.kind = GivenCell::Kind::Text;
          cell.text = VersionText(value);
          return cell;
        case TypeKind::Bool:
          cell.kind = GivenCell::Kind::Bool;
          cell.boolean = value.number != 0;
          return cell;
        case TypeKind::Timestamp:
          cell.kind = GivenCell::Kind::Number;
          cell.number = value.number;
          return cell;
        default: break;
      }
    }
    Report(DiagnosticCode::TypeMismatch, expr.span, what + " must be given as a constant");
    return std::nullopt;
  }

  // v3.5 is Spark 3.5.0.
  static std::string VersionText(const BoundExpr& version) {
    std::string text = version.text.substr(1);
    return version.version_parts < 3 ? text + ".0" : text;
  }

  bool CheckRange(const Attribute& attribute, double number, SourceSpan span) {
    const bool low = attribute.low && number < *attribute.low;
    const bool high = attribute.high && number > *attribute.high;
    if (!low && !high) return true;
    Report(DiagnosticCode::Range, span, Quoted(attribute.name) + (high ? " is at most 100 %" : " is never below 0"));
    return false;
  }

  void Item(const ast::GivenConf& conf, SourceSpan span) {
    if (!CheckNoLog(span)) return;
    const std::string text = SettingText(conf.value);
    const spark::Setting* setting = spark::FindSetting(conf.key);
    if (setting != nullptr && setting->type != spark::SettingType::Text && !spark::ParseValue(*setting, text)) {
      Report(DiagnosticCode::TypeMismatch, span, "Spark would not accept \"" + text + "\" for " + Quoted(conf.key));
      return;
    }
    for (const auto& [key, value] : test_.settings) {
      if (key != conf.key) continue;
      Report(DiagnosticCode::DuplicateName, span, Quoted(conf.key) + " is given twice");
      return;
    }
    test_.settings.emplace_back(conf.key, text);
  }

  // skew_ratio of this pack, or core.skew_ratio of one that it uses; its range holds here too.
  void Item(const ast::GivenParam& given, SourceSpan) {
    const auto qualified = context_.symbols.Split(pack_, given.name.text);
    const PackSymbols* owner = qualified ? &context_.symbols.packs[qualified->pack] : nullptr;
    const auto found = owner != nullptr ? owner->params.find(qualified->name) : decltype(owner->params.end()){};
    if (owner == nullptr || found == owner->params.end()) {
      if (context_.symbols.IsBroken(pack_, given.name.text)) {
        test_.broken = "parameter " + Quoted(given.name.text) + " has errors";
        return;
      }
      std::vector<std::string> names;
      for (const auto& [name, index] : context_.symbols.packs[pack_].params) names.push_back(name);
      for (const auto& [alias, used] : context_.symbols.packs[pack_].uses) {
        for (const auto& [name, index] : context_.symbols.packs[used].params) names.push_back(alias + "." + name);
      }
      Report(DiagnosticCode::UnknownParam, given.name.span,
             OrDidYouMean("there is no parameter " + Quoted(given.name.text), given.name.text, names));
      return;
    }
    const BoundParam& param = context_.set.params[found->second];
    if (param.type.IsError()) return;  // its declaration is wrong
    const std::string what = "parameter " + Quoted(param.name);
    const BoundExpr value = binder_.Bind(*given.value);
    if (value.type.IsError() || !binder_.CheckAccepts(param.type, value, what)) return;
    const auto number = FoldNumber(value, context_.set.params);
    if (!number && value.kind != ExprKind::Constant) {
      Report(DiagnosticCode::TypeMismatch, given.value->span, what + " must be given as a constant");
      return;
    }
    const double given_number = number.value_or(value.number);
    if (param.range && (given_number < param.range->first || given_number > param.range->second)) {
      Diagnostic& d = Report(DiagnosticCode::Range, given.value->span, what + " is out of its range");
      d.labels.front().text = "not in " + param.range_text;
      d.labels.push_back({param.span, "declared here"});
      return;
    }
    for (const GivenParamValue& other : test_.params) {
      if (other.param != found->second) continue;
      Report(DiagnosticCode::DuplicateName, given.name.span, what + " is given twice");
      return;
    }
    test_.params.push_back({found->second, given_number, value.text});
  }

  void Item(const ast::GivenFinding& given, SourceSpan span) {
    if (!CheckNoLog(span)) return;
    for (const ast::Atom& atom : given.atoms) {
      const auto bound = BindAtom(atom);
      if (!bound) continue;
      const BoundRule& rule = context_.set.rules[bound->rule];
      if (rule.layer == Layer::Advice) {
        Report(DiagnosticCode::TestGiven, atom.span, Quoted(rule.name) + " is an advice: nothing reads its findings")
            .helps.emplace_back("give findings of symptoms and causes");
        continue;
      }
      GivenFindingHead finding{bound->rule, {}};
      for (std::size_t i = 0; i < bound->arguments.size(); ++i) {
        const SourceSpan place = atom.arguments[i]->span;
        if (bound->arguments[i].kind != ExpectedArgument::Kind::Given) {
          Report(DiagnosticCode::TestGiven, place, "a finding that is given names all its arguments");
          break;
        }
        finding.givens.push_back(bound->arguments[i].given);
      }
      if (finding.givens.size() == bound->arguments.size()) test_.findings.push_back(std::move(finding));
    }
  }

  // ---------------------------------------------------------------- expectations
  void Item(const ast::Expectations& expect, SourceSpan) {
    for (const ast::Expectation& one : expect.all) BindExpectation(one, one.span);
  }

  void BindExpectation(const ast::Expectation& expect, SourceSpan span) {
    Expectation bound;
    bound.negated = expect.negated;
    bound.span = span;
    bound.text = binder_.TextOf(span);
    auto atom = BindAtom(expect.atom);
    if (!atom) return;
    bound.atom = std::move(*atom);
    bool ok = true;
    if (expect.confidence != nullptr) {
      const auto value = BindConfidenceValue(binder_, *expect.confidence);
      const auto number = value ? FoldNumber(*value, context_.set.params) : std::nullopt;
      if (number) bound.confidence = {*expect.confidence_op, *number};
      ok = ok && number;
    }
    if (expect.severity != nullptr) {
      const auto level = BindSeverityValue(*expect.severity, context_.diagnostics);
      if (level) bound.severity = {*expect.severity_op, static_cast<int>(*level)};
      ok = ok && level;
      if (context_.set.rules[bound.atom.rule].layer == Layer::Advice) {
        Report(DiagnosticCode::TypeMismatch, expect.severity->span, "an advice has no severity, its finding has");
      }
    }
    bound.count = expect.count;
    if (expect.saving != nullptr) ok = CheckSaving(*expect.saving) && ok;
    bound.saving = expect.saving != nullptr;
    if (expect.because) ok = BindBecause(*expect.because, bound) && ok;
    bound.title_matches = expect.title_matches;
    ok = CheckRegex("title", expect.title_matches, span) && ok;
    bound.message_matches = expect.message_matches;
    ok = CheckRegex("message", expect.message_matches, span) && ok;
    if (expect.suppressed_by) {
      bound.suppressed_by = BindAtom(*expect.suppressed_by);
      ok = ok && bound.suppressed_by;
    }
    if (bound.negated && (expect.confidence || expect.severity || expect.count || expect.saving ||
                          expect.title_matches || expect.message_matches || expect.suppressed_by)) {
      Report(DiagnosticCode::TestGiven, span, "`expect not` states nothing but the finding and `because`")
          .helps.push_back("what is not found has no confidence, severity, count, saving, title or message");
      ok = false;
    }
    if (ok) test_.expectations.push_back(std::move(bound));
  }

  // Of `title matches` or `message matches`; none is fine.
  bool CheckRegex(const std::string& text, const std::optional<std::string>& regex, SourceSpan span) {
    const std::string wrong = regex ? Regex(*regex).error() : std::string();
    if (wrong.empty()) return true;
    Report(DiagnosticCode::BadRegex, span, "`" + text + " matches` takes a regular expression: " + wrong);
    return false;
  }

  bool CheckSaving(const ast::Expr& expr) {
    const BoundExpr value = binder_.Bind(expr);
    if (value.type.IsError()) return false;
    Type wanted = NumberType(kTime);
    wanted.interval = value.type.interval;
    return binder_.CheckAccepts(wanted, value, "a saving");
  }

  bool BindBecause(const ast::Name& name, Expectation& into) {
    if (name.text == "missing") {
      into.because_missing = true;
      if (into.negated) return true;
      Report(DiagnosticCode::TestGiven, name.span,
             "`because missing` is why something is not found: write `expect not`");
      return false;
    }
    const auto rule = context_.symbols.FindRule(pack_, name.text);
    if (!rule) {
      ReportUnknownRule(name);
      return false;
    }
    into.because = context_.symbols.rules[*rule].bound;
    if (!into.because) test_.broken = "rule " + Quoted(name.text) + " has errors";
    return into.because.has_value();
  }

  void ReportUnknownRule(const ast::Name& name) {
    if (context_.symbols.IsBroken(pack_, name.text)) {
      test_.broken = "rule " + Quoted(name.text) + " has errors";
      return;
    }
    const std::vector<std::string> names = context_.symbols.RuleNames(pack_);
    Report(DiagnosticCode::UnknownRule, name.span,
           OrDidYouMean("there is no rule " + Quoted(name.text), name.text, names));
  }

  std::optional<ExpectedAtom> BindAtom(const ast::Atom& atom) {
    const auto symbol = context_.symbols.FindRule(pack_, atom.rule.text);
    if (!symbol) {
      ReportUnknownRule(atom.rule);
      return std::nullopt;
    }
    const auto index = context_.symbols.rules[*symbol].bound;
    if (!index) {
      test_.broken = "rule " + Quoted(atom.rule.text) + " has errors";
      return std::nullopt;
    }
    const BoundRule& rule = context_.set.rules[*index];
    if (rule.head.size() != atom.arguments.size()) {
      const std::string head = Join(rule.head, ", ", [&](SlotIndex slot) { return rule.slots[slot].name; });
      Report(DiagnosticCode::Arity, atom.span,
             Quoted(rule.name) + " has " + std::to_string(rule.head.size()) +
                 (rule.head.size() == 1 ? " argument, not " : " arguments, not ") +
                 std::to_string(atom.arguments.size()))
          .helps.push_back("it is written `" + rule.name + "(" + head + ")`; `_` stands for any");
      return std::nullopt;
    }
    ExpectedAtom bound{*index, {}, binder_.TextOf(atom.span)};
    for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
      auto argument = BindArgument(*atom.arguments[i], rule.slots[rule.head[i]].type);
      if (!argument) return std::nullopt;
      bound.arguments.push_back(std::move(*argument));
    }
    return bound;
  }

  // A name of a given; a group by the name of one of its members.
  std::optional<ExpectedArgument> BindArgument(const ast::Expr& expr, const Type& wanted) {
    const auto name = NameIn(expr);
    if (name && *name == "_") return ExpectedArgument{};
    const auto* literal = std::get_if<ast::Literal>(&expr.node);
    if (ast_.from) {
      if (literal != nullptr) return ExpectedArgument{ExpectedArgument::Kind::Key, 0, literal->text};
      Report(DiagnosticCode::TypeMismatch, expr.span,
             "in a test on a log an argument is `_` or an id as `advise model` prints it, such as 12 or \"12.0\"");
      return std::nullopt;
    }
    if (!name) {
      Report(DiagnosticCode::TypeMismatch, expr.span, "an argument is the name of a given, or `_`");
      return std::nullopt;
    }
    const auto given = FindGiven(*name, expr.span);
    if (!given) return std::nullopt;
    const metrics::EntityType& type = test_.givens[*given].type;
    if (!wanted.entity || !Overlaps(*wanted.entity, type)) {
      Report(DiagnosticCode::TypeMismatch, expr.span,
             Quoted(*name) + " is " + EntityTypeText(type) + ", not " + TypeText(wanted));
      return std::nullopt;
    }
    return ExpectedArgument{ExpectedArgument::Kind::Given, *given, {}};
  }

  BindContext& context_;
  std::size_t pack_;
  const ast::Test& ast_;
  BoundTest test_;
  NameScope nothing_;
  ExprBinder binder_;
  std::map<std::string, std::pair<std::uint32_t, SourceSpan>, std::less<>> names_;
  std::map<std::uint32_t, std::uint32_t> given_of_item_;  // by the item's place
  std::vector<bool> known_;                               // one a given: its type is known
  bool has_app_ = false;
};

}  // namespace

BoundTest BindTest(BindContext& context, std::size_t pack, const ast::Test& test) {
  return TestBinder(context, pack, test).Run();
}

}  // namespace advise::rules
