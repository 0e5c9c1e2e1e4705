// What differs between two versions of a pack, for a pull request and for machines.
#include <algorithm>
#include <set>
#include <string>

#include "support/json_stream.h"
#include "workbench/rules_diff.h"
#include "workbench/share_output.h"

namespace advise::workbench {
namespace {

// Changes of one rule that are listed; the others are counted.
constexpr std::size_t kListed = 3;

bool Same(const Share& a, const Share& b) { return a.hits == b.hits && a.of == b.of; }

std::string LogsText(std::size_t logs) { return std::to_string(logs) + (logs == 1 ? " log" : " logs"); }

std::string Line(const FindingChange& change) {
  const std::string what = change.id + " in " + change.log;
  switch (change.kind) {
    case FindingChange::Kind::Gained: return "+ " + what;
    case FindingChange::Kind::Lost: return "- " + what;
    case FindingChange::Kind::MoreSevere:
    case FindingChange::Kind::LessSevere:
      return "~ " + what + ": " + std::string(Word(change.after)) + ", was " + std::string(Word(change.before));
  }
  return what;
}

std::string_view KindText(FindingChange::Kind kind) {
  switch (kind) {
    case FindingChange::Kind::Gained: return "gained";
    case FindingChange::Kind::Lost: return "lost";
    case FindingChange::Kind::MoreSevere: return "more severe";
    case FindingChange::Kind::LessSevere: return "less severe";
  }
  return "";
}

}  // namespace

void WriteRulesDiffText(const RulesDiff& diff, bool all, std::ostream& out) {
  if (!diff.declared.empty()) out << "declared\n";
  for (const DeclaredChange& change : diff.declared)
    out << "  " << StepText(change.step) << ": " << change.text << '\n';
  for (const auto& [rule, drift] : diff.rules) {
    out << rule << ": " << drift.before << " -> " << drift.after << " (+" << drift.gained << " -" << drift.lost;
    if (drift.severity > 0) out << ", severity of " << drift.severity;
    out << ")";
    if (!Same(drift.score_before.precision, drift.score_after.precision))
      out << "; allowed by labels " << ShareText(drift.score_before.precision) << " -> "
          << ShareText(drift.score_after.precision);
    if (!Same(drift.score_before.recall, drift.score_after.recall))
      out << "; found of labels " << ShareText(drift.score_before.recall) << " -> "
          << ShareText(drift.score_after.recall);
    out << '\n';
    std::size_t listed = 0;
    std::size_t left = 0;
    for (const FindingChange& change : diff.changes) {
      if (change.rule != rule) continue;
      if (!all && listed == kListed) {
        ++left;
        continue;
      }
      ++listed;
      out << "  " << Line(change) << '\n';
    }
    if (left > 0) out << "  and " << left << " more (--all)\n";
  }
  std::size_t gained = 0;
  std::size_t lost = 0;
  std::size_t severity = 0;
  std::set<std::string> logs;
  for (const FindingChange& change : diff.changes) {
    logs.insert(change.log);
    if (change.kind == FindingChange::Kind::Gained) {
      ++gained;
    } else if (change.kind == FindingChange::Kind::Lost) {
      ++lost;
    } else {
      ++severity;
    }
  }
  if (!diff.declared.empty() || !diff.rules.empty()) out << '\n';
  out << "findings and advices: " << diff.before << " -> " << diff.after << ", +" << gained << " -" << lost
      << ", severity of " << severity << ", in " << logs.size() << " of " << LogsText(diff.logs) << '\n';
  if (diff.labelled > 0) {
    out << "labels of " << LogsText(diff.labelled);
    if (diff.held_out > 0) out << " (and " << diff.held_out << " held out: for `advise eval` alone)";
    out << ": allowed " << ShareText(diff.precision_before) << " -> " << ShareText(diff.precision_after) << ", found "
        << ShareText(diff.recall_before) << " -> " << ShareText(diff.recall_after) << '\n';
  }
  out << "version: " << StepText(diff.wanted) << (diff.why.empty() ? "" : " (" + diff.why + ")");
  if (!diff.version_before.empty() || !diff.version_after.empty()) {
    out << "; declared " << (diff.version_before.empty() ? "none" : diff.version_before) << " -> "
        << (diff.version_after.empty() ? "none" : diff.version_after);
    if (!diff.fits()) out << ", which is not enough";
  }
  out << '\n';
}

void WriteRulesDiffJson(const RulesDiff& diff, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.Count("logs", diff.logs);
    json.Count("labelled_logs", diff.labelled);
    json.Count("held_out_logs", diff.held_out);
    json.Count("before", diff.before);
    json.Count("after", diff.after);
    json.BeginArray("declared", JsonLayout::LinePerMember);
    for (const DeclaredChange& change : diff.declared) {
      json.BeginObject();
      json.String("step", StepText(change.step));
      json.String("text", change.text);
      json.EndObject();
    }
    json.EndArray();
    json.BeginArray("rules", JsonLayout::LinePerMember);
    for (const auto& [rule, drift] : diff.rules) {
      json.BeginObject();
      json.String("rule", rule);
      json.Count("before", drift.before);
      json.Count("after", drift.after);
      json.Count("gained", drift.gained);
      json.Count("lost", drift.lost);
      json.Count("severity_moves", drift.severity);
      WriteShare(json, "precision_before", drift.score_before.precision);
      WriteShare(json, "precision_after", drift.score_after.precision);
      WriteShare(json, "recall_before", drift.score_before.recall);
      WriteShare(json, "recall_after", drift.score_after.recall);
      json.EndObject();
    }
    json.EndArray();
    json.BeginArray("changes", JsonLayout::LinePerMember);
    for (const FindingChange& change : diff.changes) {
      json.BeginObject();
      json.String("kind", KindText(change.kind));
      json.String("log", change.log);
      json.String("rule", change.rule);
      json.String("id", change.id);
      json.Bool("advice", change.advice);
      json.String("severity_before", change.kind == FindingChange::Kind::Gained ? "" : Word(change.before));
      json.String("severity_after", change.kind == FindingChange::Kind::Lost ? "" : Word(change.after));
      json.EndObject();
    }
    json.EndArray();
    json.String("version_before", diff.version_before);
    json.String("version_after", diff.version_after);
    json.String("step_wanted", StepText(diff.wanted));
    json.String("step_declared", StepText(diff.stepped));
    json.StringOrNull("why", diff.why);
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
