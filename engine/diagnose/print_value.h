// A value of a rule as text, by the rules of form (support/format.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/match.h"

namespace advise::diagnose {

// nullopt: the value is missing.
std::optional<std::string> PrintValue(const rules::TypedValue& value);

// A title, message or fix with its values. A missing value is "unknown".
std::string PrintText(const std::vector<rules::TextSegment>& text);

// The same, or nullopt if a value is missing: without evidence there is no sentence.
std::optional<std::string> PrintWholeText(const std::vector<rules::TextSegment>& text);

}  // namespace advise::diagnose
