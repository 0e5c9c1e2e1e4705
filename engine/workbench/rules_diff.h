// Two versions of a pack, held against each other on benchmark logs: what they find differently, and which step of a
// semantic version that is. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "advise.h"
#include "workbench/labels.h"
#include "workbench/score.h"

namespace advise::workbench {

// What a change asks of the version: nothing but a patch; something new, or other findings; what others rest on is
// gone.
enum class VersionStep : std::uint8_t { None, Patch, Minor, Major };
std::string_view StepText(VersionStep step);

// A difference in what the packs declare.
struct DeclaredChange {
  VersionStep step = VersionStep::Patch;
  std::string text;  // "rule `small_files` is gone", "`skew_ratio` is 6, was 5"
};

struct FindingChange {
  enum class Kind : std::uint8_t { Gained, Lost, MoreSevere, LessSevere };
  Kind kind = Kind::Gained;
  std::string log;
  std::string rule;  // without the pack of the versions
  std::string id;
  bool advice = false;
  rules::Severity before = rules::Severity::Info;
  rules::Severity after = rules::Severity::Info;
};
struct RuleDrift {
  std::size_t before = 0;  // findings
  std::size_t after = 0;
  std::size_t gained = 0;
  std::size_t lost = 0;
  std::size_t severity = 0;  // moves
  RuleScore score_before;
  RuleScore score_after;
};

struct RulesDiff {
  std::size_t logs = 0;
  std::size_t labelled = 0;
  std::size_t held_out = 0;
  std::vector<DeclaredChange> declared;
  std::vector<FindingChange> changes;      // by log, then rule
  std::map<std::string, RuleDrift> rules;  // those with a change, or with another score
  std::size_t before = 0;                  // findings and advices in all
  std::size_t after = 0;
  std::string version_before;  // as declared; may be empty
  std::string version_after;
  VersionStep wanted = VersionStep::None;
  VersionStep stepped = VersionStep::None;  // between the declared versions
  std::string why;                          // the first reason for `wanted`
  Share precision_before;
  Share precision_after;
  Share recall_before;
  Share recall_after;
  // The version is stepped as far as the changes ask.
  [[nodiscard]] bool fits() const { return stepped >= wanted; }
};

// One of the versions: the path as it was given, with what was compiled.
struct RulesVersion {
  const Rulebook* book = nullptr;
  const SourceManager* sources = nullptr;
  std::string path;
};

class RulesDiffStudy {
 public:
  // Both outlive it.
  RulesDiffStudy(RulesVersion before, RulesVersion after);
  void Add(const RunLog& log, const std::string& job, const LogLabels* labels, PhaseTimes& times);
  RulesDiff Finish();

 private:
  RulesVersion before_;
  RulesVersion after_;
  RulesDiff diff_;
  std::vector<LabelledLog> labelled_before_;
  std::vector<LabelledLog> labelled_after_;
};

// `all`: every change of a finding, not only the first of each rule.
void WriteRulesDiffText(const RulesDiff& diff, bool all, std::ostream& out);
void WriteRulesDiffJson(const RulesDiff& diff, std::ostream& out);

}  // namespace advise::workbench
