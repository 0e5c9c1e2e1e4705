// Sites of change are found in the bound conditions by where they stand in the text. A mutant is lowered again rule by
// rule, and only tests of rules that rest on a changed one are run, those that name it first.
#include "workbench/rule_mutants.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "rules/plan/relower.h"
#include "support/quoted.h"
#include "support/typed_value.h"
#include "workbench/source_words.h"

namespace advise::workbench {
namespace {

using rules::BoundExpr;
using rules::BoundRule;
using rules::ExprKind;
using rules::RuleIndex;
using rules::RuleSet;

// A place of the text: source, begin, end.
using Place = std::tuple<SourceId, std::uint32_t, std::uint32_t>;
Place PlaceOf(SourceSpan span) { return {span.source, span.begin, span.end}; }

enum class SiteKind : std::uint8_t { Threshold, Condition };

// What can be changed at one place.
struct Site {
  SiteKind kind = SiteKind::Threshold;
  SourceSpan span;
  std::set<RuleIndex> rules;  // in which it stands
  double value = 0;           // of a threshold, in base units
  ValueForm form = ValueForm::Number;
};

bool IsThreshold(const BoundExpr& expr) {
  if (expr.kind != ExprKind::Constant && expr.kind != ExprKind::Param) return false;
  return expr.type.IsNumber() && expr.type.form != rules::NumberForm::Id;
}

// The thresholds of a side of a comparison: numbers and parameters that stand alone or in arithmetic.
template <class Expr, class Visit>
void ForThresholds(Expr& side, const Visit& visit) {
  if (IsThreshold(side)) return visit(side);
  const bool numbers = side.kind == ExprKind::Call &&
                       (side.function == rules::FunctionId::Min || side.function == rules::FunctionId::Max);
  switch (side.kind) {
    case ExprKind::Arithmetic:
    case ExprKind::Negate:
    case ExprKind::Coalesce:
    case ExprKind::Range:
    case ExprKind::If: break;
    default:
      if (!numbers) return;
  }
  for (std::size_t i = side.kind == ExprKind::If ? 1 : 0; i < side.operands.size(); ++i)
    ForThresholds(side.operands[i], visit);
}

// Every part of an expression, patterns' conditions too, parents first.
template <class Expr, class Visit>
void ForParts(Expr& expr, const Visit& visit) {
  visit(expr);
  for (auto& operand : expr.operands) ForParts(operand, visit);
  for (auto& pattern : expr.pattern) {
    for (auto& condition : pattern.conditions) ForParts(condition, visit);
  }
}

template <class Expr, class Visit>
void ForAllThresholds(Expr& condition, const Visit& visit) {
  ForParts(condition, [&](auto& part) {
    if (part.kind != ExprKind::Compare && part.kind != ExprKind::In) return;
    for (auto& side : part.operands) ForThresholds(side, visit);
  });
}

// Rules whose findings the rule reads.
std::set<RuleIndex> ReadBy(const BoundRule& rule) {
  std::set<RuleIndex> read;
  for (const rules::BoundAtom& atom : rule.for_atoms) read.insert(atom.rule);
  const auto look = [&](const BoundExpr& expr) {
    rules::ForEach(expr, [&](const BoundExpr& part) {
      if (part.kind == ExprKind::Atom || part.kind == ExprKind::Witness) read.insert(part.rule);
    });
  };
  for (const rules::Conjunct& conjunct : rule.conjuncts) look(conjunct.condition);
  for (const rules::ConfidenceCase& one : rule.confidence) {
    look(one.value);
    if (one.condition) look(*one.condition);
  }
  return read;
}

class Mutator {
 public:
  Mutator(RuleSet& set, const TestChoice& choice, const SourceManager& sources)
      : set_(set), choice_(choice), sources_(sources), bench_(set, sources, choice.load), relower_(set) {}

  Mutants Run() {
    FindTests();
    FindReaders();
    FindSites();
    for (const auto& entry : sites_) {
      const Site& site = entry.second;
      if (site.kind == SiteKind::Condition) {
        Try(site, Quoted(OneLine(sources_.text(site.span))) + " left out",
            [&](BoundRule& rule) { LeaveOut(rule, site); });
        continue;
      }
      for (const double factor : {0.5, 2.0}) {
        if (IsSame(site, factor)) continue;
        const std::string printed = PrintValue({site.form, site.value * factor}).value_or("");
        Try(site, Quoted(OneLine(sources_.text(site.span))) + (factor < 1 ? " halved: " : " doubled: ") + printed,
            [&](BoundRule& rule) { Multiply(rule, site, factor); });
      }
    }
    std::ranges::stable_sort(result_.mutants, {},
                             [](const RuleMutant& mutant) { return std::tie(mutant.file, mutant.line); });
    return std::move(result_);
  }

 private:
  // ---------------------------------------------------------------- what is there
  void FindTests() {
    for (std::size_t i = 0; i < set_.tests.size(); ++i) {
      const rules::BoundTest& test = set_.tests[i];
      if (!choice_.Has(test.pack)) continue;
      if (!bench_.Passes(i)) {
        ++result_.failing_tests;
        continue;
      }
      for (const rules::Expectation& expect : test.expectations) {
        tests_of_[expect.atom.rule].insert(i);
        if (expect.because) tests_of_[*expect.because].insert(i);
        if (expect.suppressed_by) tests_of_[expect.suppressed_by->rule].insert(i);
      }
    }
  }

  void FindReaders() {
    for (std::size_t i = 0; i < set_.rules.size(); ++i) {
      for (const RuleIndex read : ReadBy(set_.rules[i])) readers_[read].insert(static_cast<RuleIndex>(i));
    }
  }

  void FindSites() {
    for (std::size_t i = 0; i < set_.rules.size(); ++i) {
      const BoundRule& rule = set_.rules[i];
      if (!choice_.Has(rule.pack)) continue;
      const auto index = static_cast<RuleIndex>(i);
      for (const rules::Conjunct& conjunct : rule.conjuncts) {
        AddSite(SiteKind::Condition, conjunct.condition, index);
        ForParts(conjunct.condition, [&](const BoundExpr& part) {
          if (part.kind != ExprKind::And) return;
          for (const BoundExpr& operand : part.operands) {
            if (operand.kind != ExprKind::And) AddSite(SiteKind::Condition, operand, index);
          }
        });
        ForAllThresholds(conjunct.condition,
                         [&](const BoundExpr& threshold) { AddSite(SiteKind::Threshold, threshold, index); });
      }
    }
  }

  void AddSite(SiteKind kind, const BoundExpr& expr, RuleIndex rule) {
    if (!expr.span.valid()) return;
    Site& site = sites_[{PlaceOf(expr.span), kind}];
    site.kind = kind;
    site.span = expr.span;
    site.rules.insert(rule);
    if (kind == SiteKind::Condition) return;
    site.form = rules::FormOf(expr.type);
    site.value = NumberOf(expr);
  }
  [[nodiscard]] double NumberOf(const BoundExpr& threshold) const {
    return threshold.kind == ExprKind::Param ? set_.params[threshold.param].value.number : threshold.number;
  }

  // 0 stays 0, and fewer than one thing is none.
  static bool IsSame(const Site& site, double factor) {
    if (site.value == 0) return true;
    return factor < 1 && site.form == ValueForm::Count && site.value <= 1;
  }

  // ---------------------------------------------------------------- one mutant
  static void LeaveOut(BoundRule& rule, const Site& site) {
    const Place place = PlaceOf(site.span);
    std::erase_if(rule.conjuncts,
                  [&](const rules::Conjunct& conjunct) { return PlaceOf(conjunct.condition.span) == place; });
    for (rules::Conjunct& conjunct : rule.conjuncts) {
      ForParts(conjunct.condition, [&](BoundExpr& part) {
        if (part.kind != ExprKind::And) return;
        for (std::size_t i = 0; i < part.operands.size(); ++i) {
          if (PlaceOf(part.operands[i].span) != place) continue;
          BoundExpr rest = part.operands[1 - i];
          part = std::move(rest);
          return;
        }
      });
    }
  }

  void Multiply(BoundRule& rule, const Site& site, double factor) const {
    const Place place = PlaceOf(site.span);
    for (rules::Conjunct& conjunct : rule.conjuncts) {
      ForAllThresholds(conjunct.condition, [&](BoundExpr& threshold) {
        if (PlaceOf(threshold.span) != place) return;
        const double value = NumberOf(threshold) * factor;
        threshold.kind = ExprKind::Constant;
        threshold.number = value;
        // A value that stands for two sites is changed once.
        threshold.span = {};
      });
    }
  }

  template <class Change>
  void Try(const Site& site, std::string change, const Change& apply) {
    std::vector<std::pair<std::vector<rules::Conjunct>, rules::RuleCode>> kept;
    for (const RuleIndex rule : site.rules) {
      kept.emplace_back(set_.rules[rule].conjuncts, set_.program.rules[rule]);
      apply(set_.rules[rule]);
      relower_.Lower(rule);
    }
    RuleMutant mutant;
    mutant.rule = set_.rules[*site.rules.begin()].Id();
    mutant.file = std::string(sources_.name(site.span.source));
    mutant.line = sources_.Place(site.span.source, site.span.begin).line;
    mutant.change = std::move(change);
    for (const std::size_t test : TestsOf(site.rules)) {
      if (bench_.Passes(test)) continue;
      mutant.killed_by = set_.tests[test].name;
      ++result_.killed;
      break;
    }
    result_.mutants.push_back(std::move(mutant));
    std::size_t i = 0;
    for (const RuleIndex rule : site.rules) {
      set_.rules[rule].conjuncts = std::move(kept[i].first);
      set_.program.rules[rule] = std::move(kept[i].second);
      ++i;
    }
  }

  // Tests that may notice: of the rules themselves, then of those that read them, layer by layer.
  std::vector<std::size_t> TestsOf(const std::set<RuleIndex>& rules) {
    std::vector<std::size_t> tests;
    std::set<std::size_t> seen;
    std::set<RuleIndex> reached(rules);
    std::vector<RuleIndex> next(rules.begin(), rules.end());
    while (!next.empty()) {
      std::vector<RuleIndex> readers;
      for (const RuleIndex rule : next) {
        for (const std::size_t test : tests_of_[rule]) {
          if (seen.insert(test).second) tests.push_back(test);
        }
        for (const RuleIndex reader : readers_[rule]) {
          if (reached.insert(reader).second) readers.push_back(reader);
        }
      }
      next = std::move(readers);
    }
    return tests;
  }

  RuleSet& set_;
  const TestChoice& choice_;
  const SourceManager& sources_;
  TestBench bench_;
  rules::Relowerer relower_;
  std::map<RuleIndex, std::set<std::size_t>> tests_of_;  // tests that name the rule
  std::map<RuleIndex, std::set<RuleIndex>> readers_;
  std::map<std::pair<Place, SiteKind>, Site> sites_;
  Mutants result_;
};

}  // namespace

Mutants MutateRules(RuleSet& set, const TestChoice& choice, const SourceManager& sources) {
  return Mutator(set, choice, sources).Run();
}

}  // namespace advise::workbench
