// Names of the user's text inside messages: `name`.
#pragma once

#include <string>
#include <string_view>

namespace advise {

inline std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace advise
