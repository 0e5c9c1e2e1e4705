// The page as text of a fixed width, for terminals and files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/page.h"

namespace advise::report {

struct TextOptions {
  std::size_t width = 100;  // used between 44 and 120; below 60 without the time strip, tables as `name: value`
  bool utf8 = true;
  bool colour = false;
};

// Ends with a line end. No line is wider than the width, except code that cannot be broken legally.
std::string WriteText(const Page& page, const TextOptions& options);

// Report::one_line in the charset of the terminal, without line end.
std::string WriteOneLine(std::string_view line, const TextOptions& options);

}  // namespace advise::report
