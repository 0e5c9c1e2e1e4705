// One model a test; every expectation is held against the findings of all rules.
#include "workbench/run_tests.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "diagnose/diagnose.h"
#include "metrics/evaluate.h"
#include "rules/functions/regex.h"
#include "rules/match/finding_table.h"
#include "rules/match/match.h"
#include "rules/match/why_not.h"
#include "support/format.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/typed_value.h"
#include "workbench/given_model.h"
#include "workbench/source_words.h"

namespace advise::workbench {
namespace {

using rules::BoundRule;
using rules::BoundTest;
using rules::Expectation;
using rules::ExpectedArgument;
using rules::ExpectedAtom;
using rules::Match;
using rules::ast::BinaryOp;

// Shares are written in per cent: what prints equal is equal.
bool Holds(BinaryOp op, double left, double right) {
  constexpr double kEqual = 1e-9;
  const bool equal = left - right < kEqual && right - left < kEqual;
  switch (op) {
    case BinaryOp::Eq: return equal;
    case BinaryOp::Ne: return !equal;
    case BinaryOp::Lt: return left < right && !equal;
    case BinaryOp::Le: return left < right || equal;
    case BinaryOp::Gt: return left > right && !equal;
    case BinaryOp::Ge: return left > right || equal;
    default: return false;
  }
}

bool Negates(const rules::BoundExpr& condition, std::uint32_t rule) {
  bool found = false;
  rules::ForEach(condition, [&](const rules::BoundExpr& expr) {
    if (expr.kind != rules::ExprKind::Not) return;
    rules::ForEach(expr.operands.front(), [&](const rules::BoundExpr& inner) {
      found = found || (inner.kind == rules::ExprKind::Atom && inner.rule == rule);
    });
  });
  return found;
}

// One job with all rules evaluated on it.
class Run {
 public:
  Run(const rules::RuleSet& set, const SourceManager& sources, const model::JobModel& model,
      std::vector<std::uint32_t> rows, const BoundTest& test)
      : set_(set), sources_(sources), model_(model), rows_(std::move(rows)) {
    diagnose::Diagnosis diagnosis = diagnose::Diagnose(set, model, nullptr, OptionsOf(test, rows_));
    for (const diagnose::Finding& finding : diagnosis.findings) severity_[finding.match] = finding.severity;
    results_ = std::move(diagnosis.matches);
  }

  // What is not as expected; nullopt: it holds.
  struct Verdict {
    std::string found;
    std::string reason;
  };
  std::optional<Verdict> Check(const Expectation& expect) {
    const auto head = HeadOf(expect.atom);
    if (!head) return Verdict{"nothing", "the log has no such id"};
    const std::vector<std::size_t> found = Find(expect.atom, *head, false);
    if (expect.negated) return CheckNot(expect, *head, found);
    std::vector<std::size_t> fitting;
    std::optional<Verdict> unfit;
    for (const std::size_t match : found) {
      auto wrong = Misfit(expect, match);
      if (!wrong) {
        fitting.push_back(match);
      } else if (!unfit) {
        unfit = std::move(wrong);
      }
    }
    const std::size_t wanted = expect.count ? static_cast<std::size_t>(*expect.count) : 0;
    if (expect.count ? fitting.size() == wanted : !fitting.empty()) return std::nullopt;
    if (expect.count && !unfit) return Verdict{Number(fitting.size()) + Names(fitting), WhyCount(expect, *head, found)};
    if (unfit) return unfit;
    return Verdict{Hidden(expect.atom, *head), WhyNot(expect.atom.rule, *head)};
  }

 private:
  using Head = std::vector<std::uint32_t>;

  // Rows of the arguments; of a group one of its members. nullopt: a key that the log does not have.
  std::optional<Head> HeadOf(const ExpectedAtom& atom) const {
    Head head;
    for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
      const ExpectedArgument& argument = atom.arguments[i];
      switch (argument.kind) {
        case ExpectedArgument::Kind::Any: head.push_back(rules::kAnyRow); break;
        case ExpectedArgument::Kind::Given: head.push_back(rows_[argument.given]); break;
        case ExpectedArgument::Kind::Key: {
          const BoundRule& rule = set_.rules[atom.rule];
          const auto row = metrics::FindEntity(model_, rule.slots[rule.head[i]].type.entity->entity, argument.key);
          if (!row) return std::nullopt;
          head.push_back(*row);
          break;
        }
      }
    }
    return head;
  }

  [[nodiscard]] bool Agrees(const Match& match, const Head& head) const {
    const BoundRule& rule = set_.rules[match.rule];
    for (std::size_t i = 0; i < head.size(); ++i) {
      if (head[i] == rules::kAnyRow) continue;
      const bool group = rule.slots[rule.head[i]].type.kind == rules::TypeKind::Group;
      if (!group && match.head[i] != head[i]) return false;
      if (group && !std::ranges::binary_search(results_.groups[match.head[i]].members, head[i])) return false;
    }
    return true;
  }

  // Findings with these arguments, shown or `hidden` by a suppression.
  [[nodiscard]] std::vector<std::size_t> Find(const ExpectedAtom& atom, const Head& head, bool hidden) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < results_.matches.size(); ++i) {
      const Match& match = results_.matches[i];
      if (match.rule == atom.rule && match.is_suppressed == hidden && Agrees(match, head)) found.push_back(i);
    }
    return found;
  }

  [[nodiscard]] std::string IdOf(std::size_t match) const {
    return rules::MatchId(set_, model_, results_, results_.matches[match]);
  }
  [[nodiscard]] std::string Names(const std::vector<std::size_t>& matches) const {
    constexpr std::size_t kMost = 4;
    std::string names;
    for (std::size_t i = 0; i < std::min(matches.size(), kMost); ++i)
      names += (i == 0 ? ": " : ", ") + IdOf(matches[i]);
    return names + (matches.size() > kMost ? " …" : "");
  }
  static std::string Number(std::size_t count) {
    return count == 0 ? "nothing" : count == 1 ? "1 finding" : std::to_string(count) + " findings";
  }

  // ---------------------------------------------------------------- one finding against what is expected of it
  std::optional<Verdict> Misfit(const Expectation& expect, std::size_t index) const {
    const Match& match = results_.matches[index];
    if (expect.confidence && !Holds(expect.confidence->first, match.confidence, expect.confidence->second))
      return Verdict{"confidence " + FormatShare(match.confidence), ""};
    if (expect.severity) {
      const diagnose::Severity severity = severity_.at(index);
      if (!Holds(expect.severity->first, static_cast<int>(severity), expect.severity->second))
        return Verdict{"severity " + std::string(Word(severity)), ""};
    }
    if (expect.title_matches) {
      const std::string title = PrintText(match.title);
      if (title.empty()) return Verdict{"a finding without a title", ""};
      if (!rules::Regex(*expect.title_matches).Finds(title)) return Verdict{"the title \"" + title + "\"", ""};
    }
    if (expect.message_matches) {
      const std::string message = PrintText(match.message.empty() ? match.fix : match.message);
      if (!rules::Regex(*expect.message_matches).Finds(message)) return Verdict{"the message \"" + message + "\"", ""};
    }
    if (expect.because) {
      const bool reads = std::ranges::any_of(
          match.reads, [&](std::uint32_t read) { return results_.matches[read].rule == *expect.because; });
      if (!reads) return Verdict{"it does not rest on " + Quoted(set_.rules[*expect.because].name), ReadsOf(match)};
    }
    if (expect.suppressed_by) return NotFolded(*expect.suppressed_by, index);
    return std::nullopt;
  }

  [[nodiscard]] std::string ReadsOf(const Match& match) const {
    if (match.reads.empty()) return "it rests on no other finding";
    return "it rests on" + Names({match.reads.begin(), match.reads.end()}).substr(1);
  }

  // stragglers(s) suppressed by skewed_join(s, j): folded under it in every report.
  [[nodiscard]] std::optional<Verdict> NotFolded(const ExpectedAtom& by, std::size_t index) const {
    const auto head = HeadOf(by);
    const std::vector<std::size_t> causes = head ? Find(by, *head, false) : std::vector<std::size_t>();
    for (const std::size_t cause : causes) {
      if (std::ranges::find(results_.matches[cause].explains, index) != results_.matches[cause].explains.end())
        return std::nullopt;
    }
    if (causes.empty()) return Verdict{"there is no " + by.text, head ? WhyNot(by.rule, *head) : std::string()};
    return Verdict{IdOf(causes.front()) + " does not explain it", ""};
  }

  // ---------------------------------------------------------------- expect not
  std::optional<Verdict> CheckNot(const Expectation& expect, const Head& head, const std::vector<std::size_t>& found) {
    if (!found.empty()) return Verdict{Number(found.size()) + Names(found), Conditions(results_.matches[found[0]])};
    if (!expect.because && !expect.because_missing) return std::nullopt;
    const rules::WhyNot miss = rules::ExplainWhyNot(set_, results_, expect.atom.rule, head);
    const std::string why = Describe(expect.atom.rule, miss);
    if (expect.because_missing) {
      if (miss.kind == rules::WhyNot::Kind::Needs || !miss.missing.empty()) return std::nullopt;
      return Verdict{"nothing, but for another reason", why};
    }
    const auto excludes = [&](const rules::UnmetCondition& unmet) {
      return !unmet.unknown &&
             Negates(set_.rules[expect.atom.rule].conjuncts[unmet.conjunct].condition, *expect.because);
    };
    if (miss.kind == rules::WhyNot::Kind::NoFinding && miss.rule == *expect.because) return std::nullopt;
    if (std::ranges::any_of(miss.unmet, excludes)) return std::nullopt;
    return Verdict{"nothing, but for another reason", why};
  }

  // The conditions that made it true, with their values.
  [[nodiscard]] std::string Conditions(const Match& match) const {
    std::string text;
    for (const rules::ConditionValue& condition : match.conditions) {
      if (!condition.left || !condition.right) continue;
      text += (text.empty() ? "" : ", ") + Quoted(condition.text) + " holds (" + Printed(*condition.left) +
              " against " + Printed(*condition.right) + ")";
    }
    return text;
  }

  static std::string Printed(const TypedValue& value) { return PrintValue(value).value_or("missing"); }

  // ---------------------------------------------------------------- why not
  [[nodiscard]] std::string Hidden(const ExpectedAtom& atom, const Head& head) const {
    const std::vector<std::size_t> hidden = Find(atom, head, true);
    if (hidden.empty()) return "nothing";
    return "a finding that is suppressed: " + results_.matches[hidden.front()].suppressed;
  }

  [[nodiscard]] std::string WhyNot(std::uint32_t rule, const Head& head) const {
    return Describe(rule, rules::ExplainWhyNot(set_, results_, rule, head));
  }
  [[nodiscard]] std::string WhyCount(const Expectation& expect, const Head& head,
                                     const std::vector<std::size_t>& found) const {
    return found.empty() ? WhyNot(expect.atom.rule, head) : std::string();
  }

  static std::string MissingText(const std::vector<rules::MissingInput>& missing) {
    return Join(missing, ", ", &rules::MissingInput::name);
  }

  [[nodiscard]] std::string Describe(std::uint32_t index, const rules::WhyNot& miss) const {
    const BoundRule& rule = set_.rules[index];
    switch (miss.kind) {
      case rules::WhyNot::Kind::NoFinding: {
        const std::string name = Quoted(set_.rules[miss.rule].name);
        const rules::RuleOutcome& outcome = results_.outcomes[miss.rule];
        if (outcome.matches > 0) return "no finding of " + name + " fits";
        const Head any(set_.rules[miss.rule].head.size(), rules::kAnyRow);
        return name + " found nothing: " + WhyNot(miss.rule, any);
      }
      case rules::WhyNot::Kind::NoPattern: return "nothing given has the shape of its pattern";
      case rules::WhyNot::Kind::Needs: return "not evaluated: nothing has " + MissingText(miss.missing);
      case rules::WhyNot::Kind::TooMany: return "too many combinations to look at";
      case rules::WhyNot::Kind::Conditions: break;
    }
    std::string text;
    for (const rules::UnmetCondition& unmet : miss.unmet) {
      text += (text.empty() ? "" : ", ") + Quoted(OneLine(sources_.text(unmet.span)));
      text += unmet.unknown ? " is unknown" : " is false";
      if (unmet.left && unmet.right) {
        text += " (" + Printed(*unmet.left) + " against " + Printed(*unmet.right) + ")";
      } else if (unmet.left) {
        text += " (" + Printed(*unmet.left) + ")";
      }
    }
    if (!miss.missing.empty()) text += "; missing: " + MissingText(miss.missing);
    if (text.empty()) text = "all its conditions hold for " + rule.name + ", but not its `for` or `group by`";
    return text;
  }

  const rules::RuleSet& set_;
  const SourceManager& sources_;
  const model::JobModel& model_;
  std::vector<std::uint32_t> rows_;  // one a given
  rules::MatchResults results_;
  std::map<std::size_t, diagnose::Severity> severity_;  // by match; symptoms and causes
};

// Of a test that names a log, which stands in `file`.
std::string LogPath(const std::string& file, const BoundTest& test) {
  return (std::filesystem::path(file).parent_path() / test.log).string();
}

class TestRunner {
 public:
  TestRunner(const rules::RuleSet& set, const SourceManager& sources, const LoadLog& load)
      : set_(set), sources_(sources), load_(load) {}

  TestResult RunOne(const BoundTest& test) {
    TestResult result;
    result.pack = test.pack;
    result.name = test.name;
    result.file = std::string(sources_.name(test.span.source));
    result.line = sources_.Place(test.span.source, test.span.begin).line;
    if (!test.broken.empty()) {
      result.failures.push_back({result.file, result.line, "a test that can run", "nothing to run", test.broken});
      return result;
    }
    if (test.log.empty()) {
      const GivenModel given = MakeModel(test);
      CheckAll(test, given.model, given.rows, result);
    } else if (const model::JobModel* model = LogOf(test, result)) {
      CheckAll(test, *model, {}, result);
    }
    return result;
  }

 private:
  void CheckAll(const BoundTest& test, const model::JobModel& model, std::vector<std::uint32_t> rows,
                TestResult& result) {
    Run run(set_, sources_, model, std::move(rows), test);
    for (const Expectation& expect : test.expectations) {
      if (expect.saving) ++result.unchecked;
      auto wrong = run.Check(expect);
      if (!wrong) continue;
      const std::uint32_t line = sources_.Place(expect.span.source, expect.span.begin).line;
      result.failures.push_back({result.file, line, expect.text, std::move(wrong->found), std::move(wrong->reason)});
    }
  }

  // Read once, however many tests name it. Null: it cannot be read, which fails the test.
  const model::JobModel* LogOf(const BoundTest& test, TestResult& result) {
    const std::string path = LogPath(result.file, test);
    auto known = logs_.find(path);
    if (known == logs_.end()) known = logs_.emplace(path, load_(path)).first;
    if (known->second) return &*known->second;
    result.failures.push_back(
        {result.file, result.line, "the log \"" + test.log + "\"", "no log", known->second.error().message});
    return nullptr;
  }

  const rules::RuleSet& set_;
  const SourceManager& sources_;
  const LoadLog& load_;
  std::map<std::string, Result<model::JobModel>> logs_;
};

}  // namespace

rules::MatchOptions OptionsOf(const BoundTest& test, const std::vector<std::uint32_t>& rows) {
  rules::MatchOptions options;
  for (const rules::GivenParamValue& param : test.params)
    options.params.push_back({param.param, param.number, param.text});
  for (const rules::GivenFindingHead& finding : test.findings) {
    rules::GivenHead given{finding.rule, {}};
    for (const std::uint32_t one : finding.givens) given.head.push_back(rows[one]);
    options.findings.push_back(std::move(given));
  }
  return options;
}

std::vector<TestResult> RunTests(const rules::RuleSet& set, const SourceManager& sources,
                                 const std::function<bool(const BoundTest&)>& wanted, const LoadLog& load) {
  TestRunner runner(set, sources, load);
  std::vector<TestResult> results;
  for (const BoundTest& test : set.tests) {
    if (wanted(test)) results.push_back(runner.RunOne(test));
  }
  return results;
}

TestBench::TestBench(const rules::RuleSet& set, const SourceManager& sources, LoadLog load)
    : set_(set), sources_(sources), load_(std::move(load)) {}
TestBench::~TestBench() = default;

const GivenModel* TestBench::JobOf(std::size_t test) {
  const auto known = jobs_.find(test);
  if (known != jobs_.end()) return known->second.get();
  const BoundTest& wanted = set_.tests[test];
  std::unique_ptr<GivenModel> job;
  if (wanted.broken.empty() && wanted.log.empty()) {
    job = std::make_unique<GivenModel>(MakeModel(wanted));
  } else if (wanted.broken.empty()) {
    Result<model::JobModel> log = load_(LogPath(std::string(sources_.name(wanted.span.source)), wanted));
    if (log) job = std::make_unique<GivenModel>(GivenModel{std::move(*log), {}});
  }
  return jobs_.emplace(test, std::move(job)).first->second.get();
}

bool TestBench::Passes(std::size_t test) {
  const GivenModel* job = JobOf(test);
  if (job == nullptr) return false;
  Run run(set_, sources_, job->model, job->rows, set_.tests[test]);
  return std::ranges::none_of(set_.tests[test].expectations,
                              [&](const Expectation& expect) { return run.Check(expect).has_value(); });
}

}  // namespace advise::workbench
