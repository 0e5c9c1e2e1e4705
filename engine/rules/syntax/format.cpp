// Words and comments of a file go out again line by line. Blocks (rules, tests, overrides) are cut into their entries,
// which are put in order; inside an entry the author's lines are kept.
#include "rules/syntax/format.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/syntax/ast_print.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/session.h"
#include "rules/syntax/utf8.h"
#include "support/text.h"

namespace advise::rules::syntax {
namespace {

using K = generated::AdviseLexer;

// Lines longer than this are broken before their `and`s or `or`s.
constexpr std::size_t kWidth = 120;

struct Comment {
  std::string text;
  bool blank_before = false;  // an empty line above it
};

// A word with what stands around it.
struct Word {
  std::size_t kind = 0;
  std::string text;
  std::vector<Comment> above;  // comments on lines of their own
  std::string behind;          // a comment on the same line
  bool breaks = false;         // begins a line
  bool blank_before = false;   // below an empty line
  bool spaced = false;         // white space before it
  bool in_pattern = false;     // (p:Stage)-[:Runs]->(j:Join), without spaces
  bool in_type = false;        // Dist<Bytes>?
};
using Words = std::vector<Word>;

bool Opens(std::size_t kind) { return kind == K::LPAREN || kind == K::LBRACE || kind == K::LBRACK; }
bool Closes(std::size_t kind) { return kind == K::RPAREN || kind == K::RBRACE || kind == K::RBRACK; }
bool IsEffectWord(std::size_t kind) {
  return kind == K::SET || kind == K::SCALE || kind == K::CAP || kind == K::DROP || kind == K::REPLACE;
}
bool IsMetaWord(std::size_t kind) {
  return kind == K::CATEGORY || kind == K::EFFORT || kind == K::RISK || kind == K::OBJECTIVE || kind == K::STATUS ||
         kind == K::SINCE || kind == K::TAGS;
}

// Comments and line breaks between two words.
void ReadGap(std::string_view gap, Word* before, Word& after) {
  bool fresh_line = before == nullptr;
  std::size_t empty = 0;  // line ends since the last comment
  while (!gap.empty()) {
    if (gap.front() == '#') {
      const std::size_t end = std::min(gap.find('\n'), gap.size());
      std::string text(Trim(gap.substr(0, end)));
      if (fresh_line) {
        after.above.push_back({std::move(text), empty > 1});
      } else {
        before->behind = std::move(text);
      }
      gap.remove_prefix(end);
      empty = 0;
      continue;
    }
    if (gap.front() == '\n') {
      fresh_line = true;
      ++empty;
    }
    gap.remove_prefix(1);
  }
  after.breaks = fresh_line;
  after.blank_before = empty > 1;
}

Words ReadWords(const TokenList& tokens) {
  Words words;
  words.reserve(tokens.size());
  std::uint32_t last = 0;
  const std::string_view text = tokens.text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens.tokens[i];
    Word word;
    word.kind = token.kind;
    if (token.kind != kEndOfFile) word.text = tokens.word(i);
    word.spaced = token.begin > last;
    ReadGap(text.substr(last, token.begin - last), words.empty() ? nullptr : &words.back(), word);
    words.push_back(std::move(word));
    last = token.end;
  }
  return words;
}

// The words between `from` and the bracket that closes the one at `from`.
std::size_t Closing(const Words& words, std::size_t from) {
  std::size_t depth = 0;
  for (std::size_t i = from; i < words.size(); ++i) {
    if (Opens(words[i].kind)) ++depth;
    if (Closes(words[i].kind) && --depth == 0) return i;
  }
  return words.size() - 1;
}

// The bracket of exists { … }, count { … } and all { … }.
bool IsSubquery(const Words& words, std::size_t i) {
  if (words[i].kind != K::LBRACE || i == 0) return false;
  const std::size_t before = words[i - 1].kind;
  return before == K::EXISTS || before == K::COUNT || before == K::ALL;
}

// Marks where the words are a pattern or a type.
void MarkContexts(Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::size_t kind = words[i].kind;
    const bool subquery = IsSubquery(words, i);
    if (subquery || (kind == K::MATCH && words[i + 1].kind == K::LPAREN)) {
      std::size_t depth = 0;
      for (std::size_t j = i + 1; j < words.size(); ++j) {
        if (depth == 0 && (words[j].kind == K::WHERE || words[j].kind == K::RBRACE || words[j].kind == K::GROUP ||
                           (!subquery && words[j].breaks && IsClauseStart(words[j].kind))))
          break;
        if (!subquery && depth == 0 && words[j].kind != K::LPAREN && words[j].kind != K::COMMA &&
            words[j].kind != K::MINUS && words[j].kind != K::LARROW && words[j].kind != K::RARROW &&
            words[j].kind != K::LBRACK && words[j].kind != K::LBRACE)
          break;
        if (Opens(words[j].kind)) ++depth;
        if (Closes(words[j].kind)) --depth;
        words[j].in_pattern = true;
      }
    }
    // `name: Type<…>?` of parameters and formals, and what a definition gives.
    const bool types = kind == K::ARROW || (kind == K::COLON && !words[i].in_pattern);
    if (!types) continue;
    std::size_t depth = 0;
    for (std::size_t j = i + 1; j < words.size(); ++j) {
      const std::size_t at = words[j].kind;
      if (at == K::LT) ++depth;
      const bool part = IsName(at) || at == K::LT || at == K::GT || at == K::QUESTION || (at == K::COMMA && depth > 0);
      if (!part) break;
      words[j].in_type = true;
      if (at == K::GT && depth > 0) --depth;
    }
  }
}

// Whether a minus sign belongs to what follows it.
bool IsSign(const Words& words, std::size_t i) {
  if (words[i].kind != K::MINUS || i == 0) return false;
  const std::size_t before = words[i - 1].kind;
  const bool value = IsName(before) || Closes(before) || (before >= K::DATE && before <= K::STRING) ||
                     before == K::TRUE || before == K::FALSE;
  return !value;
}

bool SpaceBetween(const Words& words, std::size_t i) {
  const Word& a = words[i - 1];
  const Word& b = words[i];
  if (a.in_pattern && b.in_pattern) return a.kind == K::COMMA && words[i].kind == K::LPAREN;
  if (b.in_pattern && a.kind == K::LBRACE) return true;  // exists { (
  if (a.in_type && (b.kind == K::LT || b.kind == K::GT || b.kind == K::QUESTION)) return false;
  if (a.in_type && a.kind == K::LT) return false;
  switch (b.kind) {
    case K::COMMA:
    case K::RPAREN:
    case K::RBRACK:
    case K::DOT:
    case K::COLON: return false;
    default: break;
  }
  switch (a.kind) {
    case K::LPAREN:
    case K::LBRACK:
    case K::DOT:
    case K::CARET:
    case K::TILDE: return false;
    default: break;
  }
  // Edges of tests: (p)-[: Shuffle]->(s).
  const bool edge =
      (a.kind == K::MINUS && b.kind == K::LBRACK) || (a.kind == K::RBRACK && b.kind == K::RARROW) ||
      (a.kind == K::RARROW && b.kind == K::LPAREN) ||
      (a.kind == K::RPAREN && b.kind == K::MINUS && i + 1 < words.size() && words[i + 1].kind == K::LBRACK);
  if (edge) return false;
  if (a.kind == K::DOTDOT) return a.spaced;
  if (b.kind == K::DOTDOT) return b.spaced;
  const bool name = IsName(a.kind) || (i > 1 && words[i - 2].kind == K::DOT);
  if (b.kind == K::LPAREN && name) return b.spaced;
  if (b.kind == K::LBRACK && (name || Closes(a.kind))) return b.spaced;
  if (IsSign(words, i - 1)) return false;
  return true;
}

class Formatter {
 public:
  Formatter(const ast::File& file, const TokenList& tokens) : file_(file), tokens_(tokens), words_(ReadWords(tokens)) {
    MarkContexts(words_);
  }

  std::string Run() {
    Words out;
    std::size_t at = 0;
    const std::vector<std::size_t> starts = ItemStarts();
    for (std::size_t i = 0; i <= starts.size(); ++i) {
      const std::size_t end = i < starts.size() ? starts[i] : words_.size() - 1;
      if (end > at) Item(at, end);
      at = end;
    }
    Comments(words_.back(), 0, text_.empty());  // behind the last item
    return std::move(text_);
  }

 private:
  // First words of all items, doc comments included. Items may stand on one line.
  [[nodiscard]] std::vector<std::size_t> ItemStarts() const {
    std::vector<std::size_t> starts;
    const auto add = [&](SourceSpan span) {
      std::size_t word = WordAt(span.begin);
      if (word > 0 && words_[word - 1].kind == K::DOC) --word;
      starts.push_back(word);
    };
    if (file_.pack) add(file_.pack->span);
    for (const ast::Use& use : file_.uses) add(use.span);
    for (const ast::Item& item : file_.items) {
      std::visit([&](const auto& node) { add(node.span); }, item);
    }
    return starts;
  }

  // ---------------------------------------------------------------- items
  void Item(std::size_t begin, std::size_t end) {
    const bool doc = words_[begin].kind == K::DOC;
    const std::size_t word = words_[begin + (doc ? 1 : 0)].kind;
    Comments(words_[begin], 0, text_.empty());
    if (!text_.empty() && words_[begin].blank_before) BlankLine();
    if (doc) {
      Doc(words_[begin]);
      Comments(words_[begin + 1], 0, true);
      ++begin;
    }
    const bool block =
        word == K::SYMPTOM || word == K::CAUSE || word == K::ADVICE || word == K::OVERRIDE || word == K::TEST;
    if (!block) {
      if (word == K::PACK) {
        Pack(begin, end);
      } else {
        Lines(begin, end, 0);
      }
      return;
    }
    std::size_t open = begin;
    while (open < end && words_[open].kind != K::LBRACE) ++open;
    const std::size_t close = Closing(words_, open);
    if (word != K::SYMPTOM && word != K::CAUSE && word != K::ADVICE && IsOneLine(begin, close)) {
      Lines(begin, end, 0);
      return;
    }
    Lines(begin, open + 1, 0);
    std::vector<std::size_t> entries = EntriesOf(word, begin, open, close);
    Entries(word, begin, entries, close);
    Comments(words_[close], 2, true, RuleAt(begin) == nullptr);
    text_ += "}";
    Behind(words_[close]);
    text_ += "\n";
    if (close + 1 < end) Lines(close + 1, end, 0);
  }

  void Doc(const Word& word) {
    std::string_view text = word.text;
    while (!text.empty()) {
      const std::size_t line = std::min(text.find('\n'), text.size());
      text_.append(Trim(text.substr(0, line))).append("\n");
      text.remove_prefix(std::min(line + 1, text.size()));
    }
  }

  // `pack name version v1.0`, then its fields, one a line.
  void Pack(std::size_t begin, std::size_t end) {
    std::size_t field = begin;
    while (field < end && words_[field].kind != K::VERSION) ++field;
    ++field;
    Lines(begin, std::min(field, end), 0);
    while (field < end) {
      std::size_t next = field + 1;
      while (next < end && !(words_[next].breaks && words_[next].kind != K::STRING)) ++next;
      Comments(words_[field], 2, true);
      Lines(field, next, 2);
      field = next;
    }
  }

  [[nodiscard]] bool IsOneLine(std::size_t begin, std::size_t close) const {
    std::size_t width = 0;
    for (std::size_t i = begin; i <= close; ++i) {
      if (i > begin && (words_[i].breaks || !words_[i].above.empty())) return false;
      width += words_[i].text.size() + 1;
    }
    return width <= kWidth;
  }

  // First words of the clauses, test items or override items.
  std::vector<std::size_t> EntriesOf(std::size_t word, std::size_t begin, std::size_t open, std::size_t close) {
    std::vector<std::size_t> entries;
    if (const ast::Rule* rule = RuleAt(begin)) {
      for (const ast::Clause& clause : rule->clauses) entries.push_back(WordAt(clause.span.begin));
      return entries;
    }
    std::size_t depth = 0;
    for (std::size_t i = open + 1; i < close; ++i) {
      const std::size_t kind = words_[i].kind;
      const bool test = word == K::TEST && (kind == K::GIVEN || kind == K::EXPECT);
      const bool override = word == K::OVERRIDE && (kind == K::PARAM || kind == K::DISABLE || kind == K::ENABLE ||
                                                    (kind == K::SEVERITY && words_[i - 1].kind != K::PARAM));
      if (depth == 0 && (test || override) && words_[i - 1].kind != K::DOT) entries.push_back(i);
      if (Opens(kind)) ++depth;
      if (Closes(kind)) --depth;
    }
    return entries;
  }

  [[nodiscard]] const ast::Rule* RuleAt(std::size_t word) const {
    const std::uint32_t at = tokens_.tokens[word].begin;
    for (const ast::Item& item : file_.items) {
      const auto* rule = std::get_if<ast::Rule>(&item);
      if (rule != nullptr && rule->span.begin <= at && at < rule->span.end) return rule;
    }
    return nullptr;
  }
  [[nodiscard]] std::size_t WordAt(std::uint32_t offset) const {
    const auto found = std::ranges::lower_bound(tokens_.tokens, offset, {}, &Token::begin);
    return static_cast<std::size_t>(found - tokens_.tokens.begin());
  }

  void Entries(std::size_t word, std::size_t begin, const std::vector<std::size_t>& entries, std::size_t close) {
    struct Entry {
      std::size_t begin = 0;
      std::size_t end = 0;
      int rank = 0;
    };
    std::vector<Entry> all;
    const ast::Rule* rule = RuleAt(begin);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::size_t end = i + 1 < entries.size() ? entries[i + 1] : close;
      all.push_back({entries[i], end, rule != nullptr ? ast::ClauseRank(rule->clauses[i]) : 0});
    }
    std::ranges::stable_sort(all, {}, &Entry::rank);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Entry& entry = all[i];
      const Word& first = words_[entry.begin];
      // `effort low  risk low` stay on one line if they are.
      const bool beside = word != K::TEST && word != K::OVERRIDE && i > 0 && all[i - 1].end == entry.begin &&
                          IsMetaWord(first.kind) && IsMetaWord(words_[all[i - 1].begin].kind) && !first.breaks &&
                          words_[entry.begin - 1].behind.empty();
      if (beside) {
        text_.pop_back();
        text_ += "  ";
        Line(entry.begin, entry.end, 2, true);
        continue;
      }
      // Clauses stand in their order, which leaves empty lines between them no meaning.
      Comments(first, 2, i == 0, rule == nullptr);
      if (i > 0 && first.blank_before && rule == nullptr) BlankLine();
      Lines(entry.begin, entry.end, 2);
    }
  }

  // ---------------------------------------------------------------- lines
  void BlankLine() {
    if (text_.empty() || text_.ends_with("\n\n")) return;
    text_ += "\n";
  }
  void Comments(const Word& word, std::size_t indent, bool first, bool blank_lines = true) {
    for (const Comment& comment : word.above) {
      if (comment.blank_before && !first && blank_lines) BlankLine();
      text_.append(indent, ' ').append(comment.text).append("\n");
      first = false;
    }
  }
  void Behind(const Word& word) {
    if (!word.behind.empty()) text_ += "  " + word.behind;
  }

  // The words begin..end, whose first line has this indentation; ends with a line end. Comments above the first word
  // are out already.
  void Lines(std::size_t begin, std::size_t end, std::size_t indent) { Line(begin, end, indent, false); }

  void Line(std::size_t begin, std::size_t end, std::size_t indent, bool goes_on) {
    struct Bracket {
      std::size_t indent = 0;  // of what stands around it; two more within
      bool effects = false;    // `effect {`
    };
    std::vector<Bracket> open;
    const bool condition = words_[begin].kind == K::WHERE || words_[begin].kind == K::APPLIES;
    for (std::size_t i = begin; i < end;) {
      // One line of the author: i..next.
      std::size_t next = i + 1;
      while (next < end && !words_[next].breaks) ++next;
      std::size_t here = indent;
      if (i > begin) {
        here = open.empty() ? indent + 2 : open.back().indent + 2;
        // What is not a condition of its own belongs to the one above.
        if (open.empty() && condition && words_[i].kind != K::AND && words_[i].kind != K::OR) here += 2;
        if (!open.empty() && Closes(words_[i].kind)) here = open.back().indent;
        if (!open.empty() && open.back().effects && !Closes(words_[i].kind) && !IsEffectWord(words_[i].kind)) here += 2;
        Comments(words_[i], Closes(words_[i].kind) ? here + 2 : here, true);
      }
      if (!goes_on || i > begin) text_.append(here, ' ');
      const std::vector<std::size_t> breaks = BreaksOf(i, next, here);
      const std::size_t below = i == begin && open.empty() ? indent + 2 : open.empty() ? here : open.back().indent + 2;
      for (std::size_t at = i; at < next; ++at) {
        const Word& word = words_[at];
        if (std::ranges::find(breaks, at) != breaks.end()) {
          text_.append("\n").append(below, ' ');
          here = below;
        } else if (at > i && SpaceBetween(words_, at)) {
          text_ += ' ';
        }
        text_ += word.text;
        if (Opens(word.kind)) {
          // Within a bracket of the first line it goes on deeper than below that line.
          const bool block = word.kind == K::LBRACE && !IsSubquery(words_, at);
          open.push_back({i == begin && !block ? std::max(here, indent + 2) : here,
                          word.kind == K::LBRACE && at > 0 && words_[at - 1].kind == K::EFFECT});
        }
        if (Closes(word.kind) && !open.empty()) open.pop_back();
      }
      Behind(words_[next - 1]);
      text_ += "\n";
      i = next;
    }
  }

  // Where a line that is too long goes on below: before its outermost `and`s, or if it has none its `or`s.
  [[nodiscard]] std::vector<std::size_t> BreaksOf(std::size_t begin, std::size_t end, std::size_t indent) const {
    std::size_t width = indent;
    for (std::size_t i = begin; i < end; ++i)
      width += words_[i].text.size() + (i > begin && SpaceBetween(words_, i) ? 1 : 0);
    if (width <= kWidth) return {};
    for (const std::size_t wanted : {K::AND, K::OR}) {
      std::vector<std::size_t> breaks;
      std::size_t depth = 0;
      for (std::size_t i = begin; i < end; ++i) {
        if (Opens(words_[i].kind)) ++depth;
        if (Closes(words_[i].kind) && depth > 0) --depth;
        if (depth == 0 && i > begin && words_[i].kind == wanted) breaks.push_back(i);
      }
      if (!breaks.empty()) return breaks;
    }
    return {};
  }

  const ast::File& file_;
  const TokenList& tokens_;
  Words words_;
  std::string text_;
};

}  // namespace

std::optional<std::string> Format(const SourceManager& sources, SourceId id, const Limits& limits,
                                  Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.CountErrors();
  const ast::File file = ParseFile(sources, id, limits, diagnostics);
  if (diagnostics.CountErrors() > before) return std::nullopt;
  std::string text(sources.text(id));
  if (text.starts_with("\xEF\xBB\xBF")) text.replace(0, 3, "   ");
  const Session session(std::move(text), id, {});
  return Formatter(file, session.tokens()).Run();
}

}  // namespace advise::rules::syntax
