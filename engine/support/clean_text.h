// Texts from a log (names, SQL, failure messages) made safe and short enough to print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace advise {

// Valid UTF-8 on one line: broken bytes become U+FFFD, control characters and line ends a space, invisible and
// direction-changing characters vanish, runs of spaces become one. Nothing that a terminal could obey is left.
std::string CleanText(std::string_view text);

// The same for a text of many lines, or of columns: line ends stay if asked for, and runs of spaces.
enum class LineEnds : std::uint8_t { Keep, Replace };
std::string PrintableText(std::string_view text, LineEnds line_ends);

// At most `columns` code points, cut in the middle with "…".
std::string Shorten(std::string_view text, std::size_t columns);

// CleanText and Shorten.
std::string CleanText(std::string_view text, std::size_t columns);

// A call site of Spark without the folders of a Python file: "collect at /opt/jobs/etl.py:27" is "collect at
// etl.py:27", as Scala's and Java's are by themselves. Another text stays as it is.
std::string ShortCallSite(std::string_view text);

// What may be printed of a code point: itself, a space for control characters, 0 for what must vanish (invisible
// marks).
char32_t Printable(char32_t code_point);

// U+FFFD, which stands for broken bytes; also as UTF-8.
inline constexpr char32_t kReplacement = 0xFFFD;
inline constexpr std::string_view kReplacementText = "\xEF\xBF\xBD";

// One code point at `pos`, which is moved behind it; U+FFFD for broken bytes.
char32_t NextCodePoint(std::string_view text, std::size_t& pos);
void AppendUtf8(std::string& text, char32_t code_point);

}  // namespace advise
