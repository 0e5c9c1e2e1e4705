// White space and comments of source texts.
#include "workbench/source_words.h"

#include <algorithm>

#include "support/content_hash.h"
#include "support/fnv_hash.h"

namespace advise::workbench {

std::string OneLine(std::string_view text) {
  std::string line;
  bool quoted = false;
  bool comment = false;
  int depth = 0;
  int open = 0;  // brackets that were opened before the text
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && !comment && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (c == '#' && !quoted) comment = true;
    if (c == '\n') comment = false;
    if (!quoted && !comment && (c == '(' || c == ')')) depth += c == '(' ? 1 : -1;
    open = std::max(open, -depth);
    const bool space = comment || c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  // The span of a condition in brackets begins behind them.
  line.insert(0, static_cast<std::size_t>(open), '(');
  return line;
}

std::string FingerprintOf(std::string_view text) { return HexText(ContentHash(OneLine(text))); }

}  // namespace advise::workbench
