#include <string>

#include "rules/plan/plan.h"

namespace advise::rules {
namespace {

std::string SlotText(const BoundRule& rule, SlotIndex slot) {
  const Slot& variable = rule.slots[slot];
  return (variable.name.empty() ? "_" + std::to_string(slot) : variable.name) + ":" + TypeText(variable.type);
}

std::string EdgeText(const BoundRule& rule, const PatternEdge& edge) {
  std::string labels;
  for (const metrics::EdgeKind kind : edge.kinds) {
    for (const metrics::EdgeInfo& info : metrics::AllEdges()) {
      if (info.kind == kind) labels += (labels.empty() ? "" : "|") + std::string(info.name);
    }
  }
  std::string text = "(" + SlotText(rule, edge.from) + ")-[";
  if (edge.edge) text += rule.slots[*edge.edge].name;
  text += ":" + labels + "]->";
  if (edge.hops) text += "{" + std::to_string(edge.hops->first) + "," + std::to_string(edge.hops->second) + "}";
  return text + "(" + SlotText(rule, edge.to) + ")";
}

void AddConjuncts(std::string& text, const BoundRule& rule, std::string_view word,
                  const std::vector<std::size_t>& conjuncts) {
  for (const std::size_t conjunct : conjuncts) {
    text += "    " + std::string(word) + " " + rule.conjuncts[conjunct].text + "\n";
  }
}

std::string StepText(const RuleSet& set, const BoundRule& rule, const PlanStep& step) {
  switch (step.kind) {
    case StepKind::Scan: return "scan " + SlotText(rule, step.slot);
    case StepKind::Finding: {
      const BoundAtom& atom = rule.for_atoms[step.index];
      std::string text = "findings of " + set.rules[atom.rule].Id() + "(";
      for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
        const BoundExpr& argument = atom.arguments[i];
        text += (i == 0 ? "" : ", ") +
                (argument.kind == ExprKind::Slot ? SlotText(rule, argument.index) : std::string("_"));
      }
      return text + ")";
    }
    case StepKind::Follow:
      return "follow " + EdgeText(rule, rule.match.edges[step.index]) + " to " + SlotText(rule, step.slot);
    case StepKind::Check: return "check " + EdgeText(rule, rule.match.edges[step.index]);
  }
  return {};
}

}  // namespace

std::string PrintPlan(const RuleSet& set, RuleIndex index) {
  const BoundRule& rule = set.rules[index];
  const RulePlan& plan = set.plans[index];
  std::string text = rule.Id() + " (stratum " + std::to_string(rule.stratum) + ")\n";
  if (!plan.once.empty()) text += "  once\n";
  AddConjuncts(text, rule, "if", plan.once);
  for (const PlanStep& step : plan.steps) {
    text += "  " + StepText(set, rule, step) + "\n";
    for (const ColumnTest& test : step.tests) text += "    column " + rule.conjuncts[test.conjunct].text + "\n";
    AddConjuncts(text, rule, "filter", step.filters);
  }
  if (rule.group) text += "  group by as " + SlotText(rule, rule.group->group) + "\n";
  AddConjuncts(text, rule, "filter", plan.after_group);
  return text;
}

}  // namespace advise::rules
