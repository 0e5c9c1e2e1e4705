// Puts a recommendation into lines to paste: settings by scope with the old value as a comment, code and queries as the
// rule wrote them.
#include "report/actions.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "report/plan_part.h"
#include "report/words.h"
#include "support/clean_text.h"

namespace advise::report {
namespace {

using recommend::ChangeKind;
using recommend::Scope;

std::string PythonString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// Where the old value stands, unless it is the application's.
std::string_view Whence(spark::ValueOrigin origin) {
  if (origin == spark::ValueOrigin::Default) return ", the default";
  return origin == spark::ValueOrigin::Session ? ", set by the program" : "";
}

CodeLine SettingLine(const recommend::Change& change) {
  CodeLine line;
  if (change.from) line.note = "was " + CleanText(change.from->text, 40) + std::string(Whence(change.origin));
  if (change.scope == Scope::Session) {
    std::string note = std::move(line.note);
    line = SessionLine(change.key, change.to.text);
    line.note = std::move(note);
  } else {
    line.code = "--conf " + change.key + "=" + change.to.text;
    line.broken = {"--conf \\", change.key + "=" + change.to.text};
  }
  return line;
}

void AddText(std::vector<CodeLine>& code, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t comment = line.find("  # ");
    if (comment == std::string_view::npos || comment == 0) {
      code.push_back({std::string(line), "", {}});
    } else {
      std::string_view before = line.substr(0, comment);
      while (before.ends_with(' ')) before.remove_suffix(1);
      code.push_back({std::string(before), std::string(line.substr(comment + 4)), {}});
    }
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

// Settings of one scope stand together, below a comment where there are several scopes; texts to paste follow.
std::vector<CodeLine> CodeOf(const recommend::Recommendation& recommendation) {
  const auto of_scope = [](Scope scope) {
    return
        [scope](const recommend::Change& change) { return change.kind == ChangeKind::Conf && change.scope == scope; };
  };
  constexpr std::array kScopes = {Scope::Session, Scope::Submit, Scope::Cluster};
  const auto scopes = std::ranges::count_if(
      kScopes, [&](Scope scope) { return std::ranges::any_of(recommendation.changes, of_scope(scope)); });
  std::vector<CodeLine> code;
  for (const Scope scope : kScopes) {
    bool first = scopes > 1;
    for (const recommend::Change& change : recommendation.changes) {
      if (!of_scope(scope)(change)) continue;
      if (std::exchange(first, false))
        code.push_back(
            {"# " + std::string(Word(scope)) + (scope == Scope::Session ? ", in the program" : ", with spark-submit"),
             "",
             {}});
      code.push_back(SettingLine(change));
    }
  }
  for (const recommend::Change& change : recommendation.changes) {
    if (change.kind == ChangeKind::Code || change.kind == ChangeKind::Query) AddText(code, change.to.text);
  }
  return code;
}

std::string TagsOf(const recommend::Recommendation& recommendation) {
  std::vector<std::string> tags;
  const auto add = [&tags](std::string tag) {
    if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  };
  for (const recommend::Change& change : recommendation.changes) {
    add(std::string(Word(change.kind)));
    add(std::string(Word(change.scope)));
  }
  const auto grade = [&](std::string_view of, recommend::Grade value) {
    if (value != recommend::Grade::Unstated) add(std::string(of) + " " + std::string(Word(value)));
  };
  grade("effort", recommendation.effort);
  grade("risk", recommendation.risk);
  return Joined(tags, ", ");
}

// The rule's title, or the fix up to its colon ("Switch it on: it splits …") or full stop; the rest stands below.
void TakeFix(Action& action, const recommend::Recommendation& recommendation) {
  const std::string& fix = recommendation.fix;
  if (!recommendation.title.empty()) {
    action.title = WithoutStop(recommendation.title);
    if (!fix.empty()) action.remarks.push_back(fix);
    return;
  }
  constexpr std::size_t kTitle = 78;
  const std::size_t cut = std::min(fix.find(": "), fix.find(". "));
  if (cut > kTitle) {
    action.title = WithoutStop(fix);
    return;
  }
  action.title = fix.substr(0, cut);
  action.remarks.push_back(UpperFirst(fix.substr(cut + 2)));
}

bool AllLike(const Report& report, const recommend::Recommendation& recommendation) {
  return std::ranges::all_of(recommendation.for_findings,
                             [&](std::size_t finding) { return report.findings[finding].like; });
}

}  // namespace

CodeLine SessionLine(const std::string& key, const std::string& value) {
  const std::string name = PythonString(key);
  const std::string quoted = PythonString(value);
  return {"spark.conf.set(" + name + ", " + quoted + ")",
          "",
          {"spark.conf.set(", "    " + name + ",", "    " + quoted + ")"}};
}

std::vector<Action> MakeActions(const Report& report, const std::vector<explain::Narration>& narrations) {
  std::vector<Action> actions;
  std::set<std::pair<int, std::string_view>> told;
  for (const recommend::Recommendation& recommendation : report.recommendations) {
    std::vector<int> numbers;
    for (const std::size_t finding : recommendation.for_findings) {
      if (report.findings[finding].shown) numbers.push_back(report.findings[finding].number);
    }
    if (numbers.empty() || !recommendation.chosen) continue;
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    // One place of a finding stands for its others: what is said for the first is not said again.
    if (!told.emplace(numbers.front(), recommendation.rule).second && AllLike(report, recommendation)) continue;
    Action action;
    action.number = numbers.front();
    TakeFix(action, recommendation);
    action.tags = TagsOf(recommendation);
    action.saving = SayingOf(recommendation, report);
    const auto it = std::ranges::find(narrations, recommendation.id, &explain::Narration::id);
    if (it != narrations.end()) {
      const explain::Section* how = it->Find(report.level, explain::Heading::WhatToDo);
      if (how != nullptr) action.remarks.push_back(how->text);
    }
    action.code = CodeOf(recommendation);
    action.also_for.assign(numbers.begin() + 1, numbers.end());
    for (const int other : action.also_for) {
      action.title += (other == action.also_for.front() ? " (also for " : ", ") + std::to_string(other);
    }
    if (!action.also_for.empty()) action.title += ")";
    action.recommendation = recommendation.id;
    actions.push_back(std::move(action));
  }
  std::ranges::stable_sort(actions, {}, &Action::number);
  for (std::size_t i = 0; i < actions.size(); ++i)
    actions[i].first = i == 0 || actions[i - 1].number != actions[i].number;
  return actions;
}

}  // namespace advise::report
