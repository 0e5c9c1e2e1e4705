// What the references of rules and of the language have in common. Private to workbench/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace advise::workbench {

// The values of a field that has one text, or none if it is empty.
std::vector<std::string> OneValue(std::string text);

// The error for a name that nothing has: with the nearest of those that are known, else with the command that lists
// them.
tl::unexpected<Error> NoSuchName(std::string_view what, std::string_view name, const std::vector<std::string>& known,
                                 std::string_view command);

}  // namespace advise::workbench
