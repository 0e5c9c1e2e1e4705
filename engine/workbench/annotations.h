// Annotations of GitHub: workflow commands, which a job prints and the page of a pull request shows at their lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace advise::workbench {

// `level` is "error", "warning" or "notice". One line with its end.
std::string Annotation(std::string_view level, std::string_view file, std::uint32_t line, std::string_view title,
                       std::string_view message);

}  // namespace advise::workbench
