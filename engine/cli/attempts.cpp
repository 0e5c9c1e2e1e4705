// Chooses among attempts of one application: the last by number, or the one that was asked for.
#include "cli/attempts.h"

#include <algorithm>
#include <charconv>

#include "support/text.h"

namespace advise::cli {
namespace {

std::optional<long> Number(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Numbers by value ("10" after "9"), other ids as texts.
bool IsBefore(const std::string& a, const std::string& b) {
  const std::optional<long> x = Number(a);
  const std::optional<long> y = Number(b);
  return x && y ? *x < *y : a < b;
}

bool SameApplication(const AttemptOf& a, const AttemptOf& b) {
  return a.path == b.path && a.app && b.app && *a.app == *b.app && a.attempt && b.attempt && *a.attempt != *b.attempt;
}

}  // namespace

ChosenAttempts ChooseAttempts(const std::vector<AttemptOf>& logs, const std::optional<std::string>& wanted) {
  ChosenAttempts result;
  for (const AttemptOf& log : logs) {
    bool chosen = wanted ? log.attempt == wanted : true;
    std::vector<std::string> others;
    for (const AttemptOf& other : logs) {
      if (!SameApplication(log, other)) continue;
      if (std::ranges::find(others, *other.attempt) == others.end()) others.push_back(*other.attempt);
      if (!wanted && IsBefore(*log.attempt, *other.attempt)) chosen = false;
    }
    std::ranges::sort(others, IsBefore);
    result.chosen.push_back(chosen);
    result.others.push_back(Join(others, ", "));
  }
  return result;
}

}  // namespace advise::cli
