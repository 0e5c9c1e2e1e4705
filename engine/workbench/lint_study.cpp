// Collects what rules do on logs, one log after the other.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "rules/bind/symbols.h"
#include "support/clean_text.h"
#include "support/quoted.h"
#include "support/text.h"
#include "workbench/find_in_log.h"
#include "workbench/lint.h"
#include "workbench/lint_static.h"
#include "workbench/source_words.h"

namespace advise::workbench {
namespace {

using rules::BoundExpr;
using rules::BoundRule;
using rules::Match;
using rules::RuleIndex;

// Findings of one rule in one log whose texts and samples are looked at: the others are alike.
constexpr std::size_t kMostTexts = 50;

// A hole that is filled for every finding.
struct Hole {
  const BoundExpr* value = nullptr;
  const std::vector<rules::Slot>* slots = nullptr;
};

// What is kept beside the facts of a rule.
struct Kept {
  std::vector<rules::TermUse> terms;  // over all logs
  std::vector<SampledStatistic> statistics;
  std::vector<Hole> holes;                              // as LintRule::holes
  std::set<std::string> places;                         // "3|stage 2, 4": log and place of each finding
  std::map<std::size_t, std::set<std::string>> by_log;  // places, by log
};

struct LogSize {
  std::string name;
  std::uint64_t bytes = 0;
};

// Where a finding points, as a text: two rules that speak of the same stages speak of the same.
std::string PlaceOf(const FoundFinding& finding) {
  const auto list = [](std::string_view what, auto ids) {
    std::ranges::sort(ids);
    std::string text(what);
    for (const auto& id : ids) {
      text += ' ';
      if constexpr (std::is_same_v<std::decay_t<decltype(id)>, std::string>) {
        text += id;
      } else {
        text += std::to_string(id);
      }
    }
    return text;
  };
  if (!finding.stages.empty()) return list("stage", finding.stages);
  if (!finding.sql.empty()) return list("sql", finding.sql);
  if (!finding.jobs.empty()) return list("job", finding.jobs);
  if (!finding.executors.empty()) return list("executor", finding.executors);
  return "app";
}

std::string SpellSetting(const spark::SettingValue& value) { return value.text; }

}  // namespace

class LintStudy::Impl {
 public:
  Impl(const Rulebook& book, const SourceManager& sources, const std::vector<bool>& wanted)
      : book_(book), rules_(book.rules), sources_(sources), wanted_(wanted) {
    number_.assign(rules_.rules.size(), kNone);
    for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
      if (wanted_[i]) order_.push_back(static_cast<RuleIndex>(i));
    }
    // As they stand in the files.
    std::ranges::sort(order_, {}, [&](RuleIndex rule) {
      const SourceSpan span = rules_.rules[rule].name_span;
      return std::tuple(static_cast<std::uint32_t>(span.source), span.begin, rule);
    });
    for (const RuleIndex rule : order_) {
      number_[rule] = facts_.rules.size();
      Prepare(rule);
    }
    for (const rules::RuleSymbol& symbol : rules_.symbols->rules) {
      if (symbol.bound && wanted_[*symbol.bound])
        facts_.rules[number_[*symbol.bound]].fingerprint = FingerprintOf(sources_.text(symbol.rule->span));
    }
    for (const rules::BoundTest& test : rules_.tests) CountTest(test);
  }

  void Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times) {
    log_ = logs_.size();
    logs_.push_back({log.info.path, log.info.decoded_bytes});
    ++facts_.logs;
    const Diagnosis diagnosis = Diagnose(log.model, rules_, times);
    const PhaseTimer timer(times, "lint");
    AddOutcomes(diagnosis);
    AddFindings(log.model, diagnosis);
    AddTexts(diagnosis);
    AddOverlaps(diagnosis);
    AddClashes(diagnosis);
    AddSurveys(diagnosis);
    if (labels == nullptr) return;
    if (labels->held_out) {
      ++facts_.held_out;
      return;
    }
    ++facts_.labelled;
    labelled_.push_back({job, labels, DescribeDiagnosis(log.model, rules_, diagnosis, false)});
  }

  LintFacts Finish() {
    for (std::size_t i = 0; i < facts_.rules.size(); ++i) FinishRule(i);
    if (!labelled_.empty()) {
      for (const RuleScore& score : ScoreLogs(labelled_).rules) {
        const auto rule = std::ranges::find(facts_.rules, score.rule, &LintRule::rule);
        if (rule != facts_.rules.end()) rule->score = score;
      }
    }
    FindContained();
    for (auto& [rules, pair] : overlaps_) {
      pair.places = explained_[pair.rule];
      facts_.overlapping.push_back(std::move(pair));
    }
    for (auto& [key, clash] : clashes_) facts_.clashes.push_back(std::move(clash));
    return std::move(facts_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] RulePlace PlaceAt(SourceSpan span) const {
    if (span.source == SourceId::None) return {};
    return {std::string(sources_.name(span.source)), sources_.Place(span.source, span.begin).line};
  }
  [[nodiscard]] std::string TextAt(SourceSpan span) const {
    return span.source == SourceId::None ? std::string() : OneLine(sources_.text(span));
  }

  // ---------------------------------------------------------------- what is known without a log
  void Prepare(RuleIndex index) {
    const BoundRule& rule = rules_.rules[index];
    LintRule facts;
    facts.index = index;
    facts.rule = rule.Id();
    facts.layer = rule.layer;
    facts.place = PlaceAt(rule.name_span);
    facts.joins = !rule.for_atoms.empty();
    facts.allowed = AllowedCodes(rule, sources_);
    for (const rules::Conjunct& conjunct : rule.conjuncts)
      facts.funnel.push_back({OneLine(conjunct.text), PlaceAt(conjunct.condition.span)});
    Kept kept;
    kept.statistics = StatisticsOf(rule);
    for (const SampledStatistic& statistic : kept.statistics)
      facts.samples.push_back(
          {TextAt(statistic.span), PlaceAt(statistic.span), statistic.needed, 0, 0, statistic.percentile});
    const auto add_holes = [&](const rules::BoundText& text, const std::string& where,
                               const std::vector<rules::Slot>& slots) {
      for (const rules::TextPiece& piece : text) {
        if (!piece.hole || piece.condition) continue;
        facts.holes.push_back({where, TextAt(piece.hole->span), PlaceAt(piece.hole->span)});
        kept.holes.push_back({&*piece.hole, &slots});
      }
    };
    add_holes(rule.title, "title", rule.slots);
    add_holes(rule.message, "message", rule.slots);
    add_holes(rule.fix, "fix", rule.slots);
    const auto found = book_.templates.find(index);
    if (found != book_.templates.end()) {
      for (const auto& part : found->second.parts) {
        for (const auto& line : part.lines) {
          for (const rules::BoundText& text : line.texts) add_holes(text, "template", found->second.slots);
        }
      }
    }
    facts_.rules.push_back(std::move(facts));
    kept_.push_back(std::move(kept));
  }

  void CountTest(const rules::BoundTest& test) {
    std::set<std::pair<RuleIndex, bool>> seen;
    for (const rules::Expectation& expect : test.expectations) {
      if (number_[expect.atom.rule] == kNone || !seen.insert({expect.atom.rule, expect.negated}).second) continue;
      LintRule& rule = facts_.rules[number_[expect.atom.rule]];
      ++(expect.negated ? rule.silent_tests : rule.firing_tests);
    }
  }

  // ---------------------------------------------------------------- one log
  void AddOutcomes(const Diagnosis& diagnosis) {
    const std::vector<std::uint64_t> steps = rules::StepsOfRules(diagnosis.matches);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      facts_.steps += steps[i];
      if (number_[i] == kNone) continue;
      LintRule& rule = facts_.rules[number_[i]];
      rule.steps += steps[i];
      const rules::RuleOutcome& outcome = diagnosis.matches.outcomes[i];
      rule.findings += outcome.matches;
      if (outcome.matches > 0) ++rule.fired;
      const bool too_many = outcome.kind == rules::OutcomeKind::TooMany;
      if (too_many) ++rule.given_up;
      const bool lacks = outcome.kind == rules::OutcomeKind::NeedsMissing ||
                         (outcome.matches == 0 && outcome.unknown > 0 && !outcome.missing.empty());
      if (!lacks && !too_many) continue;
      ++rule.not_evaluated;
      for (const rules::MissingInput& input : outcome.missing) {
        LintMissing& missing = rule.missing[input.name];
        if (missing.logs++ == 0) missing.why = input.why;
      }
    }
  }

  void AddFindings(const model::JobModel& model, const Diagnosis& diagnosis) {
    std::map<std::size_t, std::size_t> shown;
    std::map<std::size_t, std::set<std::string>> titles;
    const std::vector<FoundFinding> found = DescribeFindings(model, diagnosis.findings);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const diagnose::Finding& finding = diagnosis.findings[i];
      const std::size_t number = number_[diagnosis.matches.matches[finding.match].rule];
      if (number == kNone) continue;
      LintRule& rule = facts_.rules[number];
      if (found[i].rank > 0) ++shown[number];
      if (finding.confidence) {
        rule.confidence_low = std::min(rule.confidence_low.value_or(1), *finding.confidence);
        rule.confidence_high = std::max(rule.confidence_high.value_or(0), *finding.confidence);
      }
      const std::string place = PlaceOf(found[i]);
      kept_[number].places.insert(std::to_string(log_) + "|" + place);
      kept_[number].by_log[log_].insert(place);
      if (finding.title.size() > kLongTitle) ++rule.long_titles;
      if (!titles[number].insert(finding.title).second && !finding.subject.empty()) {
        if (rule.equal_titles++ == 0) rule.equal_title_log = logs_[log_].name;
      }
    }
    for (const auto& [number, count] : shown) {
      LintRule& rule = facts_.rules[number];
      ++rule.shown;
      if (count <= rule.most_in_a_log) continue;
      rule.most_in_a_log = count;
      rule.most_log = logs_[log_].name;
    }
  }

  void AddTexts(const Diagnosis& diagnosis) {
    const rules::MatchReader reader(diagnosis.matches);
    std::map<std::size_t, std::size_t> looked_at;
    for (const Match& match : diagnosis.matches.matches) {
      const std::size_t number = number_[match.rule];
      if (number == kNone || match.is_suppressed || looked_at[number]++ >= kMostTexts) continue;
      LintRule& rule = facts_.rules[number];
      const Kept& kept = kept_[number];
      for (std::size_t i = 0; i < kept.holes.size(); ++i) {
        LintHole& hole = rule.holes[i];
        ++hole.printed;
        const auto printed = PrintValue(reader.Value(match, *kept.holes[i].value, *kept.holes[i].slots));
        if (printed) continue;  // an empty text is what the rule says
        if (hole.missing++ == 0) hole.log = logs_[log_].name;
      }
      for (std::size_t i = 0; i < kept.statistics.size(); ++i) {
        const TypedValue members = reader.Value(match, kept.statistics[i].members, rules_.rules[match.rule].slots);
        if (members.form == ValueForm::Missing) continue;
        ++rule.samples[i].asked;
        if (members.number < static_cast<double>(kept.statistics[i].needed)) ++rule.samples[i].short_of;
      }
    }
  }

  // Causes that fold the same finding under them.
  void AddOverlaps(const Diagnosis& diagnosis) {
    const std::vector<Match>& matches = diagnosis.matches.matches;
    std::map<std::uint32_t, std::set<std::size_t>> explained_by;
    for (const Match& match : matches) {
      const std::size_t number = number_[match.rule];
      if (number == kNone || match.is_suppressed) continue;
      for (const std::uint32_t other : match.explains) explained_by[other].insert(number);
    }
    for (const auto& [finding, causes] : explained_by) {
      for (const std::size_t a : causes) {
        ++explained_[a];
        for (const std::size_t b : causes) {
          if (a == b || SpeakOfEachOther(rules_, facts_.rules[a].index, facts_.rules[b].index)) continue;
          LintPair& pair = overlaps_[{a, b}];
          pair.rule = a;
          pair.other = b;
          ++pair.common;
          TakeSmaller(pair.log);
        }
      }
    }
  }

  // The name of this log, if it is smaller than the one that is known.
  void TakeSmaller(std::string& name) const {
    const auto known = std::ranges::find(logs_, name, &LogSize::name);
    if (name.empty() || (known != logs_.end() && logs_[log_].bytes < known->bytes)) name = logs_[log_].name;
  }

  void AddClashes(const Diagnosis& diagnosis) {
    struct Move {
      std::size_t number;
      const recommend::Change* change;
    };
    std::map<std::string, std::vector<Move>> moves;
    for (const recommend::Recommendation& advice : diagnosis.recommendations) {
      const std::size_t number = number_[diagnosis.matches.matches[advice.match].rule];
      if (number == kNone || advice.rejection == recommend::Rejection::Impossible) continue;
      for (const recommend::Change& change : advice.changes) {
        if (change.kind == rules::ChangeKind::Conf && change.from && change.from->number && change.to.number)
          moves[change.key].push_back({number, &change});
      }
    }
    std::set<std::tuple<std::size_t, std::size_t, std::string>> seen;
    for (const auto& [key, all] : moves) {
      for (const Move& a : all) {
        for (const Move& b : all) {
          const double up = *a.change->to.number - *a.change->from->number;
          const double down = *b.change->to.number - *b.change->from->number;
          if (a.number == b.number || !(up > 0) || !(down < 0)) continue;
          if (SpeakOfEachOther(rules_, facts_.rules[a.number].index, facts_.rules[b.number].index)) continue;
          if (!seen.insert({a.number, b.number, key}).second) continue;
          LintClash& clash = clashes_[{a.number, b.number, key}];
          const std::string before = clash.log;
          TakeSmaller(clash.log);
          ++clash.logs;
          if (clash.log == before) continue;
          clash.rule = a.number;
          clash.other = b.number;
          clash.setting = key;
          clash.rule_value = SpellSetting(a.change->to);
          clash.other_value = SpellSetting(b.change->to);
          clash.from = SpellSetting(*a.change->from);
        }
      }
    }
  }

  void AddSurveys(const Diagnosis& diagnosis) {
    for (std::size_t number = 0; number < facts_.rules.size(); ++number) {
      LintRule& rule = facts_.rules[number];
      const rules::RuleOutcome& outcome = diagnosis.matches.outcomes[rule.index];
      if (outcome.kind != rules::OutcomeKind::Evaluated) continue;
      const rules::RuleSurvey survey = rules::SurveyRule(rules_, diagnosis.matches, rule.index, false);
      if (survey.candidates > 0 || outcome.matches > 0) ++rule.applicable;
      if (survey.given_up) {
        ++rule.not_counted;
        continue;
      }
      for (std::size_t i = 0; i < rule.funnel.size(); ++i) {
        rule.funnel[i].reached += survey.conditions[i].reached;
        rule.funnel[i].passed += survey.conditions[i].passed;
        rule.funnel[i].unknown += survey.conditions[i].unknown;
        rule.funnel[i].alone += survey.conditions[i].alone;
      }
      std::vector<rules::TermUse>& terms = kept_[number].terms;
      if (terms.empty()) terms.resize(survey.terms.size());
      for (std::size_t i = 0; i < terms.size(); ++i) {
        terms[i].span = survey.terms[i].span;
        terms[i].conjunct = survey.terms[i].conjunct;
        terms[i].lost += survey.terms[i].lost;
        terms[i].gained += survey.terms[i].gained;
      }
    }
  }

  // ---------------------------------------------------------------- the end
  void FinishRule(std::size_t number) {
    LintRule& rule = facts_.rules[number];
    std::erase_if(rule.holes, [](const LintHole& hole) { return hole.missing == 0; });
    for (const rules::TermUse& term : kept_[number].terms) {
      if (term.lost + term.gained == 0) continue;
      rule.edges.push_back({TextAt(term.span), PlaceAt(term.span),
                            ParamsOf(rules_.rules[rule.index].conjuncts[term.conjunct].condition, term.span), term.lost,
                            term.gained});
    }
  }

  [[nodiscard]] std::string ParamsOf(const BoundExpr& condition, SourceSpan span) const {
    std::vector<std::string> params;
    rules::ForEach(condition, [&](const BoundExpr& part) {
      if (part.span != span || part.kind != rules::ExprKind::Compare) return;
      rules::ForEach(part, [&](const BoundExpr& inner) {
        if (inner.kind != rules::ExprKind::Param) return;
        std::string name = Quoted(rules_.params[inner.param].name);
        if (std::ranges::find(params, name) == params.end()) params.push_back(std::move(name));
      });
    });
    return Join(params, ", ");
  }

  void FindContained() {
    const auto implied = ImpliedPairs(rules_, wanted_);
    std::set<std::pair<std::size_t, std::size_t>> stated;
    for (const auto& [a, b] : implied) stated.insert({number_[a], number_[b]});
    for (std::size_t a = 0; a < facts_.rules.size(); ++a) {
      for (std::size_t b = 0; b < facts_.rules.size(); ++b) {
        if (a == b || facts_.rules[a].layer != facts_.rules[b].layer) continue;
        const bool says = stated.contains({a, b});
        if (kept_[a].places.empty() && !says) continue;
        LintPair pair{a, b, kept_[a].places.size()};
        for (const auto& [log, places] : kept_[a].by_log) {
          const auto other = kept_[b].by_log.find(log);
          if (other == kept_[b].by_log.end()) continue;
          const auto common = static_cast<std::size_t>(
              std::ranges::count_if(places, [&](const std::string& place) { return other->second.contains(place); }));
          pair.common += common;
          if (common > 0) ++pair.logs;
        }
        pair.implied = says;
        if (!says && pair.common * 2 < pair.places) continue;
        if (SpeakOfEachOther(rules_, facts_.rules[a].index, facts_.rules[b].index)) continue;
        pair.log = Counterexample(a, b);
        facts_.contained.push_back(std::move(pair));
      }
    }
  }

  // The smallest log in which b finds something at a place where a does not.
  [[nodiscard]] std::string Counterexample(std::size_t a, std::size_t b) const {
    const LogSize* best = nullptr;
    for (const auto& [log, places] : kept_[b].by_log) {
      const auto other = kept_[a].by_log.find(log);
      const bool apart = std::ranges::any_of(places, [&](const std::string& place) {
        return other == kept_[a].by_log.end() || !other->second.contains(place);
      });
      if (apart && (best == nullptr || logs_[log].bytes < best->bytes)) best = &logs_[log];
    }
    return best == nullptr ? std::string() : best->name;
  }

  const Rulebook& book_;
  const rules::RuleSet& rules_;
  const SourceManager& sources_;
  std::vector<bool> wanted_;
  std::vector<RuleIndex> order_;
  std::vector<std::size_t> number_;  // of each rule of the set, in the facts
  LintFacts facts_;
  std::vector<Kept> kept_;  // one a rule of the facts
  std::vector<LogSize> logs_;
  std::size_t log_ = 0;  // the one that is added
  std::vector<LabelledLog> labelled_;
  std::map<std::size_t, std::size_t> explained_;  // by cause: findings that it explains
  std::map<std::pair<std::size_t, std::size_t>, LintPair> overlaps_;
  std::map<std::tuple<std::size_t, std::size_t, std::string>, LintClash> clashes_;
};

LintStudy::LintStudy(const Rulebook& book, const SourceManager& sources, const std::vector<bool>& wanted)
    : impl_(std::make_unique<Impl>(book, sources, wanted)) {}
LintStudy::~LintStudy() = default;
void LintStudy::Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times) {
  impl_->Add(log, job, labels, times);
}
LintFacts LintStudy::Finish() { return impl_->Finish(); }

std::optional<std::size_t> LintRule::Blocks() const {
  std::optional<std::size_t> most;
  for (std::size_t i = 0; i < funnel.size(); ++i) {
    if (funnel[i].alone > (most ? funnel[*most].alone : 0)) most = i;
  }
  if (most) return most;
  // Nothing came that near: the one that stops most of what reaches it.
  for (std::size_t i = 0; i < funnel.size(); ++i) {
    const std::uint64_t stopped = funnel[i].reached - funnel[i].passed;
    if (stopped > (most ? funnel[*most].reached - funnel[*most].passed : 0)) most = i;
  }
  return most;
}

std::uint64_t LintRule::OnEdge() const {
  std::uint64_t most = 0;
  for (const LintEdge& edge : edges) most = std::max(most, edge.lost + edge.gained);
  return most;
}

}  // namespace advise::workbench
