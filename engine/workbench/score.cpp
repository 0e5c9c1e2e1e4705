// Pairs each finding with at most one label, then counts.
#include "workbench/score.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace advise::workbench {
namespace {

using diagnose::Severity;

constexpr double kZ95 = 1.959964;  // two-sided 95 % of the normal distribution
constexpr std::size_t kTop = 3;
constexpr std::size_t kRepeated = 3;  // runs of a side, for its median to mean something

template <class T>
bool Meets(const std::vector<T>& found, const std::vector<T>& wanted) {
  return wanted.empty() ||
         std::ranges::any_of(found, [&](const T& value) { return std::ranges::find(wanted, value) != wanted.end(); });
}

bool IsOf(const FoundFinding& finding, const Label& label) {
  return std::ranges::find(label.rules, finding.rule) != label.rules.end();
}

const Label* FindLabel(const std::vector<Label>& labels, const FoundFinding& finding) {
  const auto found = std::ranges::find_if(
      labels, [&](const Label& label) { return IsOf(finding, label) && PointsAt(finding, label.subject); });
  return found == labels.end() ? nullptr : &*found;
}

// A label that forbids an advice against this finding.
const Label* FindAdvice(const std::vector<Label>& labels, const FoundFinding& finding, const std::string& advice) {
  const auto found = std::ranges::find_if(labels, [&](const Label& label) {
    return std::ranges::find(label.rules, advice) != label.rules.end() && PointsAt(finding, label.subject);
  });
  return found == labels.end() ? nullptr : &*found;
}

// Labels of a partial log speak of its labelled queries alone.
bool IsJudged(const LogLabels& labels, const FoundFinding& finding) {
  if (!labels.partial) return true;
  return !finding.queries.empty() && std::ranges::all_of(finding.queries, [&](const std::string& query) {
    return std::ranges::find(labels.queries, query) != labels.queries.end();
  });
}

double Wilson(const Share& share, double sign) {
  if (share.of == 0) return sign < 0 ? 0 : 1;
  const auto n = static_cast<double>(share.of);
  const double p = share.value();
  const double spread = kZ95 * std::sqrt(p * (1 - p) / n + kZ95 * kZ95 / (4 * n * n));
  return std::clamp((p + kZ95 * kZ95 / (2 * n) + sign * spread) / (1 + kZ95 * kZ95 / n), 0.0, 1.0);
}

void Count(Share& share, bool hit) {
  ++share.of;
  if (hit) ++share.hits;
}

class Scorer {
 public:
  Score Run(const std::vector<LabelledLog>& logs) {
    for (const LabelledLog& log : logs) {
      ++score_.logs;
      for (const Label& label : log.labels->must) Ask(log, label);
      AskFirst(log);
      Judge(log);
    }
    for (const LabelledLog& log : logs) {
      if (log.labels->variant == "faulty") Pair(log, logs);
    }
    for (auto& [name, rule] : rules_) {
      rule.rule = name;
      score_.rules.push_back(rule);
    }
    return std::move(score_);
  }

 private:
  // ---------------------------------------------------------------- what must be found
  void Ask(const LabelledLog& log, const Label& label) {
    Asked asked;
    asked.job = log.job;
    asked.file = log.labels->file;
    asked.pattern = label.pattern.empty() ? label.problem : label.pattern;
    if (label.rules.empty() && !label.problem.empty()) {
      asked.reason = "no rule";
      Count(score_.recall, false);
      score_.missed.push_back(std::move(asked));
      return;
    }
    if (label.rules.empty()) {
      asked.result = Asked::Result::NotCovered;
      score_.not_covered.push_back(std::move(asked));
      return;
    }
    const FoundFinding* elsewhere = nullptr;
    const FoundFinding* found = nullptr;
    for (const FoundFinding& finding : log.found.findings) {
      if (!IsOf(finding, label)) continue;
      if (!PointsAt(finding, label.subject)) {
        if (elsewhere == nullptr) elsewhere = &finding;
      } else if (found == nullptr) {
        found = &finding;
      }
    }
    asked.rule = found != nullptr ? found->rule : elsewhere != nullptr ? elsewhere->rule : label.rules.front();
    RuleScore& rule = rules_[asked.rule];
    Count(rule.recall, found != nullptr);
    Count(score_.recall, found != nullptr);
    if (!label.subject.empty() && (found != nullptr || elsewhere != nullptr)) {
      Count(rule.place, found != nullptr);
      Count(score_.place, found != nullptr);
    }
    if (found == nullptr) {
      asked.result = elsewhere != nullptr ? Asked::Result::WrongPlace : Asked::Result::Missed;
      asked.reason = elsewhere != nullptr ? "found at " + elsewhere->id : WhySilent(log, label);
      score_.missed.push_back(std::move(asked));
      return;
    }
    if (!log.labels->partial) {
      Count(score_.top1, found->rank == 1);
      Count(score_.top3, found->rank >= 1 && found->rank <= kTop);
    }
    if (label.changes.empty()) return;
    const bool advised = IsAdvised(*found, label);
    Count(score_.advised, advised);
    if (advised) return;
    asked.result = Asked::Result::Found;
    for (const LabelChange& change : label.changes)
      asked.reason += (asked.reason.empty() ? "" : ", ") + change.kind + (change.key.empty() ? "" : " " + change.key);
    score_.unadvised.push_back(std::move(asked));
  }

  // One of the labels that are marked first is what the report says first.
  void AskFirst(const LabelledLog& log) {
    const std::vector<Label>& must = log.labels->must;
    const auto wanted = std::ranges::find_if(must, &Label::first);
    if (wanted == must.end()) return;
    const auto first = std::ranges::find(log.found.findings, std::size_t{1}, &FoundFinding::rank);
    const bool hit = first != log.found.findings.end() && std::ranges::any_of(must, [&](const Label& label) {
                       return label.first && IsOf(*first, label) && PointsAt(*first, label.subject);
                     });
    Count(score_.first, hit);
    if (hit) return;
    Asked asked;
    asked.job = log.job;
    asked.file = log.labels->file;
    asked.pattern = wanted->pattern.empty() ? wanted->problem : wanted->pattern;
    asked.rule = wanted->rules.empty() ? "" : wanted->rules.front();
    asked.reason = first != log.found.findings.end() ? "first is " + first->id : "nothing is said";
    score_.not_first.push_back(std::move(asked));
  }

  static bool IsAdvised(const FoundFinding& finding, const Label& label) {
    return std::ranges::any_of(label.changes, [&](const LabelChange& wanted) {
      return std::ranges::any_of(finding.changes, [&](const LabelChange& change) {
        return wanted.kind == change.kind && (wanted.kind != "conf" || wanted.key == change.key);
      });
    });
  }

  static std::string WhySilent(const LabelledLog& log, const Label& label) {
    for (const std::string& rule : label.rules) {
      const auto said = std::ranges::find(log.found.silent, rule, &Silence::rule);
      if (said != log.found.silent.end()) return said->because;
    }
    return "no candidate came near";
  }

  // ---------------------------------------------------------------- what may be found
  void Judge(const LabelledLog& log) {
    const LogLabels& labels = *log.labels;
    const bool clean = IsClean(labels);
    if (clean) ++score_.clean_logs;
    for (const FoundFinding& finding : log.found.findings) {
      if (finding.severity < Severity::Low || !IsJudged(labels, finding)) continue;
      for (const std::string& advice : finding.advices) {
        const Label* label = FindAdvice(labels.must_not, finding, advice);
        if (label != nullptr)
          score_.wrong.push_back(
              {log.job, labels.file, advice + " against " + finding.id, advice, finding.severity, label->note});
      }
      const bool allowed = FindLabel(labels.must, finding) != nullptr || FindLabel(labels.may, finding) != nullptr;
      const Label* forbidden = FindLabel(labels.must_not, finding);
      const bool cause = finding.layer == diagnose::Layer::Cause;
      if (cause) {
        Count(rules_[finding.rule].precision, allowed);
        Count(score_.precision, allowed);
      }
      if (allowed) continue;
      const Wrong wrong{log.job,      labels.file,      finding.id,
                        finding.rule, finding.severity, forbidden != nullptr ? forbidden->note : std::string()};
      if (cause || forbidden != nullptr) score_.wrong.push_back(wrong);
      if (clean && finding.rank > 0 && finding.severity >= Severity::Medium) score_.alarms.push_back(wrong);
    }
  }

  // ---------------------------------------------------------------- what it was worth
  // The twin of a faulty log: one with repeated runs before one without, a remedied before a clean one.
  static const LabelledLog* TwinOf(const LabelledLog& faulty, const std::vector<LabelledLog>& logs) {
    for (const bool repeated : {true, false}) {
      for (const char* const variant : {"remedied", "clean"}) {
        const auto twin = std::ranges::find_if(logs, [&](const LabelledLog& log) {
          return log.job == faulty.job && log.labels->spark == faulty.labels->spark && log.labels->variant == variant &&
                 log.found.duration_ms && (log.labels->runs_ms.size() > 1 || !repeated);
        });
        if (twin != logs.end()) return &*twin;
      }
    }
    return nullptr;
  }

  static std::int64_t UsualDuration(const LabelledLog& log) {
    std::vector<std::int64_t> runs = log.labels->runs_ms;
    if (runs.empty()) return *log.found.duration_ms;
    std::ranges::sort(runs);
    return runs[runs.size() / 2];
  }

  void Pair(const LabelledLog& faulty, const std::vector<LabelledLog>& logs) {
    if (faulty.labels->must.empty() || !faulty.found.duration_ms) return;
    const LabelledLog* twin = TwinOf(faulty, logs);
    if (twin == nullptr) return;
    Twins twins;
    twins.job = faulty.job;
    twins.spark = faulty.labels->spark;
    twins.twin = twin->labels->variant;
    twins.faulty_ms = UsualDuration(faulty);
    twins.twin_ms = UsualDuration(*twin);
    twins.faulty_runs = std::max<std::size_t>(1, faulty.labels->runs_ms.size());
    twins.twin_runs = std::max<std::size_t>(1, twin->labels->runs_ms.size());
    for (const FoundFinding& finding : faulty.found.findings) {
      if (!finding.bound_ms || FindLabel(faulty.labels->must, finding) == nullptr) continue;
      twins.bound_ms = std::max(twins.bound_ms.value_or(0), *finding.bound_ms);
    }
    if (twins.bound_ms) {
      const bool held = twins.faulty_ms - twins.twin_ms <= *twins.bound_ms;
      Count(score_.bounds_held, held);
      if (std::min(twins.faulty_runs, twins.twin_runs) >= kRepeated) Count(score_.repeated_bounds_held, held);
    }
    score_.twins.push_back(std::move(twins));
  }

  Score score_;
  std::map<std::string, RuleScore> rules_;
};

}  // namespace

double Share::low() const { return Wilson(*this, -1); }
double Share::high() const { return Wilson(*this, 1); }

bool PointsAt(const FoundFinding& finding, const LabelSubject& subject) {
  return Meets(finding.stages, subject.stages) && Meets(finding.jobs, subject.jobs) &&
         Meets(finding.sql, subject.sql) && Meets(finding.queries, subject.queries) &&
         Meets(finding.nodes, subject.nodes) && Meets(finding.executors, subject.executors);
}

bool IsClean(const LogLabels& labels) { return labels.must.empty() && !labels.partial; }

CurvePoint Notice(const FoundInLog& healthy, const FoundInLog& faulty, const Mutation& mutation, double level) {
  CurvePoint point;
  point.level = level;
  for (const FoundFinding& finding : faulty.findings) {
    if (finding.severity < Severity::Low) continue;
    const auto before = std::ranges::find(healthy.findings, finding.id, &FoundFinding::id);
    if (before == healthy.findings.end() || before->severity < finding.severity) point.rules[finding.rule] = 1;
  }
  Count(point.noticed, std::ranges::any_of(mutation.rules, [&](std::string_view rule) {
          return point.rules.contains(std::string(rule));
        }));
  return point;
}

void AddCurve(Curve& curve, const std::vector<CurvePoint>& points) {
  if (curve.points.empty()) {
    curve.points = points;
    return;
  }
  for (std::size_t i = 0; i < points.size() && i < curve.points.size(); ++i) {
    CurvePoint& sum = curve.points[i];
    sum.noticed.hits += points[i].noticed.hits;
    sum.noticed.of += points[i].noticed.of;
    for (const auto& [rule, logs] : points[i].rules) sum.rules[rule] += logs;
  }
}

Score ScoreLogs(const std::vector<LabelledLog>& logs) {
  Score all = Scorer().Run(logs);
  if (std::ranges::none_of(logs, [](const LabelledLog& log) { return log.labels->held_out; })) return all;
  for (const bool held_out : {false, true}) {
    std::vector<LabelledLog> part;
    std::ranges::copy_if(logs, std::back_inserter(part),
                         [&](const LabelledLog& log) { return log.labels->held_out == held_out; });
    const Score score = Scorer().Run(part);
    all.halves.push_back(
        {held_out, score.logs, score.clean_logs, score.recall, score.precision, score.first, score.alarms.size()});
  }
  return all;
}

}  // namespace advise::workbench
