// The version of advise and of its JSON outputs.
#pragma once

#include <string_view>

namespace advise {

inline constexpr std::string_view kVersion = "0.1.0";  // as in the top CMakeLists.txt
inline constexpr int kJsonSchema = 1;                  // grows when a member changes its meaning or goes away

}  // namespace advise
