// Reads off the compiled rules what overrides, --set and errors made of them.
#include "diagnose/in_force.h"

#include <algorithm>
#include <map>
#include <set>

#include "diagnose/from_matches.h"
#include "rules/bind/symbols.h"
#include "support/quoted.h"
#include "support/typed_value.h"

namespace advise::diagnose {
namespace {

std::string TextOf(const rules::BoundExpr& value, const rules::Type& type) {
  const bool text = type.kind == rules::TypeKind::String || type.kind == rules::TypeKind::Version;
  const TypedValue typed{rules::FormOf(type), value.number, text ? value.text : std::string()};
  return PrintValue(typed).value_or(value.text);
}
std::optional<double> NumberOf(const rules::BoundExpr& value, const rules::Type& type) {
  if (!type.IsNumber()) return std::nullopt;
  return value.number;
}

// The parameters that decide whether a rule finds something.
std::set<std::uint32_t> ParamsOf(const rules::BoundRule& rule) {
  std::set<std::uint32_t> params;
  for (const rules::Conjunct& conjunct : rule.conjuncts) {
    rules::ForEach(conjunct.condition, [&](const rules::BoundExpr& e) {
      if (e.kind == rules::ExprKind::Param) params.insert(e.param);
    });
  }
  return params;
}

class InForceReader {
 public:
  InForceReader(const rules::RuleSet& set, const rules::MatchResults& results) : set_(set), results_(results) {}

  InForce Read() {
    for (const rules::BoundParam& param : set_.params) {
      if (param.set_by.empty()) continue;
      in_force_.params.push_back({param.pack + "." + param.name, TextOf(param.value, param.type),
                                  TextOf(param.default_value, param.type), NumberOf(param.value, param.type),
                                  NumberOf(param.default_value, param.type), param.set_by});
    }
    std::ranges::sort(in_force_.params, {}, &ChangedParam::name);
    for (const rules::ChangedRule& change : set_.changed_rules) {
      const auto index = set_.Find(change.rule);
      const bool lapsed = change.change == "disabled" && index && IsOnAgain(*index);
      in_force_.rules.push_back(
          {change.rule, lapsed ? "disabled, lapsed" : change.change, change.because, change.set_by});
    }
    ReadSuppressions();
    for (const rules::BrokenRule& broken : set_.broken_rules) {
      in_force_.left_out.push_back({broken.rule, std::string(Info(broken.code).code), broken.place, broken.message});
    }
    for (std::size_t i = 0; i < set_.rules.size(); ++i) ReadCause(static_cast<rules::RuleIndex>(i));
    ReadBrokenCauses();
    return std::move(in_force_);
  }

 private:
  [[nodiscard]] bool IsOnAgain(rules::RuleIndex rule) const {
    return std::ranges::find(results_.enabled_again, rule) != results_.enabled_again.end();
  }

  // What was found and is not shown stands beside what was changed, or the report would be read as all there is.
  void ReadSuppressions() {
    for (std::size_t i = 0; i < results_.suppressions.size(); ++i) {
      const std::size_t hidden = results_.suppressions[i].hidden;
      if (hidden == 0) continue;
      const rules::BoundSuppression& suppression = set_.suppressions[i];
      in_force_.rules.push_back({set_.rules[suppression.rule].Id(),
                                 std::to_string(hidden) + (hidden == 1 ? " finding hidden" : " findings hidden"),
                                 suppression.reason, suppression.set_by});
      hidden_rules_[suppression.rule].insert(suppression.reason);
    }
  }

  // Why a cause may not explain what it could.
  void ReadCause(rules::RuleIndex index) {
    const rules::BoundRule& rule = set_.rules[index];
    if (rule.layer != rules::Layer::Cause || rule.explains.empty()) return;
    std::vector<std::string> why;
    if (const auto hidden = hidden_rules_.find(index); hidden != hidden_rules_.end()) {
      for (const std::string& reason : hidden->second)
        why.push_back(Quoted(rule.name) + " was found and is hidden (\"" + reason + "\")");
    } else if (rule.disabled && !IsOnAgain(index)) {
      why.push_back(Quoted(rule.name) + " is switched off");
    } else {
      for (const std::uint32_t index_of_param : ParamsOf(rule)) {
        const rules::BoundParam& param = set_.params[index_of_param];
        if (param.set_by.empty() || rules::SameValue(param.value, param.default_value)) continue;
        why.push_back(Quoted(rule.name) + " asks for " + Quoted(param.name) + ", which is " +
                      TextOf(param.value, param.type) + " here (default " + TextOf(param.default_value, param.type) +
                      ")");
      }
    }
    for (const rules::BoundAtom& atom : rule.explains) {
      std::vector<std::string>& caveats = in_force_.caveats[set_.rules[atom.rule].Id()];
      caveats.insert(caveats.end(), why.begin(), why.end());
    }
  }

  void ReadBrokenCauses() {
    for (const rules::RuleSymbol& symbol : set_.symbols->rules) {
      if (symbol.bound) continue;
      for (const rules::ast::Clause& clause : symbol.rule->clauses) {
        const auto* explains = std::get_if<rules::ast::ExplainsClause>(&clause.node);
        if (explains == nullptr) continue;
        for (const rules::ast::Atom& atom : explains->atoms) {
          const auto found = set_.symbols->FindRule(symbol.pack, atom.rule.text);
          if (!found || !set_.symbols->rules[*found].bound) continue;
          in_force_.caveats[set_.rules[*set_.symbols->rules[*found].bound].Id()].push_back(
              Quoted(symbol.rule->name.text) + " has errors and was left out");
        }
      }
    }
  }

  const rules::RuleSet& set_;
  const rules::MatchResults& results_;
  std::map<rules::RuleIndex, std::set<std::string>> hidden_rules_;  // causes with findings that are hidden, and why
  InForce in_force_;
};

}  // namespace

InForce InForceOf(const rules::RuleSet& rules, const rules::MatchResults& results) {
  return InForceReader(rules, results).Read();
}

}  // namespace advise::diagnose
