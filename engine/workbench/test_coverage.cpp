// Every test's job is surveyed with every rule; conditions are told apart by where they stand.
#include "workbench/test_coverage.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "rules/match/survey.h"
#include "workbench/given_model.h"
#include "workbench/source_words.h"

namespace advise::workbench {
namespace {

using rules::RuleSet;

class Cover {
 public:
  Cover(const RuleSet& rules, const TestChoice& choice, const SourceManager& sources)
      : rules_(rules), choice_(choice), sources_(sources) {}

  Coverage Run() {
    TestBench bench(rules_, sources_, choice_.load);
    for (std::size_t test = 0; test < rules_.tests.size(); ++test) {
      if (!choice_.Has(rules_.tests[test].pack)) continue;
      const GivenModel* job = bench.JobOf(test);
      if (job == nullptr) continue;
      rules::MatchOptions how = OptionsOf(rules_.tests[test], job->rows);
      how.texts = false;
      See(rules::MatchAll(rules_, job->model, how));
    }
    for (auto& [place, condition] : conditions_) {
      if (condition.covered()) ++coverage_.covered;
      coverage_.conditions.push_back(std::move(condition));
    }
    std::ranges::stable_sort(coverage_.conditions, {}, [](const CoveredCondition& condition) {
      return std::tie(condition.file, condition.line);
    });
    return std::move(coverage_);
  }

 private:
  void See(const rules::MatchResults& results) {
    for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
      const rules::BoundRule& rule = rules_.rules[i];
      if (!choice_.Has(rule.pack)) continue;
      const rules::RuleSurvey survey = rules::SurveyRule(rules_, results, static_cast<rules::RuleIndex>(i), true);
      for (std::size_t k = 0; k < rule.conjuncts.size(); ++k)
        Add(rule, rule.conjuncts[k].condition.span, survey.conditions[k].seen_true, survey.conditions[k].seen_false);
      for (const rules::TermUse& term : survey.terms) Add(rule, term.span, term.seen_true, term.seen_false);
    }
  }

  void Add(const rules::BoundRule& rule, SourceSpan span, bool seen_true, bool seen_false) {
    CoveredCondition& condition = conditions_[{span.source, span.begin, span.end}];
    if (condition.file.empty()) {
      condition.rule = rule.Id();
      condition.file = std::string(sources_.name(span.source));
      condition.line = sources_.Place(span.source, span.begin).line;
      condition.text = OneLine(sources_.text(span));
    }
    condition.seen_true = condition.seen_true || seen_true;
    condition.seen_false = condition.seen_false || seen_false;
  }

  const RuleSet& rules_;
  const TestChoice& choice_;
  const SourceManager& sources_;
  std::map<std::tuple<SourceId, std::uint32_t, std::uint32_t>, CoveredCondition> conditions_;
  Coverage coverage_;
};

}  // namespace

Coverage CoverTests(const RuleSet& rules, const TestChoice& choice, const SourceManager& sources) {
  return Cover(rules, choice, sources).Run();
}

}  // namespace advise::workbench
