// A scanner that cannot fail.
#include "lsp/scan.h"

#include <algorithm>

#include "support/text.h"

namespace advise::lsp {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::size_t EndOfText(std::string_view text, std::size_t at, bool& closed) {
  if (text.substr(at).starts_with("\"\"\"")) {
    const std::size_t end = text.find("\"\"\"", at + 3);
    closed = end != std::string_view::npos;
    return closed ? end + 3 : text.size();
  }
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      closed = true;
      return i + 1;
    }
  }
  closed = false;
  return std::min(text.find('\n', at), text.size());
}

}  // namespace

std::vector<Word> Scan(std::string_view text, std::size_t offset) {
  std::vector<Word> words;
  bool first = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n') first = true;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
      continue;
    }
    Word word{WordKind::Mark, at, at + 1, first, true};
    first = false;
    if (c == '#') {
      word.kind = WordKind::Comment;
      word.end = std::min(text.find('\n', at), text.size());
    } else if (c == '"') {
      word.kind = WordKind::Text;
      word.end = EndOfText(text, at, word.closed);
    } else if (IsLetter(c)) {
      word.kind = WordKind::Name;
      while (word.end < text.size() && (IsLetter(text[word.end]) || IsDigit(text[word.end]))) ++word.end;
    } else if (IsDigit(c)) {
      word.kind = WordKind::Number;
      const auto part = [&](std::size_t i) {
        return IsLetter(text[i]) || IsDigit(text[i]) || text[i] == '%' ||
               (text[i] == '.' && i + 1 < text.size() && IsDigit(text[i + 1]));
      };
      while (word.end < text.size() && part(word.end)) ++word.end;
    } else {
      constexpr std::string_view kPairs[] = {"->", "<-", "<=", ">=", "!=", "=>", "..", "??"};
      const std::string_view pair = text.substr(at, 2);
      if (std::ranges::find(kPairs, pair) != std::end(kPairs)) word.end = at + 2;
    }
    at = word.end;
    word.begin += offset;
    word.end += offset;
    words.push_back(word);
  }
  return words;
}

}  // namespace advise::lsp
