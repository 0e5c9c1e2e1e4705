// Puts a recommendation into lines to paste: settings by scope with the old value as a comment, code and queries as the
// rule wrote them.
#include "report/actions.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "report/words.h"
#include "support/clean_text.h"

namespace advise::report {
namespace {

std::string PythonString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

CodeLine SettingLine(const recommend::Change& change) {
  CodeLine line;
  if (change.from) line.note = "was " + CleanText(*change.from, 40) + (change.from_is_default ? ", the default" : "");
  if (change.scope == "session") {
    const std::string key = PythonString(change.key);
    const std::string value = PythonString(change.to);
    line.code = "spark.conf.set(" + key + ", " + value + ")";
    line.broken = {"spark.conf.set(", "    " + key + ",", "    " + value + ")"};
  } else {
    line.code = "--conf " + change.key + "=" + change.to;
    line.broken = {"--conf \\", change.key + "=" + change.to};
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
  const auto of_scope = [](std::string_view scope) {
    return [scope](const recommend::Change& change) { return change.kind == "conf" && change.scope == scope; };
  };
  constexpr std::array<std::string_view, 3> kScopes = {"session", "submit", "cluster"};
  const auto scopes = std::ranges::count_if(
      kScopes, [&](std::string_view scope) { return std::ranges::any_of(recommendation.changes, of_scope(scope)); });
  std::vector<CodeLine> code;
  for (const std::string_view scope : kScopes) {
    bool first = scopes > 1;
    for (const recommend::Change& change : recommendation.changes) {
      if (!of_scope(scope)(change)) continue;
      if (std::exchange(first, false))
        code.push_back(
            {"# " + std::string(scope) + (scope == "session" ? ", in the program" : ", with spark-submit"), "", {}});
      code.push_back(SettingLine(change));
    }
  }
  for (const recommend::Change& change : recommendation.changes) {
    if (change.kind == "code" || change.kind == "query") AddText(code, change.to);
  }
  return code;
}

std::string TagsOf(const recommend::Recommendation& recommendation) {
  std::vector<std::string> tags;
  const auto add = [&tags](std::string tag) {
    if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  };
  for (const recommend::Change& change : recommendation.changes) {
    add(change.kind);
    add(change.scope.value_or(""));
  }
  if (!recommendation.effort.empty()) add("effort " + recommendation.effort);
  if (!recommendation.risk.empty()) add("risk " + recommendation.risk);
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

}  // namespace

std::vector<Action> MakeActions(const Report& report, const std::vector<explain::Narration>& narrations) {
  std::map<std::string, int, std::less<>> shown_numbers;  // by finding id
  for (const ShownFinding& shown : report.findings) {
    if (shown.shown) shown_numbers.emplace(shown.finding.id, shown.number);
  }
  std::vector<Action> actions;
  for (const recommend::Recommendation& recommendation : report.recommendations) {
    std::vector<int> numbers;
    for (const std::string& id : recommendation.for_findings) {
      if (const auto it = shown_numbers.find(id); it != shown_numbers.end()) numbers.push_back(it->second);
    }
    if (numbers.empty() || !recommendation.chosen) continue;
    std::ranges::sort(numbers);
    Action action;
    action.number = numbers.front();
    TakeFix(action, recommendation);
    action.tags = TagsOf(recommendation);
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
