// The words of a text that is being typed. The parser leaves out a rule that does not parse; an editor asks most about
// just that one, so what it needs to know is read off the words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace advise::lsp {

enum class WordKind : std::uint8_t { Name, Number, Text, Mark, Comment };
struct Word {
  WordKind kind = WordKind::Mark;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool first_on_line = false;
  bool closed = true;  // of a Text: its quote is there
};

// Marks of two characters that belong together (`->`, `>=`, `..`) are one word. `offset` is added to all places: for
// the holes of texts.
std::vector<Word> Scan(std::string_view text, std::size_t offset = 0);

}  // namespace advise::lsp
