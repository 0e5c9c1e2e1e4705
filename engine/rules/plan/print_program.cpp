// Plans and programs as text.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "rules/plan/rule_set.h"

namespace advise::rules {
namespace {

std::string_view OpName(Op op) {
  static constexpr std::string_view kNames[] = {
#define ADVISE_OP(name, doc) #name,
#include "rules/plan/ops.def"
#undef ADVISE_OP
  };
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view YieldName(Yield yield) {
  static constexpr std::string_view kNames[] = {"truth", "number", "text", "row", "rows", "dist"};
  return kNames[static_cast<std::size_t>(yield)];
}

std::string_view CompareName(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::Eq: return "=";
    case ast::BinaryOp::Ne: return "!=";
    case ast::BinaryOp::Lt: return "<";
    case ast::BinaryOp::Le: return "<=";
    case ast::BinaryOp::Gt: return ">";
    default: return ">=";
  }
}

std::string NumberText(double number) {
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr};
}

std::string RefText(Ref ref) { return ref == kNone ? "_" : "%" + std::to_string(ref); }
std::string VariableText(VariableIndex variable) { return "v" + std::to_string(variable); }

std::string FunctionText(const Code& code, const Instruction& i) {
  if (i.function == FunctionId::Quantile) return "p" + NumberText(code.numbers[i.number] * 100);
  const auto found = std::ranges::find(AllFunctions(), i.function, &RuleFunction::id);
  return found == AllFunctions().end() ? "" : std::string(found->name);
}

std::string LabelsOf(const std::vector<metrics::EdgeKind>& kinds) {
  std::string labels;
  for (const metrics::EdgeKind kind : kinds) {
    const auto info = std::ranges::find(metrics::AllEdges(), kind, &metrics::EdgeInfo::kind);
    labels += (labels.empty() ? "" : "|") + std::string(info->name);
  }
  return labels;
}

// What one instruction does: "Compare > %4 %7".
std::string InstructionText(const RuleSet& set, const Code& code, const Instruction& i) {
  std::string text(OpName(i.op));
  if (i.op == Op::Compare) text += " " + std::string(CompareName(i.compare));
  if (i.op == Op::Aggregate || i.op == Op::Series || i.op == Op::Round || i.op == Op::Pick)
    text += " " + FunctionText(code, i);
  if (i.op == Op::CutVersion) text += " " + std::to_string(i.version_parts);
  if (i.op == Op::Attribute || i.op == Op::GroupKey || i.op == Op::Members || i.op == Op::Related ||
      i.op == Op::FlatMembers || i.op == Op::Collect) {
    const metrics::Attribute& attribute = metrics::Get(i.attribute);
    text += " " + std::string(model::EntityName(attribute.entity)) + "." + std::string(attribute.name);
  }
  if (i.op == Op::Constant && i.number != kNone) text += " " + NumberText(code.numbers[i.number]);
  if (i.op == Op::Metric || i.op == Op::CollectMetric)
    text += i.metric_part == metrics::SqlMetricPart::Largest ? " largest" : " total";
  if (i.text != kNone) text += " \"" + code.texts[i.text] + "\"";
  if (i.param != kNone) text += " " + set.params[i.param].name;
  if (i.rule != kNone) text += " " + set.rules[i.rule].Id();
  if (i.column != kNone) text += " c" + std::to_string(i.column);
  if (i.pattern != kNone) text += " p" + std::to_string(i.pattern);
  if (i.witness != kNone) text += "." + set.rules[i.rule].slots[i.witness].name;
  if (i.variable != kNone) text += " " + VariableText(i.variable);
  for (const Ref operand : i.operands) {
    if (operand != kNone) text += " " + RefText(operand);
  }
  if (i.list != kNone) {
    for (const Ref argument : code.lists[i.list]) text += " " + RefText(argument);
  }
  return text;
}

// Names for the rows of a plan: those of the rule's slots, or the numbers of an inner pattern's variables.
class PlanPrinter {
 public:
  PlanPrinter(const RuleSet& set, const BoundRule* rule) : set_(set), code_(set.program.code), rule_(rule) {}

  std::string Print(const Plan& plan) const {
    std::string text;
    if (!plan.once.empty()) text += "  once\n";
    AddConditions(text, plan, "if", plan.once);
    for (const Step& step : plan.steps) {
      text += "  " + StepText(step) + "\n";
      if (step.kind == StepKind::Scan) AddConditions(text, plan, "column", step.tested);
      AddConditions(text, plan, "filter", step.filters);
    }
    if (rule_ != nullptr && rule_->group) text += "  group by as " + SlotText(rule_->group->group) + "\n";
    AddConditions(text, plan, "filter", plan.after_group);
    return text;
  }

 private:
  void AddConditions(std::string& text, const Plan& plan, std::string_view word,
                     const std::vector<std::size_t>& conditions) const {
    for (const std::size_t condition : conditions) {
      text += "    " + std::string(word) + " ";
      text += rule_ == nullptr ? RefText(plan.conditions[condition]) : rule_->conjuncts[condition].text;
      text += "\n";
    }
  }

  [[nodiscard]] std::string SlotText(VariableIndex slot) const {
    const Slot& variable = rule_->slots[slot];
    return (variable.name.empty() ? "_" + std::to_string(slot) : variable.name) + ":" + TypeText(variable.type);
  }
  [[nodiscard]] std::string RowText(VariableIndex variable, std::uint32_t domain) const {
    if (rule_ != nullptr) return SlotText(variable);
    std::string types;
    for (const metrics::EntityType& type : code_.domains[domain])
      types += (types.empty() ? "" : "|") + EntityTypeText(type);
    return VariableText(variable) + ":" + types;
  }
  [[nodiscard]] std::string RowText(Ref row) const {
    const Instruction& i = code_.instructions[row];
    if (i.op == Op::Variable && rule_ != nullptr) return SlotText(i.variable);
    return i.op == Op::Variable ? VariableText(i.variable) : RefText(row);
  }

  [[nodiscard]] std::string StepText(const Step& step) const {
    switch (step.kind) {
      case StepKind::Scan:
        return "scan " + RowText(step.variable, step.domain) +
               (step.key == kNone ? "" : " where " + RefText(step.key) + " is " + RefText(step.equals));
      case StepKind::Finding: {
        std::string text = "findings of " + set_.rules[step.rule].Id() + "(";
        for (std::size_t i = 0; i < step.arguments.size(); ++i) {
          const JoinArgument& argument = step.arguments[i];
          text += i == 0 ? "" : ", ";
          text += argument.kind == JoinArgument::Kind::Any ? "_" : SlotText(argument.variable);
        }
        return text + ")";
      }
      case StepKind::Follow:
      case StepKind::Check: break;
    }
    const bool check = step.kind == StepKind::Check;
    const std::string here = RowText(step.here);
    const std::string there = check ? RowText(step.there) : RowText(step.variable, step.domain);
    std::string edge = "(" + (step.forward ? here : there) + ")-[";
    if (step.edge != kNone) edge += rule_ == nullptr ? VariableText(step.edge) : rule_->slots[step.edge].name;
    edge += ":" + LabelsOf(step.kinds) + "]->";
    if (step.hops) edge += "{" + std::to_string(step.hops->first) + "," + std::to_string(step.hops->second) + "}";
    edge += "(" + (step.forward ? there : here) + ")";
    return check ? "check " + edge : "follow " + edge + " to " + there;
  }

  const RuleSet& set_;
  const Code& code_;
  const BoundRule* rule_;  // null: an inner pattern
};

// What the program evaluates of one rule, an instruction a line.
std::string RuleText(const RuleSet& set, RuleIndex index) {
  const BoundRule& rule = set.rules[index];
  const RuleCode& code = set.program.rules[index];
  std::string text = PrintPlan(set, index);
  const auto add = [&](std::string_view what, Ref value, Ref condition = kNone) {
    text += "  " + std::string(what) + (value == kNone ? "" : " " + RefText(value)) +
            (condition == kNone ? "" : " when " + RefText(condition)) + "\n";
  };
  const auto add_text = [&](std::string_view what, const OutputText& pieces) {
    for (const OutputPiece& piece : pieces) {
      if (piece.value) add(what, piece.value->value);
    }
  };
  const auto add_atoms = [&](std::string_view what, const std::vector<AtomCode>& atoms) {
    for (const AtomCode& atom : atoms) {
      text += "  " + std::string(what) + " " + set.rules[atom.rule].Id();
      for (const Ref argument : atom.arguments) text += " " + RefText(argument);
      text += "\n";
    }
  };
  for (std::size_t i = 0; i < rule.conjuncts.size(); ++i) add(rule.conjuncts[i].text + " is", code.plan.conditions[i]);
  for (const Step& step : code.plan.steps) {
    for (std::size_t i = 0; i < step.tests.size(); ++i)
      add(rule.conjuncts[step.tested[i]].text + " is column", step.tests[i]);
  }
  for (const Output& key : code.group_keys) add("key", key.value);
  add_atoms("explains", code.explains);
  add_atoms("relation", code.relations);
  for (const GuardedCode& one : code.confidence) add("confidence", one.value, one.condition);
  for (const Ref condition : code.severity) add("severity", kNone, condition);
  for (const Output& value : code.evidence) add("evidence", value.value);
  if (code.costs != kNone) add("costs", code.costs);
  for (const RuledOutCode& other : code.rules_out) {
    for (const ConditionCode& condition : other.conditions) add("rules out", kNone, condition.test);
    add_text("because", other.because);
  }
  add_text("title", code.title);
  add_text("message", code.message);
  add_text("fix", code.fix);
  for (const ChangeCode& change : code.changes) {
    if (change.value) add("change", change.value->value);
    add_text("change", change.text);
  }
  return text;
}

}  // namespace

std::string PrintPlan(const RuleSet& set, RuleIndex index) {
  const BoundRule& rule = set.rules[index];
  return rule.Id() + " (stratum " + std::to_string(rule.stratum) + ")\n" +
         PlanPrinter(set, &rule).Print(set.program.rules[index].plan);
}

std::string PrintProgram(const RuleSet& set) {
  const Code& code = set.program.code;
  std::string text = "---- instructions ----\n";
  for (std::size_t i = 0; i < code.instructions.size(); ++i) {
    const Instruction& instruction = code.instructions[i];
    std::string line = RefText(static_cast<Ref>(i));
    line.resize(std::max<std::size_t>(line.size(), 4), ' ');
    line += " " + std::string(YieldName(instruction.yield));
    line.resize(std::max<std::size_t>(line.size(), 11), ' ');
    text += line + " " + InstructionText(set, code, instruction) + "\n";
  }
  text += "---- columns ----\n";
  for (std::size_t i = 0; i < code.columns.size(); ++i) {
    const DerivedColumn& column = code.columns[i];
    text += "c" + std::to_string(i) + " of " +
            (column.entity ? std::string(model::EntityName(*column.entity)) : "Group") + ": " + RefText(column.body);
    if (column.distribution != kNone) text += ", distribution " + std::to_string(column.distribution);
    text += "\n";
  }
  text += "---- inner patterns ----\n";
  for (std::size_t i = 0; i < code.patterns.size(); ++i)
    text += "p" + std::to_string(i) + "\n" + PlanPrinter(set, nullptr).Print(code.patterns[i]);
  text += "---- rules ----\n";
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) text += RuleText(set, static_cast<RuleIndex>(rule));
  for (std::size_t i = 0; i < set.suppressions.size(); ++i) {
    text += "suppress " + set.rules[set.suppressions[i].rule].Id() + "\n";
    for (const Ref condition : set.program.suppressions[i]) text += "  if " + RefText(condition) + "\n";
  }
  return text;
}

}  // namespace advise::rules
