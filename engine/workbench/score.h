// Holds what was found against what the labels say, and adds it up: precision and recall of every rule. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workbench/found.h"
#include "workbench/labels.h"
#include "workbench/mutations.h"

namespace advise::workbench {

// One log with its labels and what was found in it.
struct LabelledLog {
  std::string job;
  const LogLabels* labels = nullptr;
  FoundInLog found;
};

// A share with its 95 % interval after Wilson (1927), which stays within 0..1 and is honest for few cases.
struct Share {
  std::size_t hits = 0;
  std::size_t of = 0;
  [[nodiscard]] double value() const { return of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of); }
  [[nodiscard]] double low() const;
  [[nodiscard]] double high() const;
  void Add(const Share& more) {
    hits += more.hits;
    of += more.of;
  }
};

// One `must` of one log.
struct Asked {
  enum class Result : std::uint8_t { Found, WrongPlace, Missed, NotCovered };
  std::string job;
  std::string file;
  std::string pattern;  // of the label; its problem, where it names no pattern
  std::string rule;     // the one that found it, else the first that could; empty: no rule is named
  Result result = Result::Missed;
  // Of Missed and WrongPlace; of one without its advice: the change asked for; of one that is not first: what is.
  std::string reason;
};

// A finding that should not be there.
struct Wrong {
  std::string job;
  std::string file;
  std::string finding;
  std::string rule;
  diagnose::Severity severity = diagnose::Severity::Low;
  std::string because;  // the label's note; empty: no label speaks of it
};

struct RuleScore {
  std::string rule;
  Share recall;     // of the `must` that name it
  Share place;      // of those found, how many where the label says
  Share precision;  // of its findings (causes of at least low severity), how many some label allows
};

// The upper bound of what the labelled problem costs against what its twin without it saved. Durations are those of the
// applications: of repeated runs the median.
struct Twins {
  std::string job;
  std::string spark;
  std::string twin;  // variant: the one with repeated runs; else remedied, else clean
  std::int64_t faulty_ms = 0;
  std::int64_t twin_ms = 0;
  std::size_t faulty_runs = 1;
  std::size_t twin_runs = 1;
  std::optional<std::int64_t> bound_ms;  // largest of the found `must`; nullopt: none is estimated
};

// How many logs with a fault of this level had a finding of one of its rules that the log without the fault does not
// have.
struct CurvePoint {
  double level = 0;
  Share noticed;
  std::map<std::string, std::size_t> rules;  // every rule with such a finding, its own or not: in how many logs
};
struct Curve {
  std::string mutation;
  std::string what;  // what the level means
  std::vector<CurvePoint> points;
};

// The scores of the logs on which rules may be mended, or of those that are held out.
struct Half {
  bool held_out = false;
  std::size_t logs = 0;
  std::size_t clean_logs = 0;
  Share recall;
  Share precision;
  Share first;
  std::size_t alarms = 0;
};

struct Score {
  std::size_t logs = 0;
  std::size_t clean_logs = 0;    // without `must`, labelled as a whole
  std::vector<RuleScore> rules;  // by name; those that a label asks for or that found something
  Share recall;
  Share place;
  Share precision;
  Share top1;  // of the `must` that were found, how many stand first; folded ones with their cause
  Share top3;
  Share advised;
  Share first;                   // of the logs whose labels say what is first, how many have it first
  std::vector<Half> halves;      // empty where no log is held out; else two
  std::vector<Asked> not_first;  // of those logs, the others
  std::vector<Asked> missed;     // Missed and WrongPlace, in label order
  std::vector<Asked> not_covered;
  std::vector<Asked> unadvised;  // found, but none of the changes asked for is recommended
  std::vector<Wrong> wrong;      // findings that no label allows
  std::vector<Wrong> alarms;     // of at least medium severity on clean logs, neither folded nor allowed
  std::vector<Twins> twins;
  Share bounds_held;           // of the twins with a bound: what the twin saved is not above it
  Share repeated_bounds_held;  // of those with three runs or more of both sides
  std::vector<Curve> curves;   // of faults put into clean logs, when asked for
};

// Labelled as a whole, and nothing must be found in it.
bool IsClean(const LogLabels& labels);

Score ScoreLogs(const std::vector<LabelledLog>& logs);

// What the rules make of a fault put into one log: those with a finding that is new or more severe than in the log
// without it, of at least low severity.
CurvePoint Notice(const FoundInLog& healthy, const FoundInLog& faulty, const Mutation& mutation, double level);
// Adds a log's points to the curve, which has none yet or as many.
void AddCurve(Curve& curve, const std::vector<CurvePoint>& points);

// Whether the finding points at what the subject names.
bool PointsAt(const FoundFinding& finding, const LabelSubject& subject);

}  // namespace advise::workbench
