// Order and neighbours of attempts.
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

}  // namespace

bool IsEarlier(const std::string& a, const std::string& b) {
  const std::optional<long> x = Number(a);
  const std::optional<long> y = Number(b);
  return x && y ? *x < *y : a < b;
}

bool SameApplication(const AttemptOf& a, const AttemptOf& b) {
  return a.path == b.path && a.app && b.app && *a.app == *b.app && a.attempt && b.attempt;
}

std::string OtherAttempts(const std::vector<AttemptOf>& group, const std::string& attempt) {
  std::vector<std::string> others;
  for (const AttemptOf& one : group) {
    if (one.attempt && *one.attempt != attempt && std::ranges::find(others, *one.attempt) == others.end())
      others.push_back(*one.attempt);
  }
  std::ranges::sort(others, IsEarlier);
  return Join(others, ", ");
}

}  // namespace advise::cli
