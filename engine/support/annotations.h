// Annotations of GitHub: workflow commands, which a job prints and the page of a pull request shows at their lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace advise {

// 1-based; 0: not stated.
struct AnnotatedPlace {
  std::string_view file{};  // empty: no place
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_column = 0;
};

// `level` is "error", "warning" or "notice". One line with its end.
std::string Annotation(std::string_view level, const AnnotatedPlace& place, std::string_view title,
                       std::string_view message);

}  // namespace advise
