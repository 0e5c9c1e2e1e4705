// Parameters are read while rules run, so one compiled rule set serves all values.
#include "workbench/tune.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "rules/bind/names.h"
#include "support/quoted.h"
#include "workbench/find_in_log.h"

namespace advise::workbench {
namespace {

using rules::BoundExpr;
using rules::BoundRule;
using rules::ExprKind;

constexpr std::array kFactors = {0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0};
constexpr int kSteps = 12;

// Every expression that decides something in the rule: what it finds, changes, or says of its confidence.
template <class Visit>
void ForDeciding(const BoundRule& rule, const Visit& visit) {
  for (const rules::Conjunct& conjunct : rule.conjuncts) rules::ForEach(conjunct.condition, visit);
  for (const rules::ConfidenceCase& one : rule.confidence) {
    rules::ForEach(one.value, visit);
    if (one.condition) rules::ForEach(*one.condition, visit);
  }
  for (const rules::SeverityCase& one : rule.severity) {
    if (one.condition) rules::ForEach(*one.condition, visit);
  }
}

// Rules that read the parameter, then those that read findings of them.
std::pair<std::set<std::size_t>, std::set<std::size_t>> Readers(const rules::RuleSet& set, std::uint32_t param) {
  std::set<std::size_t> direct;
  std::set<std::size_t> all;
  // Rules stand in the order of evaluation: what they read comes before them.
  for (std::size_t i = 0; i < set.rules.size(); ++i) {
    bool reads = false;
    bool depends = false;
    for (const rules::BoundAtom& atom : set.rules[i].for_atoms) depends = depends || all.contains(atom.rule);
    ForDeciding(set.rules[i], [&](const BoundExpr& part) {
      reads = reads || (part.kind == ExprKind::Param && part.param == param);
      const bool of_rule = part.kind == ExprKind::Atom || part.kind == ExprKind::Witness;
      depends = depends || (of_rule && all.contains(part.rule));
    });
    if (reads) direct.insert(i);
    if (reads || depends) all.insert(i);
  }
  for (const std::size_t rule : direct) all.erase(rule);
  return {direct, all};
}

// Shares with as many digits as neighbours need to differ.
std::string TextOf(ValueForm form, double value) {
  if (form != ValueForm::Share) return PrintValue({form, value}).value_or("");
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g %%", value * 100);
  return text.data();
}

}  // namespace

Result<std::uint32_t> FindTunable(const rules::RuleSet& rules, const std::string& name) {
  const std::vector<std::uint32_t> found = rules::FindParams(rules.params, name);
  if (found.empty())
    return Fail(DiagnosticCode::UnknownParam, rules::NoSuchParam(rules.params, name), "`advise params` lists all");
  if (found.size() > 1) {
    return Fail(DiagnosticCode::UnknownParam, Quoted(name) + " is a parameter of several packs",
                "name it with its pack: " + Quoted(rules.params[found[0]].pack + "." + name));
  }
  if (!rules.params[found[0]].type.IsNumber())
    return Fail(DiagnosticCode::Usage, Quoted(name) + " is no number: it has no curve");
  return found[0];
}

std::vector<double> ValuesAround(const rules::BoundParam& param) {
  std::vector<double> values;
  const double in_force = param.value.number;
  const auto add = [&](double value) {
    const bool whole = param.type.form == rules::NumberForm::Count || param.type.form == rules::NumberForm::Slots;
    if (whole) value = std::round(value);
    if (param.range) value = std::clamp(value, param.range->first, param.range->second);
    values.push_back(value);
  };
  if (in_force != 0) {
    for (const double factor : kFactors) add(in_force * factor);
  } else if (param.range) {
    for (int i = 0; i <= kSteps; ++i) add(param.range->first + (param.range->second - param.range->first) * i / kSteps);
  }
  values.push_back(in_force);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

TuneStudy::TuneStudy(rules::RuleSet& rules, std::uint32_t param, std::vector<double> values)
    : rules_(rules),
      param_(param),
      in_force_(rules.params[param].value.number),
      values_(std::move(values)),
      affected_(rules.rules.size()) {
  values_.push_back(in_force_);
  std::ranges::sort(values_);
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  found_.resize(values_.size());
  const rules::BoundParam& info = rules.params[param];
  curve_.param = info.pack + "." + info.name;
  curve_.range = info.range_text;
  const auto [direct, dependent] = Readers(rules, param);
  for (const std::size_t rule : direct) {
    affected_[rule] = true;
    curve_.direct.push_back(rules.rules[rule].Id());
  }
  for (const std::size_t rule : dependent) {
    affected_[rule] = true;
    curve_.dependent.push_back(rules.rules[rule].Id());
  }
  std::ranges::sort(curve_.direct);
  std::ranges::sort(curve_.dependent);
}

void TuneStudy::Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times) {
  const std::size_t number = curve_.logs++;
  const bool counts = labels != nullptr && !labels->held_out;
  if (labels != nullptr) ++(counts ? curve_.labelled : curve_.held_out);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    rules_.params[param_].value.number = values_[i];
    const Diagnosis diagnosis = Diagnose(log.model, rules_, times);
    Found& found = found_[i];
    for (const rules::Match& match : diagnosis.matches.matches) {
      if (!affected_[match.rule] || match.is_suppressed) continue;
      ++(rules_.rules[match.rule].layer == rules::Layer::Advice ? found.advices : found.findings);
      found.logs.insert(number);
      found.ids.insert(std::to_string(number) + "|" + rules::MatchId(rules_, log.model, diagnosis.matches, match));
    }
    if (counts) found.labelled.push_back({job, labels, DescribeDiagnosis(log.model, rules_, diagnosis, false)});
  }
  rules_.params[param_].value.number = in_force_;
}

TuneCurve TuneStudy::Finish() {
  const auto now = static_cast<std::size_t>(std::ranges::find(values_, in_force_) - values_.begin());
  const ValueForm form = rules::FormOf(rules_.params[param_].type);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Found& found = found_[i];
    TunePoint point;
    point.value = values_[i];
    point.text = TextOf(form, values_[i]);
    point.in_force = i == now;
    point.findings = found.findings;
    point.advices = found.advices;
    point.logs = found.logs.size();
    for (const std::string& id : found.ids) point.gained += found_[now].ids.contains(id) ? 0U : 1U;
    for (const std::string& id : found_[now].ids) point.lost += found.ids.contains(id) ? 0U : 1U;
    if (!found.labelled.empty()) {
      for (const RuleScore& score : ScoreLogs(found.labelled).rules) {
        const auto rule = rules_.Find(score.rule);
        if (!rule || !affected_[*rule]) continue;
        point.precision.Add(score.precision);
        point.recall.Add(score.recall);
      }
    }
    curve_.points.push_back(std::move(point));
  }
  // Widest by the ratio of its ends: thresholds are set by factors.
  const auto width = [&](std::size_t first, std::size_t last) {
    return values_[first] > 0 ? std::log(values_[last] / values_[first]) : values_[last] - values_[first];
  };
  for (std::size_t first = 0; first < values_.size();) {
    std::size_t last = first;
    while (last + 1 < values_.size() && found_[last + 1].ids == found_[first].ids) ++last;
    if (last > first && (!curve_.flat || width(first, last) > width(curve_.flat->first, curve_.flat->second)))
      curve_.flat = {first, last};
    first = last + 1;
  }
  return std::move(curve_);
}

}  // namespace advise::workbench
