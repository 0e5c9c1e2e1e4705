// Texts for HTML: the one place where names of the log are escaped, and small pieces of markup.
#pragma once

#include <string>
#include <string_view>

#include "report/inline_text.h"

namespace advise::report {

// Printable (support/clean_text.h) on one line, with `& < > " '` as entities: for text and for quoted attributes.
std::string EscapeHtml(std::string_view text);
// `code` and **bold** as elements.
std::string InlineHtml(const InlineText& text);
// "WHAT TO DO" is "What to do": headings of the text report are in capitals because it has no sizes.
std::string SentenceCase(std::string_view text);
// "WHAT TO DO" is "what-to-do": for ids and links.
std::string Slug(std::string_view text);
// The source hash of a content security policy, out of the hexadecimal SHA-256 of what it allows.
std::string PolicyHash(std::string_view sha256_hex);

}  // namespace advise::report
