// What a parameter decides: findings over its values, on benchmark logs. Plain data.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "advise.h"
#include "workbench/labels.h"
#include "workbench/score.h"

namespace advise::workbench {

struct TunePoint {
  double value = 0;  // in base units
  std::string text;  // as printed
  bool in_force = false;
  std::size_t findings = 0;  // symptoms and causes of the rules that depend on it
  std::size_t advices = 0;
  std::size_t logs = 0;    // with one of these
  std::size_t gained = 0;  // findings and advices that the value in force does not have
  std::size_t lost = 0;
  Share precision;  // of these rules, against labels
  Share recall;
};
struct TuneCurve {
  std::string param;                   // qualified name
  std::string range;                   // as written; empty: none
  std::vector<std::string> direct;     // rules that read it, by name
  std::vector<std::string> dependent;  // rules that read findings of these
  std::size_t logs = 0;
  std::size_t labelled = 0;
  std::size_t held_out = 0;
  std::vector<TunePoint> points;  // by value
  // The widest run of values with the same findings: numbers of points, first and last. nullopt: no two neighbours are
  // alike.
  std::optional<std::pair<std::size_t, std::size_t>> flat;
};

// The number of the parameter: `skew_ratio`, if only one pack has it, or `spark.core.skew_ratio`. Errors: unknown, of
// two packs, or not a number.
Result<std::uint32_t> FindTunable(const rules::RuleSet& rules, const std::string& name);

// Values around the one in force: a quarter to four times of it, within the range; whole ones of a count. Of 0, the
// range in twelve steps, or 0 alone.
std::vector<double> ValuesAround(const rules::BoundParam& param);

// Runs the rules with each value on one log after the other. `rules` is changed meanwhile, and back at the end of each
// call; it outlives this.
class TuneStudy {
 public:
  // `values` without duplicates; the one in force is added.
  TuneStudy(rules::RuleSet& rules, std::uint32_t param, std::vector<double> values);
  void Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times);
  TuneCurve Finish();

 private:
  rules::RuleSet& rules_;
  std::uint32_t param_;
  double in_force_;
  std::vector<double> values_;
  std::vector<bool> affected_;  // one a rule
  TuneCurve curve_;
  struct Found {
    std::set<std::string> ids;  // with the number of their log
    std::set<std::size_t> logs;
    std::size_t findings = 0;
    std::size_t advices = 0;
    std::vector<LabelledLog> labelled;
  };
  std::vector<Found> found_;  // one a value
};

void WriteTuneText(const TuneCurve& curve, std::ostream& out);
void WriteTuneJson(const TuneCurve& curve, std::ostream& out);

}  // namespace advise::workbench
