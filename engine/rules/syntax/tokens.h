// The words of one source text, without spaces and comments, and where they stand. Inside rules/syntax only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/source.h"

namespace advise::rules::syntax {

struct Token {
  std::size_t kind = 0;     // generated::AdviseLexer's token type
  std::uint32_t begin = 0;  // bytes of TokenList::text
  std::uint32_t end = 0;
  std::size_t stream_index = 0;  // position in ANTLR's stream, which also counts spaces and comments
  bool first_on_line = false;
};

inline constexpr std::size_t kEndOfFile = static_cast<std::size_t>(-1);  // ANTLR's token type of it

// Always ends with the end-of-file token, so tokens[i] of a failed parse exists. Copies the text: a text that is not
// UTF-8 is repaired in the copy, byte for byte, and offsets stay what they were.
struct TokenList {
  std::string text;
  SourceId source = SourceId::None;
  // For a hole of a text: map[i] is the source offset of text[i], one entry more than text. Empty: offsets are the
  // same.
  std::vector<std::uint32_t> map;
  std::vector<Token> tokens;

  [[nodiscard]] std::size_t size() const { return tokens.size(); }
  [[nodiscard]] std::size_t kind(std::size_t i) const {
    return i < tokens.size() ? tokens[i].kind : tokens.back().kind;
  }
  [[nodiscard]] std::string_view word(std::size_t i) const ADVISE_LIFETIME_BOUND;
  // Whether token i starts where token i - 1 ends.
  [[nodiscard]] bool adjacent(std::size_t i) const {
    return i > 0 && i < size() && tokens[i].begin == tokens[i - 1].end;
  }
  [[nodiscard]] SourceSpan Span(std::uint32_t begin, std::uint32_t end) const;
  // From the first to the last token, both included.
  [[nodiscard]] SourceSpan Span(std::size_t first, std::size_t last) const;
};

// The token's spelling for a grammar keyword or mark, `->`; empty for classes such as names and strings.
std::string_view Spelling(std::size_t kind);
// All keywords of the language, in the order of the lexer.
std::vector<std::string_view> Keywords();

bool IsItemStart(std::size_t kind);    // param def symptom cause advice override suppress test
bool IsClauseStart(std::size_t kind);  // the first word of a clause of a rule
bool IsName(std::size_t kind);         // an ID, or a keyword that the grammar's `ident` allows
bool IsComparison(std::size_t kind);

// The token index, per item, at which brackets, prefix operators or `if`s nest deeper than `limit`: deeper input would
// overflow the stack of a recursive-descent parser. `item_starts` are the sorted indices where counting starts anew.
std::vector<std::size_t> FindTooDeep(const TokenList& tokens, const std::vector<std::size_t>& item_starts,
                                     std::size_t limit);

// Indices of tokens that begin an item, `use` or `pack` at the start of a line: the places where parsing resumes after
// a bad item. Doc comments belong to the item, so the index is the doc's.
std::vector<std::size_t> FindItemStarts(const TokenList& tokens);

}  // namespace advise::rules::syntax
