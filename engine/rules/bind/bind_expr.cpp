// Expressions, atoms and texts; patterns are in bind_pattern.cpp, calls in bind_call.cpp.
#include "rules/bind/bind_expr.h"

#include <algorithm>
#include <cmath>

#include "rules/functions/regex.h"
#include "spark/settings.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

bool IsOrdering(ast::BinaryOp op) { return op != ast::BinaryOp::Eq && op != ast::BinaryOp::Ne; }

// Texts and enums compare with each other.
bool IsTextual(const Type& type) { return type.kind == TypeKind::String || type.kind == TypeKind::Enum; }

NumberForm MergeSum(NumberForm a, NumberForm b) {
  if (a == b) return a;
  if (a == NumberForm::Plain) return b;
  if (b == NumberForm::Plain) return a;
  if (a == NumberForm::Slots || b == NumberForm::Slots) return NumberForm::Slots;
  if (a == NumberForm::Count || b == NumberForm::Count) return NumberForm::Count;
  return NumberForm::Ratio;
}

NumberForm MergeProduct(NumberForm a, NumberForm b) {
  for (const NumberForm form : {NumberForm::Slots, NumberForm::Count, NumberForm::Ratio, NumberForm::Share}) {
    if (a == form || b == form) return form;
  }
  return NumberForm::Plain;
}

// SlotTime / slots is wall time and wall time * slots is SlotTime; everything else adds and subtracts exponents.
Type ProductType(const Type& a, const Type& b) {
  if (a.dimension == kTime && b.dimension.none() && b.form == NumberForm::Slots) return NumberType(kSlotTime);
  if (b.dimension == kTime && a.dimension.none() && a.form == NumberForm::Slots) return NumberType(kSlotTime);
  const Dimension dimension = a.dimension + b.dimension;
  return NumberType(dimension, dimension.none() ? MergeProduct(a.form, b.form) : NumberForm::Plain);
}

Type QuotientType(const Type& a, const Type& b) {
  if (a.dimension == kSlotTime && b.dimension.none() && b.form == NumberForm::Slots) return NumberType(kTime);
  const Dimension dimension = a.dimension - b.dimension;
  if (!dimension.none()) return NumberType(dimension);
  if (b.dimension.none() && b.form == NumberForm::Plain) return NumberType({}, a.form);
  return NumberType({}, NumberForm::Ratio);
}

std::string_view VerbOf(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::Add: return "add";
    case ast::BinaryOp::Sub: return "subtract";
    case ast::BinaryOp::Mul:
    case ast::BinaryOp::Of: return "multiply";
    case ast::BinaryOp::Div: return "divide";
    case ast::BinaryOp::Or:
    case ast::BinaryOp::And:
    case ast::BinaryOp::Eq:
    case ast::BinaryOp::Ne:
    case ast::BinaryOp::Lt:
    case ast::BinaryOp::Le:
    case ast::BinaryOp::Gt:
    case ast::BinaryOp::Ge:
    case ast::BinaryOp::Coalesce:
    case ast::BinaryOp::Range: return "compare";
  }
  return "compare";
}

}  // namespace

ExprBinder::ExprBinder(BindContext& context, std::size_t pack, std::string_view owner, NameScope& scope)
    : context_(context), pack_(pack), owner_(owner), scope_(scope) {}

// ---------------------------------------------------------------- reporting
BoundExpr ExprBinder::Error(SourceSpan span) {
  failed_ = true;
  BoundExpr error;
  error.span = span;
  return error;
}

Diagnostic& ExprBinder::Report(DiagnosticCode code, SourceSpan span, std::string message, std::string label) {
  failed_ = true;
  return context_.diagnostics.Report(code, span, std::move(message), std::move(label));
}

std::string ExprBinder::TextOf(SourceSpan span) const {
  if (!span.valid()) return {};
  std::string folded;
  for (const char c : context_.sources.text(span)) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) {
      folded += c;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  return folded;
}

std::string ExprBinder::Explain(const BoundExpr& side) const {
  const bool adds_up_tasks = side.kind == ExprKind::Call && side.function == FunctionId::Sum &&
                             side.type.dimension == kSlotTime && side.operands.front().kind == ExprKind::Collect;
  if (adds_up_tasks) {
    std::string what(metrics::Get(side.operands.front().attribute).name);
    std::replace(what.begin(), what.end(), '_', ' ');
    return "this adds up the " + what + " of all tasks: SlotTime";
  }
  if (side.type.IsNumber() && side.type.dimension == kTime) return "this is wall time (Duration)";
  return "this is " + TypeText(side.type);
}

void ExprBinder::UnitMismatch(const BoundExpr& left, const BoundExpr& right, std::string_view verb) {
  Diagnostic& d = Report(DiagnosticCode::UnitMismatch, left.span,
                         "cannot " + std::string(verb) + " " + TypeText(left.type) +
                             (verb == "add" || verb == "subtract" ? " and " : " with ") + TypeText(right.type),
                         Explain(left));
  d.labels.push_back({right.span, Explain(right)});
  const auto slot_side = [&]() -> const BoundExpr* {
    if (left.type.dimension == kSlotTime && right.type.dimension == kTime) return &left;
    if (right.type.dimension == kSlotTime && left.type.dimension == kTime) return &right;
    return nullptr;
  }();
  if (slot_side != nullptr) {
    d.helps.push_back("divide by the slots, `" + TextOf(slot_side->span) +
                      " / app.slots`, or compare with `app.executor_slot_time`");
    return;
  }
  for (const BoundExpr* side : {&left, &right}) {
    const BoundExpr& other = side == &left ? right : left;
    if (side->kind != ExprKind::Constant || !side->type.dimension.none() || side->type.form == NumberForm::Share)
      continue;
    if (other.type.dimension == kBytes) d.helps.push_back("write the unit: `" + TextOf(side->span) + "B` or `MiB`");
    if (other.type.dimension == kTime) d.helps.push_back("write the unit: `" + TextOf(side->span) + "ms` or `s`");
  }
}

BoundExpr ExprBinder::UnknownName(const ast::Name& name) {
  std::vector<std::string> known;
  for (const Slot& slot : scope_.slots) {
    if (!slot.name.empty() && !in_def_ && FindVariable(slot.name)) known.push_back(slot.name);
  }
  if (!in_def_) {
    for (const auto& [inner, slot] : inner_) known.push_back(inner);
    for (const NamedExpr& let : scope_.lets) {
      if (!group_ || let.value.kind != ExprKind::Chain) known.push_back(let.name);
    }
    for (std::string& imported : ImportedNames()) {
      if (std::ranges::find(known, imported) == known.end()) known.push_back(std::move(imported));
    }
  }
  if (!text_what_.empty()) {
    const std::string bound = Join(known, ", ");
    const std::string hole = TextOf(hole_);
    Report(DiagnosticCode::Template, name.span,
           Quoted(hole) + " in this " + std::string(text_what_) + ": " + Quoted(name.text) + " is not bound in " +
               std::string(owner_) + (bound.empty() ? "" : "; bound: " + bound),
           "not bound");
    return Error(name.span);
  }
  for (const auto& [formal, value] : formals_) known.push_back(formal);
  for (const auto& [param, index] : context_.symbols.packs[pack_].params) known.push_back(param);
  known.insert(known.end(), {"app", "spark"});
  for (const ElementScope& element : elements_) {
    for (const metrics::Attribute& attribute : metrics::AttributesOf(element.entity.entity)) {
      if (attribute.for_rules) known.emplace_back(attribute.name);
    }
  }
  Diagnostic& d = Report(DiagnosticCode::UnknownName, name.span, Quoted(name.text) + " is not bound here");
  const std::string lower = Lower(name.text);
  if (lower == "null" || lower == "nil" || lower == "none" || lower == "nan") {
    d.helps.emplace_back("what a log does not hold is missing: `x is missing`, `x is not missing`");
  } else if (!Suggest(d, name.span, name.text, known) && !in_def_) {
    d.notes.emplace_back(
        "a variable is bound by `match` or `for`, a name by `let` or `param`; a text stands in quotes");
  }
  return Error(name.span);
}

// What other languages call our types.
constexpr std::pair<std::string_view, std::string_view> kOtherTypes[] = {
    {"byte", "Bytes"},         {"size", "Bytes"},         {"memory", "Bytes"},    {"time", "Duration"},
    {"seconds", "Duration"},   {"interval", "Duration"},  {"int", "Count"},       {"integer", "Count"},
    {"long", "Count"},         {"float", "Ratio"},        {"double", "Ratio"},    {"percent", "Share"},
    {"percentage", "Share"},   {"text", "String"},        {"str", "String"},      {"boolean", "Bool"},
    {"date", "Timestamp"},     {"datetime", "Timestamp"}, {"node", "PlanNode"},   {"operator", "PlanNode"},
    {"query", "SqlExecution"}, {"sql", "SqlExecution"},   {"application", "App"}, {"rdd", "CachedRdd"}};

Diagnostic& ReportUnknownType(const ast::TypeName& type, Diagnostics& diagnostics) {
  const ast::Name& name = type.name;
  Diagnostic& d = diagnostics.Report(DiagnosticCode::UnknownType, name.span, "there is no type " + Quoted(name.text));
  const std::string lower = Lower(name.text);
  const auto* other = std::ranges::find(kOtherTypes, lower, &std::pair<std::string_view, std::string_view>::first);
  const std::vector<std::string_view> names = TypeNames();
  if (other != std::end(kOtherTypes)) {
    d.message += "; did you mean " + Quoted(other->second) + "?";
    d.fixes = {{name.span, std::string(other->second)}};
  } else if (!Suggest(d, name.span, name.text, names)) {
    d.notes.push_back(
        "values: Duration SlotTime Bytes Rate Count Ratio Share Number String Bool Version Timestamp Dist<…>; "
        "things: " +
        Join(metrics::EntityTypeNames(), " "));
  }
  return d;
}

void AddFieldHints(metrics::Entity entity, std::string_view name, Diagnostic& diagnostic) {
  std::vector<std::string> parts;
  for (const metrics::Attribute& attribute : metrics::AttributesOf(entity)) {
    const bool contains =
        attribute.name.find(name) != std::string_view::npos || name.find(attribute.name) != std::string_view::npos;
    if (attribute.for_rules && contains && attribute.name.size() > 2) parts.push_back(Quoted(attribute.name));
  }
  if (!parts.empty()) diagnostic.helps.push_back("it has " + Join(parts, ", "));
  for (const metrics::Entity other : {metrics::Entity::App, metrics::Entity::Job, metrics::Entity::Stage,
                                      metrics::Entity::Task, metrics::Entity::Executor, metrics::Entity::SqlExecution,
                                      metrics::Entity::PlanNode, metrics::Entity::Shuffle}) {
    const metrics::Attribute* attribute = metrics::Find(other, name);
    if (other == entity || attribute == nullptr || !attribute->for_rules) continue;
    std::string help = std::string(model::EntityName(other)) + " has it";
    if (other == metrics::Entity::App) help += ": `app." + std::string(name) + "`";
    if (other == metrics::Entity::Task && entity == metrics::Entity::Stage)
      help += ": `s.tasks." + std::string(name) + "`, one value a task";
    diagnostic.helps.push_back(std::move(help));
    return;
  }
}

void ExprBinder::UnknownField(const metrics::EntityType& entity, const ast::Name& name) {
  std::vector<std::string_view> names;
  for (const metrics::Attribute& attribute : metrics::AttributesOf(entity.entity)) {
    if (attribute.for_rules) names.push_back(attribute.name);
  }
  Diagnostic& d =
      Report(DiagnosticCode::UnknownField, name.span, EntityTypeText(entity) + " has no " + Quoted(name.text));
  const auto guess = [&](std::string_view near) {
    const metrics::Attribute* attribute = metrics::Find(entity.entity, near);
    d.message += "; did you mean " + Quoted(near) + " (" + TypeText(TypeOfAttribute(*attribute)) + ")?";
  };
  if (const auto near = DidYouMean(name.text, names)) {
    guess(*near);
    d.fixes = {{name.span, std::string(*near)}};
    return;
  }
  // `shuffle_read` of a stage: the shortest name that goes on. What the application has by just that name is nearer.
  const std::string_view* longer = nullptr;
  for (const std::string_view& known : names) {
    const bool goes_on =
        known.starts_with(name.text) && known.size() > name.text.size() && known[name.text.size()] == '_';
    if (goes_on && name.text.size() > 2 && (longer == nullptr || known.size() < longer->size())) longer = &known;
  }
  const metrics::Attribute* of_app = metrics::Find(metrics::Entity::App, name.text);
  if (longer != nullptr && (of_app == nullptr || !of_app->for_rules)) guess(*longer);
  AddFieldHints(entity.entity, name.text, d);
}

// ---------------------------------------------------------------- entry points
// Inlined lets and definitions can double an expression each: it is left at once when it has grown too large.
BoundExpr ExprBinder::Bind(const ast::Expr& expr) {
  const bool whole = depth_ == 0;
  if (whole) parts_ = 0;
  ++depth_;
  BoundExpr bound = Grow(1) ? BindNode(expr) : BoundExpr();
  --depth_;
  bound.span = expr.span;
  if (!whole || Grow(0)) return bound;
  Report(DiagnosticCode::LimitExceeded, expr.span,
         parts_ > context_.limits.expression_parts
             ? "this expression has more than " + std::to_string(context_.limits.expression_parts) +
                   " parts once its names are filled in"
             : "all rules together have more than " + std::to_string(context_.limits.rule_parts) +
                   " parts once their names are filled in");
  return Error(expr.span);
}

bool ExprBinder::Grow(std::size_t parts) {
  parts_ += parts;
  context_.parts += parts;
  return parts_ <= context_.limits.expression_parts && context_.parts <= context_.limits.rule_parts;
}

// What a name stands for, once more.
BoundExpr ExprBinder::Copy(const BoundExpr& expr) {
  std::size_t parts = 0;
  ForEach(expr, [&](const BoundExpr&) { ++parts; });
  return Grow(parts) ? expr : BoundExpr();
}

BoundExpr ExprBinder::BindCondition(const ast::Expr& expr) {
  BoundExpr bound = Bind(expr);
  if (bound.type.IsError() || bound.type.kind == TypeKind::Bool) return bound;
  Diagnostic& d = Report(DiagnosticCode::TypeMismatch, expr.span, "expected a condition, found " + TypeText(bound.type),
                         "this is " + TypeText(bound.type));
  if (bound.kind == ExprKind::Conf)
    d.helps.push_back("compare it with a value, such as `" + TextOf(expr.span) + " = \"…\"`");
  return Error(expr.span);
}

// With `group by`, settings in a condition that does not look at the group are those of the single member's query.
void ExprBinder::AskMembers(BoundExpr& condition) const {
  if (!scope_.query_member) return;
  const auto asks = [](const BoundExpr& e) { return e.kind == ExprKind::Conf || e.kind == ExprKind::ConfIsSet; };
  BoundExpr without = condition;
  const auto strip = [&](auto& self, BoundExpr& e) -> void {
    if (asks(e)) e.operands.clear();
    for (BoundExpr& operand : e.operands) self(self, operand);
  };
  strip(strip, without);
  const std::vector<SlotIndex> slots = FreeSlots(without);
  if (std::ranges::find(slots, *scope_.query) != slots.end()) return;
  const auto ask = [&](auto& self, BoundExpr& e) -> void {
    if (asks(e) && !e.operands.empty()) e.operands[0] = MakeSlot(*scope_.query_member, e.span);
    for (BoundExpr& operand : e.operands) self(self, operand);
  };
  ask(ask, condition);
}

void ExprBinder::BindConjuncts(const ast::Expr& expr, bool applies, std::vector<Conjunct>& into) {
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node);
      binary != nullptr && binary->op == ast::BinaryOp::And) {
    BindConjuncts(*binary->left, applies, into);
    BindConjuncts(*binary->right, applies, into);
    return;
  }
  const std::optional<SlotIndex> group = group_;
  group_ = std::nullopt;  // conditions may look at members: they then hold before the grouping
  Conjunct conjunct{BindCondition(expr), TextOf(expr.span), applies, false};
  group_ = group;
  if (group) {
    AskMembers(conjunct.condition);
    bool members = false;
    bool groups = false;
    for (const SlotIndex slot : FreeSlots(conjunct.condition)) (slot == *group ? groups : members) = true;
    if (members && groups) {
      Report(DiagnosticCode::TypeMismatch, expr.span, "this condition mixes the group with single members",
             "true for a member or for a group?")
          .helps.push_back("split it: conditions on members hold before `group by`, conditions on the group after it");
    }
    conjunct.before_group = members;
  }
  into.push_back(std::move(conjunct));
}

NamedExpr ExprBinder::BindNamed(const ast::Expr& expr) { return {TextOf(expr.span), Bind(expr)}; }

std::optional<BoundText> ExprBinder::BindText(const std::vector<ast::TextSegment>& segments, std::string_view what) {
  BoundText text;
  text.reserve(segments.size());
  bool ok = true;
  for (const ast::TextSegment& segment : segments) {
    TextPiece piece;
    piece.condition = segment.condition;
    if (segment.hole == nullptr) {
      piece.literal = segment.literal;
    } else {
      const bool failed_before = failed_;
      failed_ = false;
      text_what_ = what;
      hole_ = segment.span;
      piece.hole = segment.condition ? BindCondition(*segment.hole) : Bind(*segment.hole);
      text_what_ = {};
      const TypeKind kind = piece.hole->type.kind;
      const bool numbers = kind == TypeKind::Dist && piece.hole->type.element == TypeKind::Number &&
                           piece.hole->type.form != NumberForm::Id;
      if (numbers || kind == TypeKind::Series) {
        Report(DiagnosticCode::Template, segment.span,
               Quoted(TextOf(segment.span)) + " in this " + std::string(what) + ": a distribution has no single value",
               "this is " + TypeText(piece.hole->type))
            .helps.push_back("print one number of it, such as `{p50(" + TextOf(segment.hole->span) + ")}`");
      }
      ok = ok && !failed_;
      failed_ = failed_ || failed_before;
    }
    text.push_back(std::move(piece));
  }
  if (!ok) return std::nullopt;
  return text;
}

void ExprBinder::AddLet(const ast::Name& name, BoundExpr value) {
  const bool taken = FindVariable(name.text).has_value() ||
                     std::ranges::find(scope_.lets, name.text, &NamedExpr::name) != scope_.lets.end();
  if (taken) {
    Report(DiagnosticCode::DuplicateName, name.span, Quoted(name.text) + " already means something in this rule",
           "second meaning");
    return;
  }
  WarnOfShadow(name, "let");
  scope_.lets.push_back({name.text, std::move(value)});
}

// A name of the rule that is also `app`, `spark` or a parameter of the pack.
void ExprBinder::WarnOfShadow(const ast::Name& name, std::string_view what) {
  const auto& params = context_.symbols.packs[pack_].params;
  const auto param = params.find(name.text);
  if (param != params.end()) {
    Diagnostic& d = context_.diagnostics.Report(
        DiagnosticCode::ShadowedName, name.span,
        "this " + std::string(what) + " hides the parameter " + Quoted(name.text), "means this in the rule");
    d.labels.push_back({context_.set.params[param->second].span, "the parameter"});
    d.helps.emplace_back("give it another name");
  } else if (name.text == "app" || name.text == "spark") {
    context_.diagnostics
        .Report(DiagnosticCode::ShadowedName, name.span,
                "this " + std::string(what) + " hides " + Quoted(name.text) +
                    (name.text == "app" ? ", the application" : ", the Spark version"))
        .helps.emplace_back("give it another name");
  }
}

// Inside `[…]` a bare name is an attribute of the member, even where the rule has given it another meaning.
void ExprBinder::WarnOfMember(const ast::Name& name, const metrics::EntityType& member) {
  if (in_def_) return;
  const bool let = std::ranges::find(scope_.lets, name.text, &NamedExpr::name) != scope_.lets.end();
  const bool param = context_.symbols.packs[pack_].params.contains(name.text);
  const bool variable = FindVariable(name.text).has_value();
  if (!let && !param && !variable) return;
  context_.diagnostics
      .Report(DiagnosticCode::ShadowedName, name.span,
              "inside `[…]` " + Quoted(name.text) + " is the attribute of " + EntityTypeText(member) + ", not the " +
                  (let        ? "`let`"
                   : variable ? "variable"
                              : "parameter") +
                  " of that name")
      .helps.emplace_back("give the other one another name");
}

SlotIndex ExprBinder::AddSlot(std::string name, Type type, SlotRole role) {
  scope_.slots.push_back({std::move(name), std::move(type), {}, role});
  return static_cast<SlotIndex>(scope_.slots.size() - 1);
}

std::optional<SlotIndex> ExprBinder::FindVariable(std::string_view name) const {
  for (auto it = inner_.rbegin(); it != inner_.rend(); ++it) {
    if (it->first == name) return it->second;
  }
  for (std::size_t i = 0; i < scope_.slots.size(); ++i) {
    const Slot& slot = scope_.slots[i];
    const bool variable = slot.role != SlotRole::Element && slot.role != SlotRole::Inner;
    if (!variable || slot.name != name) continue;
    if (group_ && i != *group_) continue;
    return static_cast<SlotIndex>(i);
  }
  return std::nullopt;
}

BoundExpr ExprBinder::MakeSlot(SlotIndex slot, SourceSpan span) const {
  BoundExpr expr;
  expr.kind = ExprKind::Slot;
  expr.type = scope_.slots[slot].type;
  expr.span = span;
  expr.slot = slot;
  return expr;
}

// ---------------------------------------------------------------- checks
bool ExprBinder::CheckAccepts(const Type& wanted, const BoundExpr& value, const std::string& what) {
  if (Accepts(wanted, value.type)) return true;
  const bool units = wanted.IsNumber() && value.type.IsNumber() && wanted.dimension != value.type.dimension;
  Report(units ? DiagnosticCode::UnitMismatch : DiagnosticCode::TypeMismatch, value.span,
         what + " is " + TypeText(wanted) + ", not " + TypeText(value.type), Explain(value));
  return false;
}

bool ExprBinder::CheckSameUnit(const BoundExpr& left, const BoundExpr& right, SourceSpan whole, std::string_view verb) {
  if (left.type.IsError() || right.type.IsError()) return false;
  if (left.type.IsNumber() && right.type.IsNumber()) {
    if (left.type.dimension == right.type.dimension) return true;
    UnitMismatch(left, right, verb);
    return false;
  }
  if (IsTextual(left.type) && IsTextual(right.type)) return true;
  const bool entities = left.type.kind == TypeKind::Entity && right.type.kind == TypeKind::Entity;
  if (entities && Overlaps(*left.type.entity, *right.type.entity)) return true;
  const bool same = left.type.kind == right.type.kind && !entities;
  const bool scalar =
      left.type.kind == TypeKind::Bool || left.type.kind == TypeKind::Version || left.type.kind == TypeKind::Timestamp;
  if (same && scalar) return true;
  Diagnostic& d = Report(DiagnosticCode::TypeMismatch, whole,
                         "cannot " + std::string(verb) + " " + TypeText(left.type) + " with " + TypeText(right.type));
  d.labels = {{left.span, Explain(left)}, {right.span, Explain(right)}};
  for (const BoundExpr* side : {&left, &right}) {
    if (side->type.kind == TypeKind::Dist || side->type.kind == TypeKind::Series) {
      d.helps.push_back("take one number of it, such as `p50(" + TextOf(side->span) + ")` or `max(" +
                        TextOf(side->span) + ")`");
    }
    if (side->type.IsSet()) d.helps.push_back("count its members: `count(" + TextOf(side->span) + ")`");
    SuggestLiteral(*side, side == &left ? right : left, d);
  }
  return false;
}

// A literal in the wrong dress: a version without its `v`, a number or truth in quotes.
void ExprBinder::SuggestLiteral(const BoundExpr& literal, const BoundExpr& other, Diagnostic& d) const {
  if (literal.kind != ExprKind::Constant) return;
  const std::string text = TextOf(literal.span);
  std::string right;
  if (other.type.kind == TypeKind::Version && literal.type.IsNumber() && literal.type.dimension.none()) {
    right = "v" + text + (text.find('.') == std::string::npos ? ".0" : "");
  } else if (other.type.kind == TypeKind::Version && literal.type.kind == TypeKind::String) {
    right = (literal.text.starts_with('v') ? "" : "v") + literal.text;
    if (right.find('.') == std::string::npos) right += ".0";
  } else if (literal.type.kind == TypeKind::String && other.type.kind == TypeKind::Bool) {
    const std::string lower = Lower(literal.text);
    if (lower == "true" || lower == "false") right = lower;
  } else if (literal.type.kind == TypeKind::String && other.type.IsNumber() && !literal.text.empty()) {
    // "5min", "128MiB", "20%", "7"
    const std::size_t digits = literal.text.find_first_not_of("0123456789_.");
    const std::string unit = digits == std::string::npos ? "" : literal.text.substr(digits);
    constexpr std::string_view kUnits[] = {"",  "%",   "ns",  "us",  "ms",  "s",  "min", "h",  "d",
                                           "B", "KiB", "MiB", "GiB", "TiB", "KB", "MB",  "GB", "TB"};
    if (digits != 0 && std::ranges::find(kUnits, unit) != std::end(kUnits)) right = literal.text;
  }
  if (right.empty()) return;
  d.helps.push_back("write " + Quoted(right) + (literal.type.kind == TypeKind::String ? ", without quotes" : ""));
  d.fixes = {{literal.span, right}};
}

// ---------------------------------------------------------------- nodes
BoundExpr ExprBinder::BindNode(const ast::Expr& expr) {
  const SourceSpan span = expr.span;
  struct Visitor {
    ExprBinder& self;
    SourceSpan span;
    BoundExpr operator()(const ast::Literal& node) const { return self.BindLiteral(node, span); }
    BoundExpr operator()(const ast::Unary& node) const { return self.BindUnary(node, span); }
    BoundExpr operator()(const ast::Binary& node) const { return self.BindBinary(node, span); }
    BoundExpr operator()(const ast::If& node) const { return self.BindIf(node, span); }
    BoundExpr operator()(const ast::In& node) const { return self.BindIn(node, span); }
    BoundExpr operator()(const ast::Matches& node) const { return self.BindMatches(node, span); }
    BoundExpr operator()(const ast::IsMissing& node) const {
      BoundExpr missing;
      missing.kind = ExprKind::IsMissing;
      missing.type = SimpleType(TypeKind::Bool);
      missing.operands.push_back(self.Bind(*node.operand));
      if (missing.operands[0].type.IsError()) return self.Error(span);
      return node.negated ? self.Negated(std::move(missing), span) : missing;
    }
    BoundExpr operator()(const ast::Subquery& node) const { return self.BindSubquery(node, span); }
    BoundExpr operator()(const ast::Call& node) const { return self.BindCall(node, span); }
    BoundExpr operator()(const ast::Identifier& node) const { return self.BindIdentifier(node.name); }
    BoundExpr operator()(const ast::Member& node) const { return self.BindMember(node, span); }
    BoundExpr operator()(const ast::Filter& node) const { return self.BindFilter(node, span); }
    BoundExpr operator()(const ast::Conf& node) const { return self.BindConf(node, span); }
  };
  return std::visit(Visitor{*this, span}, expr.node);
}

BoundExpr ExprBinder::Negated(BoundExpr condition, SourceSpan span) {
  BoundExpr negated;
  negated.kind = ExprKind::Not;
  negated.type = condition.type;
  negated.span = span;
  condition.span = span;
  negated.operands.push_back(std::move(condition));
  return negated;
}

BoundExpr ExprBinder::BindLiteral(const ast::Literal& literal, SourceSpan span) {
  BoundExpr constant;
  constant.kind = ExprKind::Constant;
  constant.span = span;
  constant.number = literal.number;
  switch (literal.kind) {
    case ast::LiteralKind::Integer:
    case ast::LiteralKind::Float: constant.type = NumberType({}); break;
    case ast::LiteralKind::Percent: constant.type = NumberType({}, NumberForm::Share); break;
    case ast::LiteralKind::Quantity: {
      const bool bytes = !literal.unit.empty() && literal.unit.back() == 'B';
      constant.type = NumberType(bytes ? kBytes : kTime);
      break;
    }
    case ast::LiteralKind::String:
      constant.type = SimpleType(TypeKind::String);
      constant.text = literal.text;
      break;
    case ast::LiteralKind::Version: {
      int parts[3] = {0, 0, 0};
      int count = 0;
      for (const char c : literal.text.substr(1) + ".") {
        if (c == '.') {
          ++count;
        } else if (count < 3 && parts[count] < 100'000) {
          parts[count] = parts[count] * 10 + (c - '0');
        }
      }
      constant.type = SimpleType(TypeKind::Version);
      constant.number = VersionCode(parts[0], parts[1], parts[2]);
      constant.version_parts = std::min(count, 3);
      constant.text = literal.text;
      break;
    }
    case ast::LiteralKind::Date:
      constant.type = SimpleType(TypeKind::Timestamp);
      constant.number = literal.number * 86'400'000.0;
      break;
    case ast::LiteralKind::True:
    case ast::LiteralKind::False:
      constant.type = SimpleType(TypeKind::Bool);
      constant.number = literal.kind == ast::LiteralKind::True ? 1 : 0;
      break;
  }
  return constant;
}

BoundExpr ExprBinder::BindUnary(const ast::Unary& unary, SourceSpan span) {
  if (unary.op == ast::UnaryOp::Not) {
    BoundExpr operand = BindCondition(*unary.operand);
    if (operand.type.IsError()) return Error(span);
    return Negated(std::move(operand), span);
  }
  BoundExpr negate;
  negate.kind = ExprKind::Negate;
  negate.operands.push_back(Bind(*unary.operand));
  const BoundExpr& operand = negate.operands[0];
  if (operand.type.IsError()) return Error(span);
  if (!operand.type.IsNumber()) {
    Report(DiagnosticCode::TypeMismatch, operand.span, "`-` needs a number, found " + TypeText(operand.type),
           Explain(operand));
    return Error(span);
  }
  negate.type = operand.type;
  return negate;
}

BoundExpr ExprBinder::BindBinary(const ast::Binary& binary, SourceSpan span) {
  switch (binary.op) {
    case ast::BinaryOp::Or: return BindLogic(binary, ExprKind::Or, span);
    case ast::BinaryOp::And: return BindLogic(binary, ExprKind::And, span);
    case ast::BinaryOp::Eq:
    case ast::BinaryOp::Ne:
    case ast::BinaryOp::Lt:
    case ast::BinaryOp::Le:
    case ast::BinaryOp::Gt:
    case ast::BinaryOp::Ge: return BindCompare(binary, span);
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Sub:
    case ast::BinaryOp::Mul:
    case ast::BinaryOp::Div:
    case ast::BinaryOp::Of: return BindArithmetic(binary, span);
    case ast::BinaryOp::Coalesce: return BindCoalesce(binary, span);
    case ast::BinaryOp::Range: return BindRange(binary, span);
  }
  return Error(span);
}

BoundExpr ExprBinder::BindLogic(const ast::Binary& binary, ExprKind kind, SourceSpan span) {
  BoundExpr logic;
  logic.kind = kind;
  logic.type = SimpleType(TypeKind::Bool);
  logic.operands.reserve(2);
  logic.operands.push_back(BindCondition(*binary.left));
  logic.operands.push_back(BindCondition(*binary.right));
  if (logic.operands[0].type.IsError() || logic.operands[1].type.IsError()) return Error(span);
  return logic;
}

// An enum value is written as a text; the text must be one of the list.
bool ExprBinder::CheckEnumValue(const BoundExpr& value, const BoundExpr& text) {
  const auto& values = value.type.enum_values;
  if (value.type.kind != TypeKind::Enum || text.kind != ExprKind::Constant || values.empty()) return true;
  if (std::ranges::find(values, text.text) != values.end()) return true;
  std::string message = Quoted(TextOf(value.span)) + " is never " + Quoted("\"" + text.text + "\"");
  const auto near = DidYouMean(text.text, values);
  if (near) message += "; did you mean \"" + std::string(*near) + "\"?";
  Diagnostic& d = Report(DiagnosticCode::EnumValue, text.span, std::move(message));
  d.notes.push_back("values: " + Join(values, " "));
  if (near) d.fixes = {{text.span, "\"" + std::string(*near) + "\""}};
  return false;
}

// `s.status = FAILED`: the values of a closed list are texts. True: reported.
bool ExprBinder::IsUnquotedValue(const BoundExpr& value, const ast::Expr& expr) {
  const auto* identifier = std::get_if<ast::Identifier>(&expr.node);
  if (identifier == nullptr || value.type.kind != TypeKind::Enum) return false;
  const std::string& name = identifier->name.text;
  const auto same = [&](std::string_view known) { return Lower(known) == Lower(name); };
  const auto found = std::ranges::find_if(value.type.enum_values, same);
  const bool let = std::ranges::find(scope_.lets, name, &NamedExpr::name) != scope_.lets.end();
  if (found == value.type.enum_values.end() || let || FindVariable(name)) return false;
  const std::string quoted = "\"" + std::string(*found) + "\"";
  Diagnostic& d = Report(DiagnosticCode::EnumValue, expr.span,
                         "the values of " + Quoted(TextOf(value.span)) + " are texts: write " + Quoted(quoted));
  d.fixes = {{expr.span, quoted}};
  return true;
}

BoundExpr ExprBinder::BindCompare(const ast::Binary& binary, SourceSpan span) {
  BoundExpr compare;
  compare.kind = ExprKind::Compare;
  compare.type = SimpleType(TypeKind::Bool);
  compare.span = span;
  compare.op = binary.op;
  compare.operands.reserve(2);
  compare.operands.push_back(Bind(*binary.left));
  if (IsUnquotedValue(compare.operands[0], *binary.right)) return Error(span);
  compare.operands.push_back(Bind(*binary.right));
  const BoundExpr& left = compare.operands[0];
  const BoundExpr& right = compare.operands[1];
  if (!CheckSameUnit(left, right, span, "compare")) return Error(span);
  if (left.type.interval || right.type.interval) {
    Report(DiagnosticCode::TypeMismatch, span, "an interval cannot be compared").helps.push_back("write `x in a..b`");
    return Error(span);
  }
  const bool ordered =
      left.type.IsNumber() || left.type.kind == TypeKind::Timestamp || left.type.kind == TypeKind::Version;
  if (IsOrdering(binary.op) && !ordered) {
    Report(DiagnosticCode::TypeMismatch, binary.op_span, TypeText(left.type) + " has no order", "only `=` and `!=`");
    return Error(span);
  }
  if (!CheckEnumValue(left, right) || !CheckEnumValue(right, left)) return Error(span);
  CheckNeverTrue(compare, context_.diagnostics);
  return compare;
}

BoundExpr ExprBinder::BindArithmetic(const ast::Binary& binary, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::Arithmetic;
  result.op = binary.op == ast::BinaryOp::Of ? ast::BinaryOp::Mul : binary.op;
  result.operands.reserve(2);
  result.operands.push_back(Bind(*binary.left));
  result.operands.push_back(Bind(*binary.right));
  const BoundExpr& left = result.operands[0];
  const BoundExpr& right = result.operands[1];
  if (left.type.IsError() || right.type.IsError()) return Error(span);
  const bool sum = binary.op == ast::BinaryOp::Add || binary.op == ast::BinaryOp::Sub;
  const bool left_time = left.type.kind == TypeKind::Timestamp;
  const bool right_time = right.type.kind == TypeKind::Timestamp;
  const bool right_duration = right.type.IsNumber() && right.type.dimension == kTime;
  if (left_time && right_time && binary.op == ast::BinaryOp::Sub) {
    result.type = NumberType(kTime);
    return result;
  }
  if (left_time && right_duration && sum) {
    result.type = SimpleType(TypeKind::Timestamp);
    return result;
  }
  if (!left.type.IsNumber() || !right.type.IsNumber()) {
    const BoundExpr& wrong = left.type.IsNumber() ? right : left;
    Diagnostic& d = Report(DiagnosticCode::TypeMismatch, wrong.span,
                           "cannot " + std::string(VerbOf(binary.op)) + " " + TypeText(wrong.type), Explain(wrong));
    if (wrong.type.kind == TypeKind::Dist) {
      d.helps.push_back("take one number of it, such as `p50(" + TextOf(wrong.span) + ")` or `sum(" +
                        TextOf(wrong.span) + ")`");
    }
    return Error(span);
  }
  if (sum) {
    if (!CheckSameUnit(left, right, span, VerbOf(binary.op))) return Error(span);
    result.type = NumberType(left.type.dimension, MergeSum(left.type.form, right.type.form));
  } else if (binary.op == ast::BinaryOp::Div) {
    if (right.kind == ExprKind::Constant && right.number == 0) {
      Report(DiagnosticCode::DivisionByZero, right.span, "this divides by zero", "always 0")
          .notes.emplace_back("the result is missing, and a comparison with it is never true");
      return Error(span);
    }
    result.type = QuotientType(left.type, right.type);
    result.type.nullable = true;
  } else {
    result.type = ProductType(left.type, right.type);
  }
  result.type.interval = left.type.interval || right.type.interval;
  result.type.nullable = result.type.nullable || left.type.nullable || right.type.nullable;
  return result;
}

BoundExpr ExprBinder::BindCoalesce(const ast::Binary& binary, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::Coalesce;
  result.operands.reserve(2);
  result.operands.push_back(Bind(*binary.left));
  result.operands.push_back(Bind(*binary.right));
  if (!CheckSameUnit(result.operands[0], result.operands[1], span, "combine")) return Error(span);
  result.type = result.operands[0].type;
  result.type.nullable = result.operands[1].type.nullable;
  return result;
}

BoundExpr ExprBinder::BindRange(const ast::Binary& binary, SourceSpan span) {
  BoundExpr range;
  range.kind = ExprKind::Range;
  range.operands.reserve(2);
  range.operands.push_back(Bind(*binary.left));
  range.operands.push_back(Bind(*binary.right));
  const BoundExpr& left = range.operands[0];
  const BoundExpr& right = range.operands[1];
  const bool product = left.type.IsNumber() && right.type.IsNumber() && left.type.dimension.none() &&
                       !right.type.dimension.none() && right.kind == ExprKind::Arithmetic;
  if (product) {
    Diagnostic& d = Report(DiagnosticCode::UnitMismatch, left.span,
                           "an interval from " + TypeText(left.type) + " to " + TypeText(right.type), Explain(left));
    d.labels.push_back({right.span, Explain(right) + ", the end of the interval"});
    d.helps.push_back("`..` binds less than `*`: write `(a..b) * x`");
    return Error(span);
  }
  if (!CheckSameUnit(left, right, span, "make an interval of")) return Error(span);
  if (!left.type.IsNumber() && left.type.kind != TypeKind::Version && left.type.kind != TypeKind::Timestamp) {
    Report(DiagnosticCode::TypeMismatch, span, "an interval of " + TypeText(left.type) + " has no meaning",
           Explain(left));
    return Error(span);
  }
  range.type = left.type;
  range.type.interval = true;
  return range;
}

BoundExpr ExprBinder::BindIf(const ast::If& node, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::If;
  result.operands.push_back(BindCondition(*node.condition));
  result.operands.push_back(Bind(*node.then));
  result.operands.push_back(Bind(*node.otherwise));
  if (result.operands[0].type.IsError()) return Error(span);
  if (!CheckSameUnit(result.operands[1], result.operands[2], span, "choose between")) return Error(span);
  result.type = result.operands[1].type;
  result.type.nullable = result.operands[1].type.nullable || result.operands[2].type.nullable;
  return result;
}

BoundExpr ExprBinder::BindIn(const ast::In& in, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::In;
  result.type = SimpleType(TypeKind::Bool);
  result.operands.push_back(Bind(*in.operand));
  for (const ast::ExprPtr& choice : in.choices) {
    if (IsUnquotedValue(result.operands[0], *choice)) return Error(span);
    result.operands.push_back(Bind(*choice));
  }
  for (std::size_t i = 1; i < result.operands.size(); ++i) {
    if (!CheckSameUnit(result.operands[0], result.operands[i], span, "compare")) return Error(span);
    if (!CheckEnumValue(result.operands[0], result.operands[i])) return Error(span);
  }
  return in.negated ? Negated(std::move(result), span) : result;
}

BoundExpr ExprBinder::BindMatches(const ast::Matches& matches, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::Matches;
  result.type = SimpleType(TypeKind::Bool);
  result.text = matches.regex;
  result.operands.push_back(Bind(*matches.operand));
  const BoundExpr& operand = result.operands[0];
  if (operand.type.IsError()) return Error(span);
  if (!IsTextual(operand.type)) {
    Report(DiagnosticCode::TypeMismatch, operand.span, "`matches` needs a text, found " + TypeText(operand.type),
           Explain(operand));
    return Error(span);
  }
  const std::string error = Regex(matches.regex).error();
  if (!error.empty()) {
    Report(DiagnosticCode::BadRegex, matches.regex_span, "this is not a regular expression: " + error)
        .notes.push_back("the syntax is RE2's: no look-ahead, no back-references");
    return Error(span);
  }
  return matches.negated ? Negated(std::move(result), span) : result;
}

BoundExpr ExprBinder::BindConf(const ast::Conf& conf, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::Conf;
  result.text = conf.key;
  const spark::Setting* setting = spark::FindByAnyName(conf.key);
  switch (setting != nullptr ? setting->type : spark::SettingType::Text) {
    case spark::SettingType::Bool: result.type = SimpleType(TypeKind::Bool); break;
    case spark::SettingType::Integer: result.type = NumberType({}, NumberForm::Count); break;
    case spark::SettingType::Real: result.type = NumberType({}, NumberForm::Ratio); break;
    case spark::SettingType::Bytes: result.type = NumberType(kBytes); break;
    case spark::SettingType::Time: result.type = NumberType(kTime); break;
    case spark::SettingType::Text: result.type = SimpleType(TypeKind::String); break;
  }
  result.type.nullable = true;
  result.span = span;
  return AskSubject(std::move(result), conf.key_span);
}

BoundExpr ExprBinder::AskSubject(BoundExpr setting, SourceSpan key_span) {
  const spark::Setting* known = spark::FindSetting(setting.text);
  if (known == nullptr && !spark::MayExist(setting.text)) {
    std::string message = "Spark has no setting " + Quoted(setting.text);
    if (const auto near = spark::NearestSetting(setting.text)) message += "; did you mean " + Quoted(*near) + "?";
    Report(DiagnosticCode::UnknownSetting, key_span, std::move(message));
    return Error(setting.span);
  }
  // A session has no say in the others (spark/effective.h).
  if (known != nullptr && known->scope != spark::SettingScope::Session) return setting;
  if (scope_.query) setting.operands.push_back(MakeSlot(*scope_.query, setting.span));
  return setting;
}

BoundExpr ExprBinder::BindIdentifier(const ast::Name& name) {
  const SourceSpan span = name.span;
  if (const auto formal = formals_.find(name.text); formal != formals_.end()) {
    return Copy(formal->second);
  }
  if (!elements_.empty()) {
    const ElementScope& element = elements_.back();
    const metrics::Attribute* attribute = metrics::Find(element.entity.entity, name.text);
    if (attribute != nullptr && attribute->for_rules) {
      WarnOfMember(name, element.entity);
      return BindAttribute(MakeSlot(element.slot, span), name, span);
    }
  }
  if (!in_def_) {
    const auto let = std::ranges::find(scope_.lets, name.text, &NamedExpr::name);
    // The ends of a chain are members, which nobody sees after `group by`.
    const bool hidden = let != scope_.lets.end() && let->value.kind == ExprKind::Chain && group_;
    if (let != scope_.lets.end() && !hidden) return Copy(let->value);
    if (const auto slot = FindVariable(name.text)) return MakeSlot(*slot, span);
    if (auto imported = BindImported(name)) return std::move(*imported);
  }
  BoundExpr app;
  app.kind = ExprKind::App;
  app.type = EntityOf({metrics::Entity::App, std::nullopt});
  app.span = span;
  if (name.text == "app") return app;
  if (name.text == "spark") return BindAttribute(std::move(app), name, span);
  const auto& params = context_.symbols.packs[pack_].params;
  if (const auto param = params.find(name.text); param != params.end()) return MakeParam(param->second, span);
  if (name.text == "_") {
    Report(DiagnosticCode::TypeMismatch, span, "`_` stands only for an argument of another rule, as in `not spill(_)`");
    return Error(span);
  }
  if (context_.symbols.IsBroken(pack_, name.text)) return Error(span);
  return UnknownName(name);
}

BoundExpr ExprBinder::MakeParam(std::uint32_t index, SourceSpan span) {
  BoundExpr param;
  param.kind = ExprKind::Param;
  param.type = context_.set.params[index].type;
  param.span = span;
  param.param = index;
  if (param.type.IsError()) return Error(span);
  return param;
}

BoundExpr ExprBinder::BindMember(const ast::Member& member, SourceSpan span) {
  // core.skew_ratio: a parameter of another pack, unless a variable has the alias's name.
  if (const auto* identifier = std::get_if<ast::Identifier>(&member.object->node)) {
    const std::string& alias = identifier->name.text;
    const auto& uses = context_.symbols.packs[pack_].uses;
    const auto use = uses.find(alias);
    if (use != uses.end() && !FindVariable(alias)) {
      const auto& params = context_.symbols.packs[use->second].params;
      const auto param = params.find(member.name.text);
      if (param != params.end()) return MakeParam(param->second, span);
    }
  }
  BoundExpr object = Bind(*member.object);
  if (object.type.IsError()) return Error(span);
  return BindAttribute(std::move(object), member.name, span);
}

BoundExpr ExprBinder::BindAttribute(BoundExpr object, const ast::Name& name, SourceSpan span) {
  const bool single = object.type.kind == TypeKind::Entity;
  if (!single && !object.type.IsSet()) {
    Report(DiagnosticCode::UnknownField, name.span,
           TypeText(object.type) + " has no attributes, so no " + Quoted(name.text), "of " + TypeText(object.type));
    return Error(span);
  }
  const metrics::EntityType entity = *object.type.entity;
  BoundExpr result;
  result.span = span;
  if (single && entity.entity == metrics::Entity::App && name.text == "running_tasks") {
    result.kind = ExprKind::RunningTasks;
    result.type = SimpleType(TypeKind::Series);
    result.type.form = NumberForm::Count;
    return result;
  }
  const metrics::Attribute* attribute = metrics::Find(entity.entity, name.text);
  if (attribute == nullptr) {
    UnknownField(entity, name);
    return Error(span);
  }
  const Type type = TypeOfAttribute(*attribute);
  if (!attribute->for_rules || type.IsError()) {
    Report(DiagnosticCode::UnknownField, name.span,
           Quoted(name.text) + " of " + EntityTypeText(entity) + " is not for rules",
           attribute->for_rules ? "a list of values" : "only `advise model` shows it");
    return Error(span);
  }
  result.attribute = attribute->id;
  result.type = type;
  const auto key = std::ranges::find(object.type.group_keys, attribute->id);
  if (object.type.kind == TypeKind::Group && key != object.type.group_keys.end()) {
    result.kind = ExprKind::GroupKey;
  } else if (single) {
    result.kind = type.kind == TypeKind::EntitySet ? ExprKind::Members : ExprKind::Attribute;
  } else if (type.kind == TypeKind::EntitySet) {
    result.kind = ExprKind::FlatMembers;
  } else if (type.kind == TypeKind::Entity) {
    result.kind = ExprKind::Related;
    result.type.kind = TypeKind::EntitySet;
  } else {
    result.kind = ExprKind::Collect;
    result.type.element = type.kind;
    result.type.kind = TypeKind::Dist;
    result.type.entity = entity;
  }
  result.operands.push_back(std::move(object));
  return result;
}

BoundExpr ExprBinder::BindFilter(const ast::Filter& filter, SourceSpan span) {
  BoundExpr result;
  result.kind = ExprKind::Filter;
  result.operands.push_back(Bind(*filter.object));
  const BoundExpr& set = result.operands[0];
  if (set.type.IsError()) return Error(span);
  if (!set.type.IsSet()) {
    Diagnostic& d = Report(DiagnosticCode::TypeMismatch, set.span,
                           "only a set can be filtered, not " + TypeText(set.type), Explain(set));
    if (set.kind == ExprKind::Collect) {
      d.helps.push_back("filter the members: `" + TextOf(set.operands[0].span) + "[…]." +
                        std::string(metrics::Get(set.attribute).name) + "`");
    }
    return Error(span);
  }
  const metrics::EntityType entity = *set.type.entity;
  result.type = SetOf(entity);
  result.slot = AddSlot({}, EntityOf(entity), SlotRole::Element);
  elements_.push_back({result.slot, entity});
  BoundExpr condition = BindCondition(*filter.condition);
  elements_.pop_back();
  if (condition.type.IsError()) return Error(span);
  result.operands.push_back(std::move(condition));
  return result;
}

// ---------------------------------------------------------------- constants
std::optional<double> FoldNumber(const BoundExpr& expr, const std::vector<BoundParam>& params) {
  if (!expr.type.IsNumber() && expr.type.kind != TypeKind::Timestamp && expr.type.kind != TypeKind::Version)
    return std::nullopt;
  switch (expr.kind) {
    case ExprKind::Constant: return expr.number;
    case ExprKind::Param: return FoldNumber(params[expr.param].value, params);
    case ExprKind::Negate: {
      const auto value = FoldNumber(expr.operands[0], params);
      if (!value) return std::nullopt;
      return -*value;
    }
    case ExprKind::Arithmetic: {
      const auto left = FoldNumber(expr.operands[0], params);
      const auto right = FoldNumber(expr.operands[1], params);
      if (!left || !right) return std::nullopt;
      if (expr.op == ast::BinaryOp::Add) return *left + *right;
      if (expr.op == ast::BinaryOp::Sub) return *left - *right;
      if (expr.op == ast::BinaryOp::Mul) return *left * *right;
      if (expr.op == ast::BinaryOp::Div && *right != 0) return *left / *right;
      return std::nullopt;
    }
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
    case ExprKind::Chain:
    case ExprKind::NodeMetric:
    case ExprKind::CollectMetric:
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
    case ExprKind::Call:
    case ExprKind::Pick:
    case ExprKind::Exists:
    case ExprKind::CountOf:
    case ExprKind::Witness:
    case ExprKind::Atom: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace advise::rules
