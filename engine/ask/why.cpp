// Puts a derivation together: from the match its rows, from the rule its clauses, from the diagnosis what became of it.
#include "ask/why.h"

#include <algorithm>

#include "ask/conditions.h"
#include "ask/entities.h"
#include "report/account_words.h"
#include "rules/bind/symbols.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::ask {
namespace {

using rules::BoundRule;
using rules::Match;
using rules::RuleSet;

constexpr std::int64_t kMicros = 1000;
constexpr int kMostFindingDepth = 8;     // of findings that rest on findings

// The clauses of a rule as they are written. Null: the files are gone.
const rules::ast::Rule* TreeOf(const RuleSet& set, rules::RuleIndex index) {
  for (const rules::RuleSymbol& symbol : set.symbols->rules) {
    if (symbol.bound == index) return symbol.rule;
  }
  return nullptr;
}

template <class Clause>
const Clause* FindClause(const rules::ast::Rule* tree, SourceSpan* span = nullptr) {
  if (tree == nullptr) return nullptr;
  for (const rules::ast::Clause& clause : tree->clauses) {
    const Clause* found = std::get_if<Clause>(&clause.node);
    if (found == nullptr) continue;
    if (span != nullptr) *span = clause.span;
    return found;
  }
  return nullptr;
}

class Deriver {
 public:
  explicit Deriver(const AskedRun& run)
      : run_(run),
        set_(run.book.rules),
        model_(run.log.model),
        results_(run.diagnosis.matches),
        reader_(set_, model_, results_, results_.groups, run.sources) {}

  Derivation Derive(std::size_t index, int depth = 0) {
    const Match& match = results_.matches[index];
    const BoundRule& rule = set_.rules[match.rule];
    const rules::ast::Rule* tree = TreeOf(set_, match.rule);
    Derivation d;
    d.id = IdOf(index);
    d.rule = rule.Id();
    d.layer = std::string(Word(rule.layer));
    d.place = PlaceOf(set_, run_.sources, rule.name_span);
    d.title = PrintText(match.title.empty() ? match.message : match.title);
    if (rule.layer == rules::Layer::Advice) d.title = PrintText(match.fix);
    if (match.is_suppressed) d.suppressed = match.suppressed;
    if (model_.app.duration.Has(0)) d.app_ms = model_.app.duration.Get(0);
    d.variables = ShowVariables(model_, results_.groups, rule, match.witness);
    SourceSpan span;
    if (FindClause<rules::ast::MatchClause>(tree, &span) != nullptr) {
      d.pattern = TextOf(run_.sources, span);
      d.pattern_place = PlaceOf(set_, run_.sources, span);
    }
    reader_.Look(rule, match.witness);
    AddLets(rule, tree, d);
    d.conditions = reader_.Conditions();
    AddConfidence(rule, match, d);
    AddRuledOut(rule, match, d);
    for (const std::uint32_t other : match.explains) d.explains.push_back(IdOf(other));
    AddFinding(index, rule, tree, d);
    AddAdvice(index, match, d);
    if (depth < kMostFindingDepth) {
      for (const std::uint32_t lower : match.reads) d.rests_on.push_back(Derive(lower, depth + 1));
    }
    return d;
  }

  [[nodiscard]] std::string IdOf(std::size_t index) const {
    const Match& match = results_.matches[index];
    return HeadText(set_, model_, results_.groups, match.rule, match.head);
  }

 private:
  void AddLets(const BoundRule& rule, const rules::ast::Rule* tree, Derivation& d) {
    for (const rules::NamedExpr& let : rule.lets) {
      LetShown shown;
      shown.name = let.name;
      for (const rules::ast::Clause& clause : tree != nullptr ? tree->clauses : kNoClauses) {
        const auto* written = std::get_if<rules::ast::LetClause>(&clause.node);
        if (written == nullptr || written->name.text != let.name) continue;
        shown.text = TextOf(run_.sources, written->value->span);
        shown.place = PlaceOf(set_, run_.sources, clause.span);
      }
      if (let.value.kind == rules::ExprKind::Chain) {
        shown.text = TextOf(run_.sources, let.value.span);
        shown.place = PlaceOf(set_, run_.sources, let.value.span);
      }
      const bool members = rule.group && std::ranges::any_of(rules::FreeSlots(let.value), [&](rules::SlotIndex slot) {
                             return slot != rule.group->group;
                           });
      const rules::TypeKind kind = let.value.type.kind;
      const bool numbers = kind == rules::TypeKind::Dist && let.value.type.element == rules::TypeKind::Number;
      if (!members && !numbers && kind != rules::TypeKind::Series && !let.value.type.interval)
        shown.value = reader_.Value(let.value);
      d.lets.push_back(std::move(shown));
    }
  }

  void AddConfidence(const BoundRule& rule, const Match& match, Derivation& d) {
    d.confidence = match.confidence;
    for (const rules::ConfidenceCase& one : rule.confidence) {
      if (one.condition && reader_.Test(*one.condition) != rules::Truth::True) continue;
      const auto value = reader_.Number(one.value);
      if (!value) continue;
      d.confidence_text = TextOf(run_.sources, one.value.span);
      if (one.condition) d.confidence_because = reader_.Condition(*one.condition);
      return;
    }
  }

  void AddRuledOut(const BoundRule& rule, const Match& match, Derivation& d) {
    std::size_t next = 0;  // those that hold stand in the match in the order of the rule
    for (const rules::BoundRuledOut& other : rule.rules_out) {
      if (next == match.ruled_out.size()) break;
      const rules::RuledOutValue& value = match.ruled_out[next];
      if (value.rule != other.rule || value.phrase != other.phrase) continue;
      ++next;
      RuledOutShown shown;
      shown.what = other.rule.empty() ? other.phrase : other.rule;
      shown.because = PrintWholeText(value.because).value_or("");
      for (const rules::NamedExpr& condition : other.conditions)
        shown.conditions.push_back(reader_.Condition(condition.value, condition.name));
      d.ruled_out.push_back(std::move(shown));
    }
    for (const ConditionShown& condition : d.conditions) {
      if (!condition.asks_rule || !condition.findings.empty() || condition.truth != rules::Truth::True) continue;
      d.ruled_out.push_back({condition.asked, "no such finding here", {}});
    }
  }

  // What the diagnosis made of it.
  void AddFinding(std::size_t index, const BoundRule& rule, const rules::ast::Rule* tree, Derivation& d) {
    const auto& findings = run_.diagnosis.findings;
    const auto place = std::ranges::find(findings, index, &diagnose::Finding::match);
    if (place == findings.end()) return;
    const diagnose::Finding& finding = *place;
    d.severity = std::string(Word(finding.severity));
    d.explained_by = finding.explained_by.value_or("");
    for (const report::ShownFinding& shown : run_.report.findings) {
      if (shown.finding.match == index) d.number = shown.number;
    }
    CostShown cost;
    cost.stated = rule.costs.has_value() && results_.matches[index].costs_ms.has_value();
    if (rule.costs) {
      SourceSpan span;
      if (const auto* clause = FindClause<rules::ast::CostsClause>(tree, &span)) {
        cost.text = TextOf(run_.sources, clause->value->span);
        cost.place = PlaceOf(set_, run_.sources, span);
      }
      cost.value = reader_.Value(*rule.costs);
      cost.terms = reader_.Terms(*rule.costs);
    }
    cost.bound_ms = finding.impact.high;
    if (finding.claim) {
      cost.claimed_ms = (finding.claim->us + kMicros / 2) / kMicros;
      for (const diagnose::Claim& claim : finding.claim->claims) {
        cost.claims.emplace_back(std::string(report::WordsOf(claim.account).line),
                                 (claim.us + kMicros / 2) / kMicros);
      }
    }
    cost.inside = finding.inside.value_or("");
    if (rule.costs || cost.bound_ms) d.cost = std::move(cost);
    const auto number = static_cast<std::size_t>(place - findings.begin());
    for (const recommend::Recommendation& advice : run_.diagnosis.recommendations) {
      if (std::ranges::find(advice.for_findings, number) != advice.for_findings.end())
        d.advices.push_back(Show(advice));
    }
  }

  static AdviceShown Show(const recommend::Recommendation& advice) {
    AdviceShown shown;
    shown.id = advice.id;
    shown.text = advice.title.empty() ? advice.fix : advice.title;
    shown.text = shown.text.substr(0, shown.text.find('\n'));
    shown.chosen = advice.chosen;
    shown.reason = advice.reason;
    if (advice.saving) shown.saving_ms = advice.saving->alone.mid;
    return shown;
  }

  void AddAdvice(std::size_t index, const Match& match, Derivation& d) {
    if (set_.rules[match.rule].layer != rules::Layer::Advice) return;
    for (const recommend::Recommendation& advice : run_.diagnosis.recommendations) {
      if (advice.match != index && advice.id != d.id) continue;
      d.advice = Show(advice);
      for (const recommend::Change& change : advice.changes) d.changes.push_back(TextOfChange(change));
    }
    static constexpr std::string_view kWords[] = {"requires", "conflicts with", "supersedes", "overlaps with"};
    for (const rules::MatchRelation& relation : match.relations) {
      d.relations.push_back(std::string(kWords[static_cast<std::size_t>(relation.relation)]) + " " +
                            IdOf(relation.match));
    }
  }

  static std::string TextOfChange(const recommend::Change& change) {
    std::string text = change.kind == recommend::ChangeKind::Conf ? change.key : change.key + ":";
    text += change.kind == recommend::ChangeKind::Conf ? " = " : " ";
    text += change.to.text;
    if (change.from) text += " (was " + change.from->text + ")";
    if (change.scope != recommend::Scope::Unstated) text += ", " + std::string(Word(change.scope));
    return text;
  }

  static inline const std::vector<rules::ast::Clause> kNoClauses{};

  const AskedRun& run_;
  const RuleSet& set_;
  const model::JobModel& model_;
  const rules::MatchResults& results_;
  ConditionReader reader_;
};

// Matches of the number in the report, the first place first.
Result<std::vector<std::size_t>> MatchesOfNumber(const AskedRun& run, int number) {
  std::vector<std::size_t> matches;
  int most = 0;
  for (const report::ShownFinding& shown : run.report.findings) {
    most = std::max(most, shown.number);
    if (shown.number == number) matches.push_back(shown.finding.match);
  }
  if (!matches.empty()) return matches;
  if (most == 0)
    return Fail(DiagnosticCode::Usage, "the report of this log has no finding",
                "`advise why-not LOG RULE` tells why a rule found nothing");
  return Fail(DiagnosticCode::Usage,
              "the report has no finding " + std::to_string(number) + ": they are numbered 1 to " +
                  std::to_string(most),
              "a finding that is folded under another one has no number: name its rule");
}

// Matches of the rule with these ids: findings in report order, then advices and what is hidden.
Result<std::vector<std::size_t>> MatchesOfRule(const AskedRun& run, const Selector& selector) {
  const RuleSet& set = run.book.rules;
  const rules::MatchResults& results = run.diagnosis.matches;
  ADVISE_TRY(const rules::RuleIndex rule, FindRule(set, selector.rule));
  std::optional<std::vector<std::string>> ids = selector.ids;
  ADVISE_TRY(const std::vector<std::uint32_t> wanted, HeadOf(set, run.log.model, rule, ids));
  const auto fits = [&](std::size_t match) {
    return results.matches[match].rule == rule &&
           Agrees(set, results.groups, rule, results.matches[match].head, wanted, ids);
  };
  std::vector<std::size_t> matches;
  for (const diagnose::Finding& finding : run.diagnosis.findings) {
    if (fits(finding.match)) matches.push_back(finding.match);
  }
  for (std::size_t i = 0; i < results.matches.size(); ++i) {
    if (fits(i) && std::ranges::find(matches, i) == matches.end()) matches.push_back(i);
  }
  if (!matches.empty()) return matches;
  const std::string id = selector.rule + (selector.ids ? "(" + Join(*selector.ids, ", ") + ")" : "");
  return Fail(DiagnosticCode::Usage, Quoted(id) + " found nothing in this log",
              "`advise why-not LOG '" + id + "'` tells why");
}

}  // namespace

Result<std::size_t> FindMatch(const AskedRun& run, const Selector& selector) {
  ADVISE_TRY(const std::vector<std::size_t> matches,
             selector.number ? MatchesOfNumber(run, *selector.number) : MatchesOfRule(run, selector));
  return matches.front();
}

Result<WhyAnswer> AskWhy(const AskedRun& run, const Selector& selector) {
  WhyAnswer answer;
  Deriver deriver(run);
  ADVISE_TRY(const std::vector<std::size_t> matches,
             selector.number ? MatchesOfNumber(run, *selector.number) : MatchesOfRule(run, selector));
  answer.found = deriver.Derive(matches.front());
  for (std::size_t i = 1; i < matches.size(); ++i) answer.others.push_back(deriver.IdOf(matches[i]));
  return answer;
}

}  // namespace advise::ask
