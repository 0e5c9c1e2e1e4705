// Declarations are compared by name, findings by rule and subject.
#include "workbench/rules_diff.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "support/quoted.h"
#include "support/text.h"
#include "workbench/find_in_log.h"

namespace advise::workbench {
namespace {

using rules::BoundRule;

// Of the findings before: more that come or go are other findings than the users of the pack know.
constexpr double kOtherFindings = 0.05;

// The pack of a version: the one that was read from its path.
const rules::PackInfo* PackOf(const RulesVersion& version) {
  const auto pack = std::ranges::find(version.book->rules.packs, version.path, &rules::PackInfo::path);
  return pack == version.book->rules.packs.end() ? nullptr : &*pack;
}

// A qualified name without the pack of the version, which a file without declaration has from its own name.
std::string WithoutPack(const std::string& name, const RulesVersion& version) {
  const rules::PackInfo* pack = PackOf(version);
  if (pack != nullptr && name.starts_with(pack->name + ".")) return name.substr(pack->name.size() + 1);
  return name;
}

std::string HeadText(const BoundRule& rule) {
  return rule.name + "(" +
         Join(rule.head, ", ", [&](rules::SlotIndex slot) { return rules::TypeText(rule.slots[slot].type); }) + ")";
}

struct Told {
  std::string rule;
  bool advice = false;
  rules::Severity severity = rules::Severity::Info;
};

// Findings and chosen advices by their id without the pack.
std::map<std::string, Told> WhatIsTold(const Diagnosis& diagnosis, const RulesVersion& version) {
  std::map<std::string, Told> told;
  for (const diagnose::Finding& finding : diagnosis.findings)
    told[WithoutPack(finding.id, version)] = {WithoutPack(finding.rule, version), false, finding.severity};
  for (const recommend::Recommendation& advice : diagnosis.recommendations) {
    if (advice.chosen) told[WithoutPack(advice.id, version)] = {WithoutPack(advice.rule, version), true, {}};
  }
  return told;
}

// "v1.2.3" → 1, 2, 3. What is not there is 0.
std::vector<int> Parts(std::string_view version) {
  std::vector<int> parts;
  if (version.starts_with('v')) version.remove_prefix(1);
  while (!version.empty()) {
    int part = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), part);
    if (error != std::errc()) break;
    parts.push_back(part);
    version.remove_prefix(static_cast<std::size_t>(end - version.data()));
    if (version.starts_with('.')) version.remove_prefix(1);
  }
  parts.resize(3);
  return parts;
}

VersionStep StepBetween(const std::string& before, const std::string& after) {
  const std::vector<int> a = Parts(before);
  const std::vector<int> b = Parts(after);
  if (b <= a) return VersionStep::None;
  // Before v1.0 nothing is promised but by the second number.
  if (a[0] != b[0] || (a[0] == 0 && a[1] != b[1])) return VersionStep::Major;
  return a[1] != b[1] ? VersionStep::Minor : VersionStep::Patch;
}

// ---------------------------------------------------------------- what is declared
class Declarations {
 public:
  Declarations(const RulesVersion& before, const RulesVersion& after) : before_(before), after_(after) {}

  std::vector<DeclaredChange> Compare() {
    Rules();
    Params();
    if (changes_.empty() && !SameText())
      changes_.push_back({VersionStep::Patch, "texts, conditions or tests are written otherwise"});
    return std::move(changes_);
  }

 private:
  [[nodiscard]] static std::map<std::string, const BoundRule*> RulesOf(const RulesVersion& version) {
    std::map<std::string, const BoundRule*> rules;
    const rules::PackInfo* pack = PackOf(version);
    for (const BoundRule& rule : version.book->rules.rules) {
      if (pack != nullptr && rule.pack == pack->name) rules[rule.name] = &rule;
    }
    return rules;
  }
  [[nodiscard]] static std::map<std::string, const rules::BoundParam*> ParamsOf(const RulesVersion& version) {
    std::map<std::string, const rules::BoundParam*> params;
    const rules::PackInfo* pack = PackOf(version);
    for (const rules::BoundParam& param : version.book->rules.params) {
      if (pack != nullptr && param.pack == pack->name) params[param.name] = &param;
    }
    return params;
  }

  void Rules() {
    const auto before = RulesOf(before_);
    const auto after = RulesOf(after_);
    for (const auto& [name, rule] : before) {
      const auto now = after.find(name);
      if (now == after.end()) {
        changes_.push_back({VersionStep::Major, std::string(Word(rule->layer)) + " " + Quoted(name) + " is gone"});
      } else if (HeadText(*rule) != HeadText(*now->second)) {
        changes_.push_back({VersionStep::Major, Quoted(HeadText(*now->second)) + " was " + Quoted(HeadText(*rule))});
      } else if (rule->layer != now->second->layer) {
        changes_.push_back({VersionStep::Major, Quoted(name) + " is a " + std::string(Word(now->second->layer)) +
                                                    ", was a " + std::string(Word(rule->layer))});
      }
    }
    for (const auto& [name, rule] : after) {
      if (!before.contains(name))
        changes_.push_back({VersionStep::Minor, std::string(Word(rule->layer)) + " " + Quoted(name) + " is new"});
    }
  }

  static std::string ValueText(const rules::BoundParam& param) {
    const rules::BoundExpr& value = param.value;
    if (!value.type.IsNumber()) return value.text.empty() ? (value.number != 0 ? "true" : "false") : value.text;
    return PrintValue({rules::FormOf(param.type), value.number}).value_or("");
  }

  void Params() {
    const auto before = ParamsOf(before_);
    const auto after = ParamsOf(after_);
    for (const auto& [name, param] : before) {
      const auto now = after.find(name);
      if (now == after.end()) {
        changes_.push_back({VersionStep::Major, "parameter " + Quoted(name) + " is gone"});
        continue;
      }
      const rules::BoundParam& other = *now->second;
      if (rules::TypeText(param->type) != rules::TypeText(other.type)) {
        changes_.push_back({VersionStep::Major, "parameter " + Quoted(name) + " is a " + rules::TypeText(other.type) +
                                                    ", was a " + rules::TypeText(param->type)});
      } else if (param->value.number != other.value.number || param->value.text != other.value.text) {
        changes_.push_back(
            {VersionStep::Minor, Quoted(name) + " is " + ValueText(other) + ", was " + ValueText(*param)});
      }
      if (param->range && other.range &&
          (other.range->first > param->range->first || other.range->second < param->range->second)) {
        changes_.push_back(
            {VersionStep::Major, Quoted(name) + " allows " + other.range_text + ", allowed " + param->range_text});
      }
    }
    for (const auto& [name, param] : after) {
      if (!before.contains(name)) changes_.push_back({VersionStep::Minor, "parameter " + Quoted(name) + " is new"});
    }
  }

  [[nodiscard]] static std::string TextOf(const RulesVersion& version) {
    std::string text;
    for (std::uint32_t i = 0; i < version.sources->size(); ++i) {
      const auto id = static_cast<SourceId>(i);
      if (version.sources->name(id).starts_with(version.path)) text += std::string(version.sources->text(id)) + "\n";
    }
    return text;
  }
  [[nodiscard]] bool SameText() const { return TextOf(before_) == TextOf(after_); }

  const RulesVersion& before_;
  const RulesVersion& after_;
  std::vector<DeclaredChange> changes_;
};

}  // namespace

std::string_view StepText(VersionStep step) {
  switch (step) {
    case VersionStep::None: return "none";
    case VersionStep::Patch: return "patch";
    case VersionStep::Minor: return "minor";
    case VersionStep::Major: return "major";
  }
  return "";
}

RulesDiffStudy::RulesDiffStudy(RulesVersion before, RulesVersion after)
    : before_(std::move(before)), after_(std::move(after)) {
  diff_.declared = Declarations(before_, after_).Compare();
  if (const rules::PackInfo* pack = PackOf(before_)) diff_.version_before = pack->version;
  if (const rules::PackInfo* pack = PackOf(after_)) diff_.version_after = pack->version;
}

void RulesDiffStudy::Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times) {
  ++diff_.logs;
  Diagnosis old_diagnosis = Diagnose(log.model, before_.book->rules, times);
  Diagnosis new_diagnosis = Diagnose(log.model, after_.book->rules, times);
  for (Diagnosis* const diagnosis : {&old_diagnosis, &new_diagnosis}) Plan(log.model, *diagnosis, {}, times);
  const std::map<std::string, Told> before = WhatIsTold(old_diagnosis, before_);
  const std::map<std::string, Told> after = WhatIsTold(new_diagnosis, after_);
  diff_.before += before.size();
  diff_.after += after.size();
  for (const auto& [id, told] : before) {
    RuleDrift& drift = diff_.rules[told.rule];
    ++drift.before;
    const auto now = after.find(id);
    if (now == after.end()) {
      ++drift.lost;
      diff_.changes.push_back(
          {FindingChange::Kind::Lost, log.info.path, told.rule, id, told.advice, told.severity, {}});
    } else if (now->second.severity != told.severity) {
      ++drift.severity;
      const bool more = now->second.severity > told.severity;
      diff_.changes.push_back({more ? FindingChange::Kind::MoreSevere : FindingChange::Kind::LessSevere, log.info.path,
                               told.rule, id, false, told.severity, now->second.severity});
    }
  }
  for (const auto& [id, told] : after) {
    RuleDrift& drift = diff_.rules[told.rule];
    ++drift.after;
    if (before.contains(id)) continue;
    ++drift.gained;
    diff_.changes.push_back(
        {FindingChange::Kind::Gained, log.info.path, told.rule, id, told.advice, {}, told.severity});
  }
  if (labels == nullptr) return;
  if (labels->held_out) {
    ++diff_.held_out;
    return;
  }
  ++diff_.labelled;
  labelled_before_.push_back({job, labels, DescribeDiagnosis(log.model, before_.book->rules, old_diagnosis, false)});
  labelled_after_.push_back({job, labels, DescribeDiagnosis(log.model, after_.book->rules, new_diagnosis, false)});
}

RulesDiff RulesDiffStudy::Finish() {
  for (const auto& [logs, version, late] :
       {std::tuple(&labelled_before_, &before_, false), std::tuple(&labelled_after_, &after_, true)}) {
    if (logs->empty()) continue;
    for (const RuleScore& score : ScoreLogs(*logs).rules) {
      RuleDrift& drift = diff_.rules[WithoutPack(score.rule, *version)];
      (late ? drift.score_after : drift.score_before) = score;
      (late ? diff_.precision_after : diff_.precision_before).Add(score.precision);
      (late ? diff_.recall_after : diff_.recall_before).Add(score.recall);
    }
  }
  const auto same = [](const Share& a, const Share& b) { return a.hits == b.hits && a.of == b.of; };
  std::erase_if(diff_.rules, [&](const auto& entry) {
    const RuleDrift& drift = entry.second;
    return drift.gained + drift.lost + drift.severity == 0 &&
           same(drift.score_before.precision, drift.score_after.precision) &&
           same(drift.score_before.recall, drift.score_after.recall);
  });
  const auto want = [&](VersionStep step, const std::string& why) {
    if (step <= diff_.wanted) return;
    diff_.wanted = step;
    diff_.why = why;
  };
  for (const DeclaredChange& change : diff_.declared) want(change.step, change.text);
  const std::size_t moved = diff_.changes.size();
  if (static_cast<double>(moved) > kOtherFindings * static_cast<double>(diff_.before))
    want(VersionStep::Minor,
         std::to_string(moved) + " of " + std::to_string(diff_.before) + " findings and advices differ");
  if (moved > 0) want(VersionStep::Patch, "some findings differ");
  diff_.stepped = StepBetween(diff_.version_before, diff_.version_after);
  return std::move(diff_);
}

}  // namespace advise::workbench
