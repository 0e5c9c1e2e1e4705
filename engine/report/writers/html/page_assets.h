// The style sheet and the script of the page, as they stand in page.css and page.js, and their SHA-256 in hexadecimal:
// page_assets.cpp is made of page_assets.cpp.in when CMake configures.
#pragma once

#include <string_view>

namespace advise::report {

extern const std::string_view kPageCss;
extern const std::string_view kPageCssSha256;
extern const std::string_view kPageJs;
extern const std::string_view kPageJsSha256;

}  // namespace advise::report
