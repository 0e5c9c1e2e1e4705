// Words of the vocabulary by their kind, and where items start.
#include "rules/syntax/tokens.h"

#include <algorithm>
#include <array>

#include "rules/syntax/session.h"

namespace advise::rules::syntax {
namespace {

using K = generated::AdviseLexer;

// Spellings of PACK … X and LE … QUESTION; filled once from the generated vocabulary, which writes them as 'pack'.
const std::vector<std::string>& Spellings() {
  static const std::vector<std::string> spellings = [] {
    std::vector<std::string> all;
    K lexer(nullptr);
    for (std::size_t kind = 0; kind <= K::ERROR_CHAR; ++kind) {
      std::string quoted = lexer.getVocabulary().getLiteralName(kind);
      all.push_back(quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : std::string());
    }
    return all;
  }();
  return spellings;
}

template <std::size_t N>
bool Contains(const std::array<std::size_t, N>& kinds, std::size_t kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool IsOpening(std::size_t kind) { return kind == K::LPAREN || kind == K::LBRACE || kind == K::LBRACK; }
bool IsClosing(std::size_t kind) { return kind == K::RPAREN || kind == K::RBRACE || kind == K::RBRACK; }

}  // namespace

std::string_view TokenList::word(std::size_t i) const {
  const Token& token = tokens[std::min(i, tokens.size() - 1)];
  return std::string_view(text).substr(token.begin, token.end - token.begin);
}

SourceSpan TokenList::Span(std::uint32_t begin, std::uint32_t end) const {
  if (map.empty()) return {source, begin, end};
  return {source, map[begin], map[end]};
}

SourceSpan TokenList::Span(std::size_t first, std::size_t last) const {
  return Span(tokens[first].begin, tokens[std::max(first, last)].end);
}

std::string_view Spelling(std::size_t kind) {
  return kind < Spellings().size() ? std::string_view(Spellings()[kind]) : std::string_view();
}

std::vector<std::string_view> Keywords() {
  std::vector<std::string_view> words;
  for (std::size_t kind = K::PACK; kind <= K::X; ++kind) words.push_back(Spelling(kind));
  return words;
}

bool IsItemStart(std::size_t kind) {
  static constexpr std::array<std::size_t, 8> kStarts = {K::PARAM,  K::DEF,      K::SYMPTOM,  K::CAUSE,
                                                         K::ADVICE, K::OVERRIDE, K::SUPPRESS, K::TEST};
  return Contains(kStarts, kind);
}

bool IsClauseStart(std::size_t kind) {
  static constexpr std::array<std::size_t, 29> kStarts = {
      K::APPLIES,  K::NEEDS,    K::FOR,       K::MATCH,      K::LET,      K::WHERE,  K::EXPLAINS, K::CONFIDENCE,
      K::SEVERITY, K::REQUIRES, K::CONFLICTS, K::SUPERSEDES, K::OVERLAPS, K::EFFECT, K::TITLE,    K::MESSAGE,
      K::FIX,      K::LINK,     K::EVIDENCE,  K::CHANGE,     K::CATEGORY, K::EFFORT, K::RISK,     K::OBJECTIVE,
      K::STATUS,   K::SINCE,    K::TAGS,      K::COSTS,      K::RULES};
  return Contains(kStarts, kind);
}

bool IsName(std::size_t kind) {
  // The grammar's `ident`.
  static constexpr std::array<std::size_t, 41> kNames = {
      K::ID,     K::CATEGORY, K::SCOPE,    K::CHANGE,     K::RETURN, K::EFFORT,  K::RISK,  K::STATUS, K::SINCE,
      K::TAGS,   K::X,        K::AT,       K::BY,         K::TITLE,  K::LINK,    K::FIX,   K::COUNT,  K::FROM,
      K::SAVING, K::GROUP,    K::SEVERITY, K::CONFIDENCE, K::CONF,   K::MISSING, K::SCALE, K::CAP,    K::SET,
      K::DROP,   K::EVIDENCE, K::MESSAGE,  K::NEEDS,      K::COSTS,  K::RULES,   K::OUT,   K::NONE,   K::ORDER,
      K::LIMIT,  K::ASC,      K::DESC,     K::FINDING,    K::ALL};
  return Contains(kNames, kind);
}

bool IsComparison(std::size_t kind) {
  static constexpr std::array<std::size_t, 6> kComparisons = {K::EQ, K::NEQ, K::LT, K::LE, K::GT, K::GE};
  return Contains(kComparisons, kind);
}

std::vector<std::size_t> FindItemStarts(const TokenList& tokens) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool begins = IsItemStart(tokens.kind(i)) || tokens.kind(i) == K::USE || tokens.kind(i) == K::PACK;
    if (!begins || !tokens.tokens[i].first_on_line) continue;
    // `param name = value` also stands in an override; the item has a type: `param name: Type = value`.
    if (tokens.kind(i) == K::PARAM) {
      std::size_t after = i + 1;
      while (IsName(tokens.kind(after)) || tokens.kind(after) == K::DOT) ++after;
      if (tokens.kind(after) == K::EQ) continue;
    }
    starts.push_back(i > 0 && tokens.kind(i - 1) == K::DOC ? i - 1 : i);
  }
  return starts;
}

std::vector<std::size_t> FindTooDeep(const TokenList& tokens, const std::vector<std::size_t>& item_starts,
                                     std::size_t limit) {
  // Depth = open brackets, and within each of them the `not`s and minus signs in a row, the `if`s begun and the type
  // brackets (Dist<Dist<…). Everything else the grammar repeats in loops.
  struct Level {
    std::size_t nots = 0;
    std::size_t minuses = 0;
    std::size_t ifs = 0;    // an `else` does not close its `if`: `else if` nests to the right
    std::size_t types = 0;  // counted while only names, commas and `<` follow each other
    [[nodiscard]] std::size_t sum() const { return nots + minuses + ifs + types; }
  };
  std::vector<std::size_t> too_deep;
  std::vector<Level> open;
  std::size_t open_sum = 0;  // of all levels in `open`, plus one for each bracket
  Level level;
  bool found = false;
  auto next_start = item_starts.begin();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    for (; next_start != item_starts.end() && *next_start <= i; ++next_start) {
      open.clear();
      open_sum = 0;
      level = Level{};
      found = false;
    }
    const std::size_t kind = tokens.kind(i);
    const std::size_t previous = i > 0 ? tokens.kind(i - 1) : 0;
    const bool after_dot = previous == K::DOT;
    if (IsOpening(kind)) {
      open.push_back(level);
      open_sum += level.sum() + 1;
      level = Level{};
    } else if (IsClosing(kind)) {
      if (!open.empty()) {
        level = open.back();
        open_sum -= level.sum() + 1;
        open.pop_back();
      }
    } else if (!after_dot) {
      if (kind == K::NOT) level.nots = previous == K::NOT ? level.nots + 1 : 1;
      if (kind == K::IF) ++level.ifs;
      const bool new_expression =
          kind == K::COMMA || kind == K::GIVEN || kind == K::EXPECT || (IsClauseStart(kind) && !IsName(kind));
      if (new_expression) level.ifs = level.nots = 0;
      level.minuses = kind == K::MINUS ? level.minuses + 1 : 0;
      if (kind == K::LT) ++level.types;
      if (kind != K::LT && kind != K::COMMA && !IsName(kind)) level.types = 0;
    }
    if (!found && open_sum + level.sum() > limit) {
      too_deep.push_back(i);
      found = true;
    }
  }
  return too_deep;
}

}  // namespace advise::rules::syntax
