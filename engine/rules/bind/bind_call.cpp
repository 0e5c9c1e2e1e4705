// Calls: functions by their shape, definitions (inlined), and other rules (atoms).
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "rules/bind/bind_expr.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

bool IsUnderscore(const ast::Expr& expr) {
  const auto* identifier = std::get_if<ast::Identifier>(&expr.node);
  return identifier != nullptr && identifier->name.text == "_";
}

// What other languages call our functions.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"median", "p50"}, {"percentile", "p95"}, {"quantile", "p95"}, {"avg", "mean"},   {"average", "mean"},
    {"stddev", "sd"},  {"std", "sd"},         {"length", "count"}, {"size", "count"}, {"total", "sum"},
    {"ln", "log"},     {"maximum", "max"},    {"minimum", "min"}};

// The type of one value of a distribution.
Type ElementType(const Type& dist) {
  Type type = dist;
  type.kind = dist.kind == TypeKind::Series ? TypeKind::Number : dist.element;
  type.element = TypeKind::Number;
  type.entity.reset();
  type.nullable = true;  // of an empty set
  return type;
}

bool OverTasks(const BoundExpr& dist) { return dist.type.entity && dist.type.entity->entity == metrics::Entity::Task; }

}  // namespace

BoundExpr ExprBinder::BindCall(const ast::Call& call, SourceSpan span) {
  const std::string& name = call.function.text;
  if (const auto function = FindFunction(name)) return BindFunction(*function, call, span);
  if (const auto qualified = context_.symbols.Split(pack_, name)) {
    const auto& defs = context_.symbols.packs[qualified->pack].defs;
    const auto def = defs.find(qualified->name);
    if (def != defs.end()) return BindDef(context_.symbols.defs[def->second], call, span);
  }
  if (context_.symbols.FindRule(pack_, name)) {
    const auto atom = BindAtomParts(call, span);
    if (!atom) return Error(span);
    BoundExpr result;
    result.kind = ExprKind::Atom;
    result.type = SimpleType(TypeKind::Bool);
    result.rule = atom->rule;
    result.operands = atom->arguments;
    return result;
  }
  for (const ast::Argument& argument : call.arguments) {
    if (!IsUnderscore(*argument.value) && argument.by == nullptr)
      Bind(*argument.value);  // reports what is wrong inside
  }
  if (context_.symbols.IsBroken(pack_, name)) return Error(span);
  const std::vector<std::string> rules = context_.symbols.RuleNames(pack_);
  std::vector<std::string_view> names = FunctionNames();
  for (const auto& [def, index] : context_.symbols.packs[pack_].defs) names.emplace_back(def);
  names.insert(names.end(), rules.begin(), rules.end());
  Diagnostic& d =
      Report(DiagnosticCode::UnknownFunction, call.function.span, "there is no function or rule " + Quoted(name));
  const auto* other = std::ranges::find(kOtherNames, name, &std::pair<std::string_view, std::string_view>::first);
  if (other != std::end(kOtherNames)) {
    d.message += "; did you mean " + Quoted(other->second) + "?";
    const bool same_call = other->second != "p95";  // `quantile(d, 0.95)` has another argument
    if (same_call) d.fixes = {{call.function.span, std::string(other->second)}};
  } else {
    Suggest(d, call.function.span, name, names);
  }
  return Error(span);
}

bool ExprBinder::CheckArity(const ast::Call& call, SourceSpan span, std::size_t low, std::size_t high,
                            std::string_view signature) {
  const std::size_t count = call.arguments.size();
  if (count >= low && count <= high) {
    for (const ast::Argument& argument : call.arguments) {
      if (argument.by == nullptr) continue;
      Report(DiagnosticCode::Arity, argument.by->span, Quoted(call.function.text) + " takes no `by`")
          .helps.push_back("it is written " + Quoted(signature));
      return false;
    }
    return true;
  }
  const std::string wanted = low == high ? std::to_string(low) : "at least " + std::to_string(low);
  Report(DiagnosticCode::Arity, span,
         Quoted(call.function.text) + " takes " + wanted + (wanted == "1" ? " argument, not " : " arguments, not ") +
             std::to_string(count))
      .helps.push_back("it is written " + Quoted(signature));
  return false;
}

bool ExprBinder::CheckDist(const BoundExpr& value, TypeKind element, const RuleFunction& function) {
  if (value.type.IsError()) return false;
  if (value.type.kind == TypeKind::Dist && value.type.element == element) return true;
  Diagnostic& d = Report(DiagnosticCode::TypeMismatch, value.span,
                         Quoted(function.name) + " needs a distribution of " +
                             (element == TypeKind::Bool ? "conditions" : "numbers") + ", found " + TypeText(value.type),
                         Explain(value));
  if (value.type.IsSet()) {
    d.helps.push_back("name the attribute: " +
                      Quoted(TextOf(value.span) + (element == TypeKind::Bool ? ".failed" : ".duration")));
  } else if (value.type.IsNumber()) {
    d.helps.push_back("this is one number already");
  }
  return false;
}

BoundExpr ExprBinder::BindFunction(const FunctionName& name, const ast::Call& call, SourceSpan span) {
  const RuleFunction& function = *name.function;
  if (function.shape == FunctionShape::Pick || function.shape == FunctionShape::PickMany)
    return BindPick(function, call, span);
  if (function.shape == FunctionShape::SettingIsSet) return BindConfIsSet(call, span);
  if (function.shape == FunctionShape::NodeMetric) return BindMetric(function, call, span);

  const bool variadic = function.shape == FunctionShape::Extreme;
  const bool two = function.shape == FunctionShape::TopShare || function.shape == FunctionShape::Correlation;
  if (!CheckArity(call, span, two ? 2 : 1, variadic ? 100 : (two ? 2 : 1), function.signature)) return Error(span);
  BoundExpr result;
  result.kind = ExprKind::Call;
  result.function = function.id;
  result.number = name.quantile;
  for (const ast::Argument& argument : call.arguments) result.operands.push_back(Bind(*argument.value));
  for (const BoundExpr& operand : result.operands) {
    if (operand.type.IsError()) return Error(span);
  }
  const BoundExpr& first = result.operands[0];
  const bool series = first.type.kind == TypeKind::Series;
  const auto need_plain_number = [&](const BoundExpr& value) {
    if (value.type.IsNumber() && value.type.dimension.none()) return true;
    Report(value.type.IsNumber() ? DiagnosticCode::UnitMismatch : DiagnosticCode::TypeMismatch, value.span,
           Quoted(function.name) + " needs a number without unit, found " + TypeText(value.type), Explain(value))
        .helps.push_back("divide by a unit first, such as `1MiB` or `1s`");
    return false;
  };

  switch (function.shape) {
    case FunctionShape::CountMembers:
      if (!first.type.IsSet() && first.type.kind != TypeKind::Dist) {
        Report(DiagnosticCode::TypeMismatch, first.span, "`count` needs a set, found " + TypeText(first.type),
               Explain(first));
        return Error(span);
      }
      result.type = NumberType({}, NumberForm::Count);
      break;
    case FunctionShape::Sum:
      if (!CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = ElementType(first.type);
      if (OverTasks(first) && result.type.dimension == kTime) result.type.dimension = kSlotTime;
      break;
    case FunctionShape::SameUnit:
      if (!series && !CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = ElementType(first.type);
      break;
    case FunctionShape::Extreme:
      if (result.operands.size() > 1) {
        for (std::size_t i = 1; i < result.operands.size(); ++i) {
          if (!CheckSameUnit(first, result.operands[i], span, "compare")) return Error(span);
        }
        if (!first.type.IsNumber()) {
          Report(DiagnosticCode::TypeMismatch, span,
                 Quoted(function.name) + " needs numbers, found " + TypeText(first.type), Explain(first));
          return Error(span);
        }
        result.type = first.type;
        for (const BoundExpr& operand : result.operands) {
          result.type.nullable = result.type.nullable || operand.type.nullable;
          if (result.type.form == NumberForm::Plain) result.type.form = operand.type.form;
        }
        break;
      }
      if (!series && !CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = ElementType(first.type);
      break;
    case FunctionShape::PureRatio:
      if (!CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = NumberType({}, NumberForm::Ratio);
      break;
    case FunctionShape::Histogram:
      if (!CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = SimpleType(TypeKind::String);
      break;
    case FunctionShape::TopShare:
      if (!CheckDist(first, TypeKind::Number, function) || !need_plain_number(result.operands[1])) return Error(span);
      result.type = NumberType({}, NumberForm::Share);
      break;
    case FunctionShape::AnyAll:
      if (!CheckDist(first, TypeKind::Bool, function)) return Error(span);
      result.type = SimpleType(TypeKind::Bool);
      break;
    case FunctionShape::Correlation: {
      const BoundExpr& second = result.operands[1];
      if (!CheckDist(first, TypeKind::Number, function) || !CheckDist(second, TypeKind::Number, function))
        return Error(span);
      const auto of_members = [](const BoundExpr& dist) {
        return dist.kind == ExprKind::Collect || dist.kind == ExprKind::CollectMetric;
      };
      const bool known = of_members(first) && of_members(second);
      if (known && !SameValue(first.operands[0], second.operands[0])) {
        Diagnostic& d = Report(DiagnosticCode::TypeMismatch, first.span, "`corr` needs two values of the same members",
                               "members: " + TextOf(first.operands[0].span));
        d.labels.push_back({second.span, "members: " + TextOf(second.operands[0].span)});
        return Error(span);
      }
      result.type = NumberType({}, NumberForm::Ratio);
      break;
    }
    case FunctionShape::CountDistinct:
      if (first.type.kind != TypeKind::Dist) {
        Diagnostic& d = Report(DiagnosticCode::TypeMismatch, first.span,
                               "`distinct` needs a distribution, found " + TypeText(first.type), Explain(first));
        if (first.type.IsSet()) d.helps.emplace_back("the members of a set are different: `count` counts them");
        return Error(span);
      }
      result.type = NumberType({}, NumberForm::Count);
      break;
    case FunctionShape::Slope:
      if (!CheckDist(first, TypeKind::Number, function)) return Error(span);
      result.type = ElementType(first.type);
      break;
    case FunctionShape::TextOfText:
      if (first.type.kind != TypeKind::String && first.type.kind != TypeKind::Enum) {
        Report(DiagnosticCode::TypeMismatch, first.span,
               Quoted(function.name) + " needs a text, found " + TypeText(first.type), Explain(first));
        return Error(span);
      }
      result.type = SimpleType(TypeKind::String);
      break;
    case FunctionShape::OneMember:
    case FunctionShape::OtherMembers:
      if (!first.type.IsSet()) {
        Report(DiagnosticCode::TypeMismatch, first.span,
               Quoted(function.name) + " needs a set, found " + TypeText(first.type), Explain(first));
        return Error(span);
      }
      result.type =
          function.shape == FunctionShape::OneMember ? EntityOf(*first.type.entity) : SetOf(*first.type.entity);
      break;
    case FunctionShape::RoundNumber:
      if (!need_plain_number(first)) return Error(span);
      result.type = NumberType({}, NumberForm::Count);
      break;
    case FunctionShape::KeepUnit:
      if (!first.type.IsNumber()) {
        Report(DiagnosticCode::TypeMismatch, first.span,
               Quoted(function.name) + " needs a number, found " + TypeText(first.type), Explain(first));
        return Error(span);
      }
      result.type = first.type;
      break;
    case FunctionShape::Transcendental:
      if (!need_plain_number(first)) return Error(span);
      result.type = NumberType({});
      break;
    case FunctionShape::Pick:
    case FunctionShape::PickMany:
    case FunctionShape::NodeMetric:
    case FunctionShape::SettingIsSet: return Error(span);  // handled above
  }
  result.type.interval = false;
  result.type.nullable = function.shape != FunctionShape::CountMembers;
  return result;
}

BoundExpr ExprBinder::BindPick(const RuleFunction& function, const ast::Call& call, SourceSpan span) {
  const bool many = function.shape == FunctionShape::PickMany;
  const std::size_t wanted = many ? 2 : 1;
  const bool fits =
      call.arguments.size() == wanted && call.arguments[0].by != nullptr && (!many || call.arguments[1].by == nullptr);
  if (!fits) {
    Report(DiagnosticCode::Arity, span, Quoted(function.name) + " is written " + Quoted(function.signature));
    return Error(span);
  }
  BoundExpr result;
  result.kind = ExprKind::Pick;
  result.function = function.id;
  result.operands.push_back(Bind(*call.arguments[0].value));
  const BoundExpr& set = result.operands[0];
  if (set.type.IsError()) return Error(span);
  if (!set.type.IsSet()) {
    Report(DiagnosticCode::TypeMismatch, set.span, Quoted(function.name) + " needs a set, found " + TypeText(set.type),
           Explain(set));
    return Error(span);
  }
  const metrics::EntityType entity = *set.type.entity;
  result.slot = AddSlot({}, EntityOf(entity), SlotRole::Element);
  elements_.push_back({result.slot, entity});
  BoundExpr by = Bind(*call.arguments[0].by);
  elements_.pop_back();
  if (by.type.IsError()) return Error(span);
  if (!by.type.IsNumber() && by.type.kind != TypeKind::Timestamp) {
    Report(DiagnosticCode::TypeMismatch, by.span, "`by` needs a number, found " + TypeText(by.type), Explain(by));
    return Error(span);
  }
  result.operands.push_back(std::move(by));
  if (many) {
    BoundExpr n = Bind(*call.arguments[1].value);
    if (n.type.IsError() || !CheckAccepts(NumberType({}, NumberForm::Count), n, "the number of members of `top`"))
      return Error(span);
    result.operands.push_back(std::move(n));
  }
  result.type = many ? SetOf(entity) : EntityOf(entity);
  result.type.nullable = true;
  return result;
}

BoundExpr ExprBinder::BindConfIsSet(const ast::Call& call, SourceSpan span) {
  const ast::Literal* key = nullptr;
  if (call.arguments.size() == 1) key = std::get_if<ast::Literal>(&call.arguments[0].value->node);
  if (key == nullptr || key->kind != ast::LiteralKind::String) {
    Report(DiagnosticCode::Arity, span, "`conf_is_set` is written `conf_is_set(\"spark.…\")`");
    return Error(span);
  }
  BoundExpr result;
  result.kind = ExprKind::ConfIsSet;
  result.type = SimpleType(TypeKind::Bool);
  result.text = key->text;
  result.span = span;
  return AskSubject(std::move(result), call.arguments[0].value->span);
}

// The body is bound again for each use, with the arguments in place of the formals: what the type of an argument says
// about its members (sum over tasks!) is then known inside.
BoundExpr ExprBinder::BindDef(const DefSymbol& symbol, const ast::Call& call, SourceSpan span) {
  if (symbol.too_large) return Error(span);  // reported where the definition stands
  const ast::Def& def = *symbol.def;
  const std::string head = Join(def.formals, ", ", [this](const ast::Formal& formal) {
    return formal.name.text + ": " + TextOf(formal.type.span);
  });
  if (!CheckArity(call, span, def.formals.size(), def.formals.size(), def.name.text + "(" + head + ")"))
    return Error(span);
  if (def_depth_ >= kMaxDefDepth) {
    Report(DiagnosticCode::Cycle, def.name.span, "definition " + Quoted(def.name.text) + " uses itself", "never ends");
    return Error(span);
  }
  std::map<std::string, BoundExpr, std::less<>> formals;
  for (std::size_t i = 0; i < def.formals.size(); ++i) {
    BoundExpr argument = Bind(*call.arguments[i].value);
    if (argument.type.IsError()) return Error(span);
    const auto wanted = FindType(def.formals[i].type);
    if (!wanted) return Error(span);  // reported where the definition stands
    const std::string what = "the argument " + Quoted(def.formals[i].name.text) + " of " + Quoted(def.name.text);
    if (!CheckAccepts(*wanted, argument, what)) return Error(span);
    formals.emplace(def.formals[i].name.text, std::move(argument));
  }
  std::swap(formals, formals_);
  std::vector<ElementScope> elements;
  std::swap(elements, elements_);
  const bool in_def = in_def_;
  const std::size_t pack = pack_;
  const std::string_view text_what = text_what_;
  in_def_ = true;
  pack_ = symbol.pack;
  text_what_ = {};
  ++def_depth_;
  BoundExpr body = Bind(*def.body);
  --def_depth_;
  text_what_ = text_what;
  pack_ = pack;
  in_def_ = in_def;
  std::swap(elements, elements_);
  std::swap(formals, formals_);
  if (body.type.IsError()) return Error(span);
  body.span = span;
  if (def.result) {
    const auto result = FindType(*def.result);
    if (!result || !CheckAccepts(*result, body, "the result of " + Quoted(def.name.text))) return Error(span);
    if (body.type.IsNumber()) body.type.form = result->form;
  }
  return body;
}

// ---------------------------------------------------------------- atoms
std::optional<BoundAtom> ExprBinder::BindAtomParts(const ast::Call& call, SourceSpan span) {
  std::vector<const ast::Expr*> arguments;
  for (const ast::Argument& argument : call.arguments) {
    if (argument.by != nullptr) {
      Report(DiagnosticCode::Arity, argument.by->span, "an argument of a rule takes no `by`");
      return std::nullopt;
    }
    arguments.push_back(argument.value.get());
  }
  return BindAtomArguments(call.function, arguments, span, false);
}

std::optional<BoundAtom> ExprBinder::BindAtom(const ast::Atom& atom, bool introduces) {
  std::vector<const ast::Expr*> arguments;
  for (const ast::ExprPtr& argument : atom.arguments) arguments.push_back(argument.get());
  return BindAtomArguments(atom.rule, arguments, atom.span, introduces);
}

std::optional<BoundAtom> ExprBinder::BindAtomArguments(const ast::Name& name,
                                                       const std::vector<const ast::Expr*>& arguments, SourceSpan span,
                                                       bool introduces) {
  const auto symbol = context_.symbols.FindRule(pack_, name.text);
  if (!symbol) {
    failed_ = true;
    if (context_.symbols.IsBroken(pack_, name.text)) return std::nullopt;
    Suggest(Report(DiagnosticCode::UnknownRule, name.span, "there is no rule " + Quoted(name.text)), name.span,
            name.text, context_.symbols.RuleNames(pack_));
    return std::nullopt;
  }
  const RuleSymbol& callee_symbol = context_.symbols.rules[*symbol];
  if (!callee_symbol.bound) {
    failed_ = true;  // it has errors of its own: reported there
    return std::nullopt;
  }
  const BoundRule& callee = context_.set.rules[*callee_symbol.bound];
  if (arguments.size() != callee.head.size()) {
    const std::string head = Join(callee.head, ", ", [&](SlotIndex slot) { return callee.slots[slot].name; });
    Report(DiagnosticCode::Arity, span,
           Quoted(callee.name) + " has " + std::to_string(callee.head.size()) +
               (callee.head.size() == 1 ? " argument, not " : " arguments, not ") + std::to_string(arguments.size()))
        .helps.push_back("it is written `" + callee.name + "(" + head + ")`; `_` stands for any");
    return std::nullopt;
  }
  BoundAtom atom{*callee_symbol.bound, {}, span};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Type& wanted = callee.slots[callee.head[i]].type;
    auto argument = BindAtomArgument(*arguments[i], wanted, introduces);
    if (!argument) return std::nullopt;
    atom.arguments.push_back(std::move(*argument));
  }
  return atom;
}

std::optional<BoundExpr> ExprBinder::BindAtomArgument(const ast::Expr& argument, const Type& wanted, bool introduces) {
  BoundExpr bound;
  bound.span = argument.span;
  if (IsUnderscore(argument)) {
    bound.kind = ExprKind::Wildcard;
    bound.type = SimpleType(TypeKind::Wildcard);
    return bound;
  }
  const auto* identifier = std::get_if<ast::Identifier>(&argument.node);
  if (introduces && identifier == nullptr) {
    Report(DiagnosticCode::TypeMismatch, argument.span, "an argument of `for` is a variable or `_`");
    return std::nullopt;
  }
  if (introduces && !FindVariable(identifier->name.text)) {
    const SlotIndex slot = AddSlot(identifier->name.text, wanted, SlotRole::Atom);
    return MakeSlot(slot, argument.span);
  }
  bound = Bind(argument);
  if (bound.type.IsError()) return std::nullopt;
  const bool fits = bound.type.kind == wanted.kind && wanted.entity && bound.type.entity &&
                    Overlaps(*wanted.entity, *bound.type.entity);
  if (!fits) {
    Report(DiagnosticCode::TypeMismatch, argument.span,
           "this argument is " + TypeText(wanted) + ", not " + TypeText(bound.type), Explain(bound));
    return std::nullopt;
  }
  return bound;
}

}  // namespace advise::rules
