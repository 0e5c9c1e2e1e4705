// The page as Markdown (GitHub's kind) for tickets and pull requests. Texts of the log are escaped: none of them
// becomes markup, a link, a mention or HTML. UTF-8, without control characters.
#pragma once

#include <string>
#include <string_view>

#include "report/page.h"

namespace advise::report {

// Ends with a line end.
std::string WriteMarkdown(const Page& page);

// Plain text: "5 * 3 < 20 | a_b" is "5 \* 3 \< 20 \| a_b"; words that a forge would link by itself (mentions, issues,
// addresses) become code. `at_line_start`: nothing stands before it.
std::string EscapeMarkdown(std::string_view text, bool at_line_start = true);
// `code` in as many backticks as it needs.
std::string CodeSpan(std::string_view code);

}  // namespace advise::report
