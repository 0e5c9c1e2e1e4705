// The page of `advise serve`, as its files stand in page/.
#pragma once

#include <string_view>

namespace advise::serve {

extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageJs;

}  // namespace advise::serve
