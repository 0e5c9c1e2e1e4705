// The table of typical mistakes, and the words for everything else.
#include "rules/syntax/mistakes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/syntax/utf8.h"
#include "support/did_you_mean.h"
#include "support/text.h"

namespace advise::rules::syntax {
namespace {

using K = generated::AdviseLexer;
using std::string;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// One recognised mistake: tokens first..last are underlined with `label`, `other` is a second place.
struct Mistake {
  DiagnosticCode code = DiagnosticCode::Syntax;
  string message;
  std::size_t first = 0;
  std::size_t last = 0;
  string label;
  string help{};
  std::size_t other = kNone;
  string other_label{};
};
using Found = std::optional<Mistake>;

string Code(std::string_view text) {
  string code("`");
  code += text;
  code += '`';
  return code;
}

bool IsNumber(std::size_t kind) { return kind == K::INT || kind == K::FLOAT; }

// Whether a token of this kind can be the last one of an expression.
bool EndsExpression(std::size_t kind) {
  return IsName(kind) || (kind >= K::DATE && kind <= K::STRING) || kind == K::TRUE || kind == K::FALSE ||
         kind == K::RPAREN || kind == K::RBRACK || kind == K::MISSING;
}
bool BeginsExpression(std::size_t kind) {
  return IsName(kind) || (kind >= K::DATE && kind <= K::STRING) || kind == K::TRUE || kind == K::FALSE ||
         kind == K::LPAREN || kind == K::NOT || kind == K::EXISTS || kind == K::IF;
}

// The lower-case keyword that an upper-case or mixed-case word means; empty when none.
std::string_view KeywordInCapitals(std::string_view word) {
  static const std::vector<std::string_view> keywords = Keywords();
  const string lower = Lower(word);
  if (lower == word || word.size() < 2) return {};
  const auto found = std::find(keywords.begin(), keywords.end(), lower);
  return found != keywords.end() ? *found : std::string_view();
}

struct Synonym {
  std::string_view wrong;
  std::string_view right;
};

template <std::size_t N>
std::string_view Lookup(const std::array<Synonym, N>& table, std::string_view wrong) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Synonym& row) { return row.wrong == wrong; });
  return found != table.end() ? found->right : std::string_view();
}

// Lower-case spellings of units, and the unit of the language.
constexpr std::array<Synonym, 40> kUnitWords = {{
    {"ns", "ns"},       {"us", "us"},
    {"ms", "ms"},       {"s", "s"},
    {"min", "min"},     {"h", "h"},
    {"d", "d"},         {"b", "B"},
    {"kib", "KiB"},     {"mib", "MiB"},
    {"gib", "GiB"},     {"tib", "TiB"},
    {"kb", "KiB"},      {"mb", "MiB"},
    {"gb", "GiB"},      {"tb", "TiB"},
    {"k", "KiB"},       {"m", "MiB"},
    {"g", "GiB"},       {"t", "TiB"},
    {"byte", "B"},      {"bytes", "B"},
    {"msec", "ms"},     {"millis", "ms"},
    {"sec", "s"},       {"secs", "s"},
    {"second", "s"},    {"seconds", "s"},
    {"mins", "min"},    {"minute", "min"},
    {"minutes", "min"}, {"hr", "h"},
    {"hrs", "h"},       {"hour", "h"},
    {"hours", "h"},     {"day", "d"},
    {"days", "d"},      {"milliseconds", "ms"},
    {"percent", "%"},   {"pct", "%"},
}};

// Words of other languages at the start of a clause.
constexpr std::array<Synonym, 16> kClauseWords = {{
    {"if", "where"},
    {"when", "where"},
    {"and", "where"},
    {"condition", "where"},
    {"filter", "where"},
    {"having", "where"},
    {"from", "match"},
    {"select", "evidence"},
    {"return", "evidence"},
    {"description", "message"},
    {"summary", "title"},
    {"name", "title"},
    {"recommendation", "fix"},
    {"advice", "fix"},
    {"url", "link"},
    {"priority", "severity"},
}};

constexpr std::array<Synonym, 8> kItemWords = {{
    {"rule", "symptom`, `cause` or `advice"},
    {"finding", "symptom`, `cause` or `advice"},
    {"import", "use"},
    {"include", "use"},
    {"function", "def"},
    {"fn", "def"},
    {"const", "param"},
    {"package", "pack"},
}};

// Characters that editors and papers put in the place of ASCII ones.
constexpr std::array<Synonym, 14> kLookAlikes = {{
    {"\u201C", "\""},
    {"\u201D", "\""},
    {"\u201E", "\""},
    {"\u2018", "\""},
    {"\u2019", "\""},
    {"\u2265", ">="},
    {"\u2264", "<="},
    {"\u2260", "!="},
    {"\u00D7", "*"},
    {"\u2013", "-"},
    {"\u2212", "-"},
    {"\u2192", "->"},
    {"\u2026", ".."},
    {"\u00A0", " "},
}};

// Looks at the tokens around the place where the parse stopped.
class Reader {
 public:
  Reader(const TokenList& tokens, const Stop& stop)
      : t_(tokens), stop_(stop), begin_(stop.unit_begin), at_(stop.failure.at) {}

  Mistake Recognise() {
    BlameClauseWithoutValue();
    using Check = Found (Reader::*)();
    // Order matters where a text could be read as two mistakes: characters before operators before structure.
    constexpr std::array<Check, 16> kChecks = {
        &Reader::EmptyClause, &Reader::Texts,    &Reader::Comments,  &Reader::Characters,
        &Reader::Units,       &Reader::Patterns, &Reader::Operators, &Reader::Words,
        &Reader::Lists,       &Reader::Heads,    &Reader::Clauses,   &Reader::Brackets,
        &Reader::Versions,    &Reader::Names,    &Reader::Commas,    &Reader::MissingOperator};
    for (const Check check : kChecks) {
      if (Found found = (this->*check)()) return std::move(*found);
    }
    return Unexpected();
  }

 private:
  [[nodiscard]] std::size_t kind(std::size_t i) const { return t_.kind(i); }
  [[nodiscard]] std::size_t previous() const { return at_ > begin_ ? t_.kind(at_ - 1) : kNone; }
  [[nodiscard]] std::size_t current() const { return t_.kind(at_); }
  [[nodiscard]] std::size_t next() const { return t_.kind(at_ + 1); }
  [[nodiscard]] std::string_view word() const { return t_.word(at_); }
  [[nodiscard]] bool expects(std::size_t token) const { return stop_.failure.Expects(token); }
  [[nodiscard]] bool expects_only(std::size_t token) const { return stop_.failure.ExpectsOnly(token); }
  [[nodiscard]] bool expects_expression() const { return expects(K::INT) && expects(K::LPAREN); }
  [[nodiscard]] bool in_clause() const { return stop_.unit == Unit::Clause; }

  // `where` ⏎ `message "x"`: `message` was read as a name, and the text behind it seems wrong. Blame the empty clause.
  void BlameClauseWithoutValue() {
    if (in_clause() && at_ > begin_ + 1 && IsClauseStart(previous()) && t_.tokens[at_ - 1].first_on_line &&
        !EndsExpression(t_.kind(at_ - 2))) {
      --at_;
      blamed_ = true;
    }
  }
  Found EmptyClause() {
    if (!blamed_) return {};
    if (at_ == begin_ + 1) {
      return Mistake{DiagnosticCode::Syntax, Code(t_.word(begin_)) + " has no value", begin_, begin_,
                     "expected a value behind it"};
    }
    return Mistake{DiagnosticCode::Syntax, "expected a value, found " + Shown(t_, at_), at_ - 1, at_ - 1,
                   "a value is missing behind this"};
  }

  Found Texts() {
    if (current() == K::UNCLOSED_STRING) {
      if (previous() == K::STRING && t_.adjacent(at_) && t_.word(at_ - 1) == "\"\"") {
        return Mistake{DiagnosticCode::SyntaxString, "this text is never closed", at_ - 1, at_ - 1, "opened here",
                       "close it with `\"\"\"`"};
      }
      return Mistake{DiagnosticCode::SyntaxString,
                     "this text is not closed on its line",
                     at_,
                     at_,
                     "the closing `\"` is missing",
                     "a text over several lines stands between `\"\"\"` and `\"\"\"`"};
    }
    if (word() == "'" || word() == "`") {
      return Mistake{DiagnosticCode::SyntaxString, "texts stand in double quotes", at_, at_, "write `\"`"};
    }
    return {};
  }

  Found Comments() {
    const auto comment = [&](std::size_t at) {
      return Mistake{DiagnosticCode::SyntaxComment, "comments begin with `#`", at, at + 1, "write `#`"};
    };
    for (const std::size_t at : {at_, at_ - 1}) {
      if (at >= begin_ && at < t_.size() && kind(at) == K::SLASH && t_.adjacent(at + 1) &&
          (kind(at + 1) == K::SLASH || kind(at + 1) == K::STAR)) {
        return comment(at);
      }
    }
    if (current() == K::MINUS && next() == K::MINUS && t_.adjacent(at_ + 1) && t_.tokens[at_].first_on_line)
      return comment(at_);
    if (current() == K::DOC) {
      return Mistake{DiagnosticCode::SyntaxComment,
                     "a doc comment stands directly above its item",
                     at_,
                     at_,
                     "no item follows it here",
                     "write `#` for a comment"};
    }
    return {};
  }

  // A character that is no part of the language at all.
  Found Characters() {
    if (current() != K::ERROR_CHAR) return {};
    const std::uint32_t begin = t_.tokens[at_].begin;
    const std::size_t length = std::max<std::size_t>(1, Utf8Length(t_.text, begin));
    const string character = t_.text.substr(begin, length);
    const std::size_t last = at_ + length - 1;  // one token per byte
    if (const std::string_view ascii = Lookup(kLookAlikes, character); !ascii.empty()) {
      return Mistake{DiagnosticCode::Syntax, Code(character) + " only looks like " + Code(ascii), at_, last,
                     "write " + Code(ascii)};
    }
    if (character == "&") {
      return Mistake{DiagnosticCode::SyntaxOperator, "`&&` is not an operator", at_, word_twice("&") ? at_ + 1 : at_,
                     "write `and`"};
    }
    if (character == "!")
      return Mistake{DiagnosticCode::SyntaxOperator, "`!` is not an operator", at_, at_, "write `not`"};
    if (character == ";") {
      return Mistake{DiagnosticCode::Syntax, "clauses and items end without a `;`", at_, at_, "delete it"};
    }
    if (character == "$" || character == "@") {
      return Mistake{DiagnosticCode::Syntax, "names have no mark in front", at_, at_, "delete it"};
    }
    if (character == "%") {
      if (IsNumber(previous()) && !t_.adjacent(at_)) {
        return Mistake{DiagnosticCode::SyntaxNumber, "a percent sign follows its number without a space", at_ - 1, at_,
                       "write " + Code(string(t_.word(at_ - 1)) + "%")};
      }
      return Mistake{DiagnosticCode::SyntaxOperator, "`%` is part of a number, `20%`; there is no remainder operator",
                     at_, at_, ""};
    }
    if (character == "\\") {
      return Mistake{DiagnosticCode::Syntax, "a `\\` has a meaning only inside a text; lines need no mark to go on",
                     at_, at_, "delete it"};
    }
    const bool printable = length > 1 || (character[0] > ' ' && character[0] < 0x7f);
    return Mistake{DiagnosticCode::Syntax,
                   (printable ? Code(character) : "a control character") + string(" is not part of the language"), at_,
                   last, "delete it"};
  }
  [[nodiscard]] bool word_twice(std::string_view text) const {
    return t_.adjacent(at_ + 1) && t_.word(at_) == text && t_.word(at_ + 1) == text;
  }

  // `128 MiB`, `5m`, `30seconds`, `1e6`, `.5`.
  Found Units() {
    if (current() == K::DOT && next() == K::INT && t_.adjacent(at_ + 1) && expects_expression()) {
      return Mistake{DiagnosticCode::SyntaxNumber, "a number has a digit before its point", at_, at_ + 1,
                     "write " + Code("0." + string(t_.word(at_ + 1)))};
    }
    if (previous() == K::QUANTITY && (IsNumber(current()) || current() == K::QUANTITY) && t_.adjacent(at_)) {
      return Mistake{DiagnosticCode::SyntaxNumber, "a number has one unit", at_ - 1, at_,
                     "write it with one unit, or as a sum"};
    }
    if (previous() == K::INT && current() == K::COMMA && next() == K::INT && t_.adjacent(at_) && t_.adjacent(at_ + 1) &&
        t_.word(at_ + 1).size() == 3 && !expects(K::COMMA)) {
      return Mistake{DiagnosticCode::SyntaxNumber, "digits are grouped with `_`", at_ - 1, at_ + 1,
                     "write " + Code(string(t_.word(at_ - 1)) + "_" + string(t_.word(at_ + 1)))};
    }
    const bool number = IsNumber(previous());
    if (!IsName(current()) || (!number && previous() != K::QUANTITY)) return {};
    const string before(t_.word(at_ - 1));
    const std::size_t digits_end = before.find_first_not_of("0123456789_.");
    const string digits = before.substr(0, digits_end);
    const string unit = (digits_end == string::npos ? string() : before.substr(digits_end)) + string(word());
    const std::string_view right = Lookup(kUnitWords, Lower(unit));
    if (!right.empty() && (number || t_.adjacent(at_)) && current() != K::X) {
      Mistake mistake{DiagnosticCode::SyntaxNumber, "", at_ - 1, at_, "write " + Code(digits + string(right))};
      mistake.message = right == unit ? "a unit follows its number without a space" : "there is no unit " + Code(unit);
      if (Lower(unit) == "m") TellMinutes(mistake, digits);
      return mistake;
    }
    if (!t_.adjacent(at_) || current() == K::X) return {};
    if (number && unit.size() > 1 && (unit[0] == 'e' || unit[0] == 'E') &&
        unit.find_first_not_of("0123456789", 1) == string::npos) {
      return Mistake{DiagnosticCode::SyntaxNumber, "numbers have no exponent", at_ - 1, at_,
                     "write it out; `_` may group digits, `1_000_000`"};
    }
    return Mistake{DiagnosticCode::SyntaxNumber,
                   "there is no unit " + Code(unit),
                   at_ - 1,
                   at_,
                   "not a unit",
                   "units are ns us ms s min h d, B KiB MiB GiB TiB, and %"};
  }

  // `90m` is minutes in one setting of Spark and mebibytes in another: the words before it say which.
  void TellMinutes(Mistake& mistake, const string& digits) const {
    const string minutes = Code(digits + "min");
    const string bytes = Code(digits + "MiB");
    for (std::size_t i = at_ - 1; i-- > begin_;) {
      const string before = Lower(t_.word(i));
      const auto has = [&](std::initializer_list<std::string_view> parts) {
        return std::ranges::any_of(parts, [&](std::string_view part) { return before.find(part) != string::npos; });
      };
      if (has({"duration", "time", "wall", "delay", "wait", "interval", "timeout"})) {
        mistake.label = "write " + minutes;
        mistake.help = "minutes are `min`; mebibytes are " + bytes;
        return;
      }
      if (has({"bytes", "memory", "spill", "size", "heap", "read", "write", "input", "output"})) {
        mistake.help = "for minutes write " + minutes;
        return;
      }
    }
    mistake.label = "minutes, or mebibytes?";
    mistake.help = "write " + minutes + " or " + bytes;
  }

  // Whether the place is inside (…)-[…]->(…) of a `match`, `exists` or query.
  [[nodiscard]] bool in_pattern() const {
    return expects(K::RARROW) || (expects(K::LBRACK) && expects(K::RARROW)) || (expects_only(K::MINUS)) ||
           (expects(K::COLON) && (expects(K::RPAREN) || expects(K::RBRACK))) || (expects(K::PIPE) && !expects(K::STAR));
  }

  Found Patterns() {
    const auto code = DiagnosticCode::SyntaxPattern;
    const bool after_edge = previous() == K::RARROW || (previous() == K::MINUS && kind(at_ - 2) == K::RBRACK);
    const bool in_edge = expects_only(K::RBRACK) && kind(InnermostOpen() - 1) == K::MINUS;
    if ((current() == K::STAR || current() == K::PLUS || current() == K::QUESTION) &&
        (after_edge || in_edge || in_pattern())) {
      return Mistake{code,
                     "a pattern has no unbounded repetition",
                     at_,
                     at_,
                     "write the bounds behind the arrow: `->{1,5}`",
                     "a quantifier means reachability within that many steps"};
    }
    if (previous() == K::LBRACE && current() == K::COMMA && expects_only(K::INT)) {
      return Mistake{code, "a quantifier has both bounds", at_ - 1, at_, "write `{0,n}`"};
    }
    if (previous() == K::COMMA && kind(at_ - 2) == K::INT && kind(at_ - 3) == K::LBRACE && expects_only(K::INT)) {
      return Mistake{code, "a quantifier has both bounds", at_ - 3, at_,
                     "write " + Code("{" + string(t_.word(at_ - 2)) + ",5}")};
    }
    if (previous() == K::INT && kind(at_ - 2) == K::LBRACE && current() == K::RBRACE && expects_only(K::COMMA)) {
      const string n(t_.word(at_ - 1));
      return Mistake{code, "a quantifier has both bounds", at_ - 2, at_, "write " + Code("{" + n + "," + n + "}")};
    }
    if (expects(K::RARROW) && !expects_expression()) {
      const bool bare = previous() == K::MINUS;  // behind `(a)-`, without brackets
      if (current() == K::MINUS && (next() == K::RARROW || next() == K::GT)) {
        return Mistake{code, "an edge is one arrow", at_ - 1, at_ + 1, bare ? "write `-->`" : "write `->`"};
      }
      if (current() == K::MINUS || current() == K::LPAREN) {
        return Mistake{code, "an edge has a direction", bare ? at_ - 1 : at_, at_,
                       bare ? "write `-->` or `<--`" : "write `->`, or `<-` on its other side"};
      }
    }
    if (current() == K::RARROW && previous() == K::RPAREN && stop_.unit != Unit::Def) {
      return Mistake{code, "an edge without brackets is `-->`", at_, at_, "write `-->`"};
    }
    if (expects_only(K::MINUS) && current() == K::RARROW) {
      return Mistake{code, "an edge has one direction", at_, at_,
                     "write `-` here, or `-` instead of `<-` on its other side"};
    }
    if (current() == K::LBRACE && (expects_only(K::RPAREN) || expects_only(K::RBRACK)) &&
        stop_.unit != Unit::TestItem) {
      return Mistake{code, "a pattern has no properties", at_, at_, "ask for them in `where`"};
    }
    if (expects_only(K::LPAREN) && after_edge && current() != kEndOfFile && !IsName(current())) {
      return Mistake{code, "an edge leads to a node", at_ - 1, at_ - 1, "write `(name:Type)` behind this"};
    }
    if (expects_only(K::LPAREN) && IsName(current()) && (after_edge || previous() == K::MATCH)) {
      return Mistake{code, "a node stands in parentheses", at_, at_,
                     "write " + Code("(" + string(word()) + ")") + " or `(name:Type)`"};
    }
    return {};
  }

  Found Operators() {
    const auto code = DiagnosticCode::SyntaxOperator;
    const std::size_t here = current();
    const std::size_t before = previous();
    const bool joined = t_.adjacent(at_);
    if (here == K::EQ && before == K::EQ && joined) {
      return Mistake{code, "`==` is not an operator", at_ - 1, at_, "write `=`"};
    }
    if (here == K::PIPE && !in_pattern()) {
      const bool twice = next() == K::PIPE && t_.adjacent(at_ + 1);
      return Mistake{code, Code(twice ? "||" : "|") + " is not an operator", at_, twice ? at_ + 1 : at_, "write `or`"};
    }
    if (here == K::GT && before == K::LT && joined)
      return Mistake{code, "`<>` is not an operator", at_ - 1, at_, "write `!=`"};
    if (here == K::LT && before == K::EQ && joined)
      return Mistake{code, "`=<` is not an operator", at_ - 1, at_, "write `<=`"};
    if (here == K::COLON && next() == K::EQ && t_.adjacent(at_ + 1)) {
      return Mistake{code, "`:=` is not an operator", at_, at_ + 1, "write `=`"};
    }
    if (here == K::ARROW && stop_.unit != Unit::Def)
      return Mistake{code, "`=>` is not an operator", at_, at_, "write `>=`"};
    if (here == K::RARROW && stop_.unit == Unit::Def)
      return Mistake{code, "the type of a `def` follows `=>`", at_, at_, "write `=>`"};
    if (here == K::LARROW && EndsExpression(before)) {
      return Mistake{code, "`<-` is an arrow of a pattern", at_, at_, "write `< -` to compare with a negative value"};
    }
    if (here == K::CARET || (here == K::STAR && before == K::STAR && joined)) {
      return Mistake{code, "there is no power operator", here == K::CARET ? at_ : at_ - 1, at_, "multiply"};
    }
    if (here == K::QUESTION && !expects(K::QUESTION)) {
      return Mistake{code, "`? :` is not an operator", at_, at_, "write `if condition then a else b`"};
    }
    if (here == K::EQ && (before == K::PLUS || before == K::MINUS || before == K::STAR || before == K::SLASH) &&
        joined) {
      return Mistake{code, "nothing is assigned twice", at_ - 1, at_, "write `let name = …` for a new value"};
    }
    if (here == K::LBRACK && before == K::IN) {
      return Mistake{code, "the values of `in` stand in parentheses", at_, at_, "write `(a, b)`"};
    }
    if (IsComparison(here) && !expects(K::EQ)) {
      if (const std::size_t first = EarlierComparison(); first != kNone) {
        Mistake mistake{code,
                        "comparisons do not chain",
                        at_,
                        at_,
                        "write `and` and the middle value again",
                        "`a < b < c` is `a < b and b < c`"};
        mistake.other = first;
        mistake.other_label = "the first comparison";
        return mistake;
      }
    }
    if (here == K::LBRACE && before == K::LBRACE && joined) {
      return Mistake{DiagnosticCode::Syntax, "holes stand only inside texts", at_ - 1, at_,
                     "write the expression without braces"};
    }
    if (here == K::LBRACE && next() == K::LBRACE && expects_expression()) {
      return Mistake{DiagnosticCode::Syntax, "holes stand only inside texts", at_, at_ + 1,
                     "write the expression without braces"};
    }
    return {};
  }

  // A comparison before at_ on the same bracket level with no `and`, `or`, `,` between.
  [[nodiscard]] std::size_t EarlierComparison() const {
    std::size_t depth = 0;
    for (std::size_t i = at_; i-- > begin_;) {
      const std::size_t token = kind(i);
      if (token == K::RPAREN || token == K::RBRACK || token == K::RBRACE) ++depth;
      if (token == K::LPAREN || token == K::LBRACK || token == K::LBRACE) {
        if (depth == 0) return kNone;
        --depth;
      }
      if (depth > 0) continue;
      if (IsComparison(token))
        return (kind(begin_) == K::LET || kind(begin_) == K::PARAM) && token == K::EQ ? kNone : i;
      if (token == K::AND || token == K::OR || token == K::COMMA || token == K::IF || token == K::THEN ||
          token == K::ELSE || token == K::WHEN) {
        return kNone;
      }
    }
    return kNone;
  }

  // Words of other languages, and keywords in capitals.
  Found Words() {
    const auto code = DiagnosticCode::SyntaxKeyword;
    for (const std::size_t at : {at_, at_ - 1}) {
      if (at < begin_ || at >= t_.size() || kind(at) != K::ID) continue;
      const std::string_view here = t_.word(at);
      const bool capitals = std::none_of(here.begin(), here.end(), [](char c) { return c >= 'a' && c <= 'z'; });
      if (!capitals && (at != at_ || expects(K::ID))) continue;  // `Count` is a type
      if (const std::string_view keyword = KeywordInCapitals(here); !keyword.empty()) {
        return Mistake{code, "keywords are lower case", at, at, "write " + Code(keyword)};
      }
    }
    if (current() != K::ID) {
      if (expects_only(K::ELSE)) {
        const std::size_t opener = Find(K::IF);
        Mistake mistake{code, "every `if` has an `else`", at_,
                        at_,  "expected `else` here",     "write `if condition then a else b`"};
        mistake.other = opener;
        mistake.other_label = opener != kNone ? "this `if`" : "";
        return mistake;
      }
      if (expects(K::THEN) && Find(K::IF) != kNone && (current() == K::LBRACE || current() == K::COLON)) {
        return Mistake{code,           "a choice is written with words",    at_, at_,
                       "write `then`", "write `if condition then a else b`"};
      }
      return {};
    }
    const string lower = Lower(word());
    if ((lower == "null" || lower == "none" || lower == "nil") && (previous() == K::IS || previous() == K::NOT)) {
      return Mistake{code, Code(word()) + " is called `missing`", at_, at_, "write `missing`"};
    }
    if (lower == "elif" || lower == "elsif" || lower == "elseif")
      return Mistake{code, "there is no " + Code(word()), at_, at_, "write `else if`"};
    if (lower == "between") return Mistake{code, "there is no `between`", at_, at_, "write `in low..high`"};
    if (lower == "like" || lower == "rlike" || lower == "regexp" || lower == "ilike") {
      return Mistake{code, "there is no " + Code(word()), at_, at_, "write `matches` and a regular expression"};
    }
    if (lower == "mod" || lower == "div" || lower == "xor") {
      if (EndsExpression(previous()))
        return Mistake{DiagnosticCode::SyntaxOperator, Code(word()) + " is not an operator", at_, at_, ""};
    }
    if (lower == "times")
      return Mistake{DiagnosticCode::SyntaxOperator, "`times` is not an operator", at_, at_, "write `*`"};
    if (expects_only(K::ELSE))
      return Mistake{code, "every `if` has an `else`", at_,
                     at_,  "expected `else` here",     "write `if condition then a else b`"};
    return {};
  }
  [[nodiscard]] std::size_t Find(std::size_t wanted) const {
    for (std::size_t i = at_; i-- > begin_;) {
      if (kind(i) == wanted) return i;
    }
    return kNone;
  }

  // The first line of a rule, def, param or test.
  Found Heads() {
    const bool rule = stop_.unit == Unit::RuleHead;
    if (!rule && stop_.unit != Unit::Def && stop_.unit != Unit::Param && stop_.unit != Unit::TestHead) return {};
    const string layer = rule ? string(t_.word(kind(begin_) == K::DOC ? begin_ + 1 : begin_)) : "def";
    if (expects_only(K::LPAREN) || (rule && expects(K::LPAREN) && current() == K::LBRACE)) {
      if (current() == K::LBRACE || current() == K::EQ || current() == K::COLON || IsName(current())) {
        return Mistake{DiagnosticCode::Syntax,
                       "the name is followed by its variables in parentheses",
                       at_,
                       at_,
                       "write `()` before this when there are none",
                       "example: " + Code(layer + " name(s: Stage) " + (rule ? "{" : "= …"))};
      }
    }
    if ((rule || stop_.unit == Unit::Def) && expects_only(K::COLON)) {
      if (IsName(current())) {
        // Types begin with a capital letter, so the pair says which one is the variable.
        const string left(t_.word(at_ - 1));
        const string right(word());
        const bool turned = left[0] >= 'A' && left[0] <= 'Z';
        return Mistake{DiagnosticCode::Syntax, "a `:` stands between a variable and its type", at_ - 1, at_,
                       "write " + Code(turned ? right + ": " + left : left + ": " + right)};
      }
      return Mistake{DiagnosticCode::Syntax, "every variable has a type", at_ - 1, at_ - 1,
                     "write " + Code(string(t_.word(at_ - 1)) + ": Stage") + " or another entity"};
    }
    if (rule && current() == K::STRING && expects(K::ID)) {
      return Mistake{DiagnosticCode::Syntax, "a rule has a name, not a text", at_, at_,
                     "write a name such as `skewed_join`"};
    }
    if (stop_.unit == Unit::Param && expects(K::COLON) && current() == K::EQ) {
      return Mistake{DiagnosticCode::Syntax,
                     "a parameter has a type",
                     at_,
                     at_,
                     "write `: Type` before this",
                     "example: `param skew_ratio: Ratio = 4 range 2..20`"};
    }
    if (stop_.unit == Unit::Param && expects(K::EQ) && !expects(K::STAR) &&
        (IsItemStart(current()) || current() == K::DOC || current() == kEndOfFile)) {
      return Mistake{DiagnosticCode::Syntax,
                     "a parameter has a value",
                     at_ - 1,
                     at_ - 1,
                     "write `= value` behind this",
                     "example: `param skew_ratio: Ratio = 4 range 2..20`"};
    }
    if (stop_.unit == Unit::TestHead && expects_only(K::STRING)) {
      return Mistake{DiagnosticCode::Syntax, "a test is named by a text", at_, at_, "write `\"…\"`"};
    }
    return {};
  }

  // What the first words of a clause, an effect or a `use` ask for.
  Found Lists() {
    const std::size_t clause = kind(begin_);
    const std::size_t here = current();
    const std::size_t open = InnermostOpen();
    const bool ended = stop_.failure.expected.empty() && open == kNone;
    const bool atoms = in_clause() && (clause == K::FOR || clause == K::EXPLAINS || clause == K::REQUIRES ||
                                       clause == K::SUPERSEDES || clause == K::CONFLICTS || clause == K::OVERLAPS);
    if (atoms && expects(K::LPAREN) && !expects_expression() && IsName(previous()) && at_ > begin_ + 1) {
      return Mistake{DiagnosticCode::Syntax, "a finding has its arguments in parentheses", at_ - 1, at_ - 1,
                     "write " + Code(string(t_.word(at_ - 1)) + "(_)") + ", or its arguments"};
    }
    if (in_clause() && ended && (here == K::AND || here == K::PLUS) &&
        (atoms || clause == K::NEEDS || clause == K::EVIDENCE)) {
      return Mistake{DiagnosticCode::Syntax, "a list is joined with commas", at_, at_, "write `,`"};
    }
    const bool text = clause == K::TITLE || clause == K::MESSAGE || clause == K::FIX || clause == K::LINK;
    if (in_clause() && ended && text && here == K::PLUS) {
      return Mistake{DiagnosticCode::Syntax, "a text is one piece", at_, at_, "put values into it as `{value}`"};
    }
    if (in_clause() && ended && (atoms || text || clause == K::NEEDS)) {
      return Mistake{DiagnosticCode::Syntax,
                     string(text ? "expected" : "expected `,` or") + " a new clause, found " + Shown(t_, at_), at_, at_,
                     ""};
    }
    if (in_clause() && clause == K::TAGS && here == K::LBRACK) {
      return Mistake{DiagnosticCode::Syntax, "a list has no brackets", at_, at_, "delete it"};
    }
    if ((clause == K::CONFIDENCE || clause == K::SEVERITY) && in_clause() && here == K::IF && open == kNone) {
      return Mistake{DiagnosticCode::SyntaxKeyword, "a guard begins with `when`", at_, at_, "write `when`"};
    }
    const bool in_effect = open != kNone && open > 0 && kind(open) == K::LBRACE && kind(open - 1) == K::EFFECT;
    if (in_effect && expects_only(K::RBRACE) && here != kEndOfFile &&
        !(IsClauseStart(here) && t_.tokens[at_].first_on_line)) {
      static constexpr std::array<std::string_view, 5> kEffects = {"set", "scale", "cap", "drop", "replace"};
      const auto guess = here == K::ID ? DidYouMean(word(), kEffects) : std::nullopt;
      return Mistake{DiagnosticCode::Syntax,
                     "expected an effect or `}`, found " + Shown(t_, at_),
                     at_,
                     at_,
                     guess ? "did you mean " + Code(*guess) + "?" : string(),
                     "effects are set, scale … by, cap … at, drop, replace … with"};
    }
    if (here == K::WHERE && open != kNone && kind(open) == K::LPAREN && EndsExpression(previous())) {
      return Mistake{DiagnosticCode::Syntax, "a filter stands in brackets", at_, at_, "write `members[condition]`"};
    }
    if (previous() == K::IS && expects(K::MISSING)) {
      return Mistake{DiagnosticCode::SyntaxKeyword, "`is` knows only `missing`", at_, at_, "write `missing`, or `=`"};
    }
    if (previous() == K::MINUS && here == K::LBRACK && expects_expression()) {
      return Mistake{DiagnosticCode::SyntaxPattern, "a pattern inside a condition stands in `exists { … }`", at_ - 1,
                     at_, "this is an edge"};
    }
    if (previous() == K::EXISTS && expects_only(K::LBRACE)) {
      return Mistake{DiagnosticCode::SyntaxPattern, "the pattern of `exists` stands in braces", at_, at_,
                     "write `exists { … }`"};
    }
    if (stop_.unit == Unit::Def && here == K::COLON && previous() == K::RPAREN) {
      return Mistake{DiagnosticCode::Syntax, "the type of a `def` follows `=>`", at_, at_, "write `=>`"};
    }
    if (stop_.unit == Unit::Use && ended && (IsNumber(here) || here == K::VERSION)) {
      string version(word());
      if (here != K::VERSION) version.insert(0, "v");
      return Mistake{DiagnosticCode::SyntaxNumber, "a version range has an operator", at_, at_,
                     "write " + Code("^" + version) + ", " + Code("~" + version) + " or " + Code(">= " + version)};
    }
    return {};
  }

  // Marks of YAML and of assignments behind the first word of a clause.
  Found Clauses() {
    if (in_clause() && at_ == begin_ + 1 && (current() == K::COLON || current() == K::EQ)) {
      return Mistake{DiagnosticCode::Syntax, "no " + Code(word()) + " stands behind " + Code(t_.word(begin_)), at_, at_,
                     "delete it"};
    }
    if (expects_only(K::STRING) && in_clause() && at_ == begin_ + 1 && current() != kEndOfFile &&
        !t_.tokens[at_].first_on_line) {
      return Mistake{DiagnosticCode::Syntax, Code(t_.word(begin_)) + " takes a text", at_, at_,
                     "write it in double quotes: `\"… {value} …\"`"};
    }
    if (previous() == K::EFFECT && expects(K::LBRACE) && expects(K::NONE)) {
      return Mistake{DiagnosticCode::SyntaxBracket, "effects stand in braces", at_, at_,
                     "write `{` before this and `}` behind the last one"};
    }
    if (stop_.unit == Unit::Suppress && expects(K::BECAUSE)) {
      return Mistake{DiagnosticCode::Syntax, "a suppression needs a reason", at_ - 1, at_ - 1,
                     "write `because \"…\"` behind this"};
    }
    if (expects_only(K::EQ) && (IsName(previous()) || previous() == K::STRING)) {
      return Mistake{DiagnosticCode::Syntax, "expected `=`, found " + Shown(t_, at_), at_, at_,
                     current() == K::COLON ? "write `=`" : "write `=` before this"};
    }
    return {};
  }

  // The bracket that is open at at_, innermost, counted from the start of the unit.
  [[nodiscard]] std::size_t InnermostOpen() const {
    std::vector<std::size_t> open;
    for (std::size_t i = begin_; i < at_; ++i) {
      const std::size_t token = kind(i);
      if (token == K::LPAREN || token == K::LBRACK || token == K::LBRACE) open.push_back(i);
      if ((token == K::RPAREN || token == K::RBRACK || token == K::RBRACE) && !open.empty()) open.pop_back();
    }
    return open.empty() ? kNone : open.back();
  }
  static std::string_view Closer(std::size_t opener) {
    return opener == K::LPAREN ? ")" : opener == K::LBRACK ? "]" : "}";
  }

  Found Brackets() {
    const auto code = DiagnosticCode::SyntaxBracket;
    const std::size_t open = InnermostOpen();
    const std::size_t here = current();
    const bool closing = here == K::RPAREN || here == K::RBRACK || here == K::RBRACE;
    if (open == kNone) {
      if (here == K::RPAREN || here == K::RBRACK)
        return Mistake{code, "this " + Code(word()) + " closes nothing", at_, at_, "delete it"};
      return {};
    }
    const std::string_view closer = Closer(kind(open));
    const bool starts_anew = here == kEndOfFile || IsItemStart(here) || here == K::DOC || here == K::GIVEN ||
                             here == K::EXPECT || (IsClauseStart(here) && t_.tokens[at_].first_on_line);
    if (!starts_anew && !(closing && word() != closer)) return {};
    if (previous() == K::COMMA || (expects_expression() && kind(open) != K::LBRACE && !EndsExpression(previous())))
      return {};
    Mistake mistake{code, "this " + Code(t_.word(open)) + " is not closed", open, open, "opened here"};
    mistake.other = at_;
    mistake.other_label = "expected " + Code(closer) + " before " + (here == kEndOfFile ? string("the end") : "this");
    return mistake;
  }

  Found Versions() {
    if (expects(K::VERSION) && !expects_expression() &&
        (IsNumber(current()) || current() == K::STRING || current() == K::ID)) {
      std::size_t last = at_;
      string text(word());
      while (t_.adjacent(last + 1) && (kind(last + 1) == K::DOT || kind(last + 1) == K::INT)) text += t_.word(++last);
      text.erase(std::remove(text.begin(), text.end(), '"'), text.end());
      if (!text.empty() && text.front() == 'v') text.erase(0, 1);
      if (text.find_first_not_of("0123456789.") != string::npos || text.empty()) text = "1.0";
      if (text.find('.') == string::npos) text += ".0";
      return Mistake{DiagnosticCode::SyntaxNumber, "a version is written with a `v`", at_, last,
                     "write " + Code("v" + text)};
    }
    // 3.4.1 reads as 3.4 followed by .1
    if (current() == K::DOT && next() == K::INT && IsNumber(previous()) && t_.adjacent(at_)) {
      return Mistake{DiagnosticCode::SyntaxNumber, "a version is written with a `v`", at_ - 1, at_ + 1,
                     "write " + Code("v" + string(t_.word(at_ - 1)) + "." + string(t_.word(at_ + 1)))};
    }
    if (expects_only(K::DATE)) {
      return Mistake{DiagnosticCode::SyntaxNumber, "expected a date, found " + Shown(t_, at_), at_, at_,
                     "write year-month-day: `2026-12-31`"};
    }
    return {};
  }

  // A keyword where a new name is made.
  Found Names() {
    const std::size_t here = current();
    const bool keyword = here >= K::PACK && here <= K::X && !IsName(here);
    if (!keyword || !expects(K::ID) || expects_expression()) return {};
    if (IsItemStart(here) && t_.tokens[at_].first_on_line) return {};
    if (in_clause() && IsClauseStart(here) && t_.tokens[at_].first_on_line) return {};
    return Mistake{DiagnosticCode::SyntaxKeyword, Code(word()) + " is a keyword and cannot be a name here", at_, at_,
                   "choose another name",         "a keyword may only name a member, as in `s.match`"};
  }

  Found Commas() {
    const std::size_t here = current();
    const bool closing = here == K::RPAREN || here == K::RBRACK || here == K::RBRACE;
    if (previous() == K::COMMA && (closing || here == kEndOfFile || IsClauseStart(here) || IsItemStart(here))) {
      return Mistake{DiagnosticCode::Syntax, "something is missing behind this comma", at_ - 1, at_ - 1,
                     "delete it, or go on"};
    }
    return {};
  }

  // `4 p50(d)`, `4 x p50(d)`: two expressions side by side.
  Found MissingOperator() {
    if (!EndsExpression(previous()) || expects_only(K::EQ)) return {};
    if (!expects(K::STAR) && !stop_.failure.expected.empty()) return {};
    const string found = Shown(t_, at_);
    if (current() == K::X) {
      return Mistake{DiagnosticCode::Syntax, "expected an operator" + OrWhat() + ", found `x`", at_, at_,
                     "write `*` for multiplication; `x` repeats test samples"};
    }
    if (IsNumber(previous()) && (IsName(current()) || current() == K::LPAREN)) {
      return Mistake{DiagnosticCode::Syntax, "expected an operator" + OrWhat() + ", found " + found, at_, at_,
                     "write `*` for multiplication"};
    }
    return Mistake{DiagnosticCode::Syntax, "expected an operator" + OrWhat() + ", found " + found, at_, at_, ""};
  }
  [[nodiscard]] string OrWhat() const {
    if (const std::size_t open = InnermostOpen(); open != kNone && kind(open) != K::LBRACE) {
      return " or " + Code(Closer(kind(open)));
    }
    switch (stop_.unit) {
      case Unit::Clause: return " or a new clause";
      case Unit::TestItem: return ", `given` or `expect`";
      case Unit::OverrideItem: return " or `}`";
      case Unit::Query:
      case Unit::Effect:
      case Unit::Hole: return " or the end";
      case Unit::Pack:
      case Unit::Use:
      case Unit::Param:
      case Unit::Def:
      case Unit::RuleHead:
      case Unit::OverrideHead:
      case Unit::Suppress:
      case Unit::TestHead: return " or a new item";
    }
    return {};
  }

  // No known mistake: what could stand here, in words.
  Mistake Unexpected() {
    std::vector<std::size_t> left = stop_.failure.expected;
    const auto drop = [&](const auto& belongs) {
      left.erase(std::remove_if(left.begin(), left.end(), belongs), left.end());
    };
    std::vector<string> parts;
    if (expects_expression()) {
      parts.emplace_back("a value");
      drop([](std::size_t k) { return BeginsExpression(k) || k == K::MINUS || k == K::COUNT; });
    }
    if (expects(K::STAR) && expects(K::SLASH)) {
      parts.emplace_back("an operator");
      drop([](std::size_t k) {
        return IsComparison(k) || k == K::STAR || k == K::SLASH || k == K::OF || k == K::PLUS || k == K::MINUS ||
               k == K::QQ || k == K::DOTDOT || k == K::AND || k == K::OR || k == K::IN || k == K::IS ||
               k == K::MATCHES || k == K::NOT || k == K::DOT || k == K::LBRACK || k == K::LPAREN;
      });
    }
    if (expects(K::EQ) && expects(K::GE)) {
      parts.emplace_back("a comparison");
      drop([](std::size_t k) { return IsComparison(k); });
    }
    if (expects(K::WHERE) && expects(K::EXPLAINS)) {
      parts.emplace_back("a new clause");
      drop([](std::size_t k) { return IsClauseStart(k) || k == K::RBRACE; });
    }
    if (expects(K::SYMPTOM) && expects(K::PARAM)) {
      parts.emplace_back("a new item");
      drop([](std::size_t k) { return IsItemStart(k) || k == K::DOC; });
    }
    if (expects(K::ID)) {
      if (!expects_expression()) parts.emplace_back("a name");
      drop([](std::size_t k) { return IsName(k); });
    }
    constexpr std::size_t kMostParts = 6;
    for (const std::size_t k : left) {
      if (parts.size() == kMostParts) break;
      parts.push_back(Describe(k));
    }
    string message = parts.empty() ? EndedUnit() : "expected ";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) message += i + 1 == parts.size() ? " or " : ", ";
      message += parts[i];
    }
    message += ", found " + Shown(t_, at_);
    string label;
    if (left.size() == 1 && parts.size() == 1 && !Spelling(left.front()).empty())
      label =
          "write " + Code(Spelling(left.front())) + (current() == K::EQ || current() == K::COLON ? "" : " before this");
    return Mistake{DiagnosticCode::Syntax, message, at_, at_, label};
  }
  // What may follow a unit that ended well.
  [[nodiscard]] string EndedUnit() const {
    switch (stop_.unit) {
      case Unit::Clause: return "expected a new clause or `}`";
      case Unit::OverrideItem: return "expected `param`, `severity`, `disable`, `enable` or `}`";
      case Unit::TestItem: return "expected `given`, `expect` or `}`";
      case Unit::Query:
      case Unit::Effect:
      case Unit::Hole: return "expected the end";
      case Unit::Pack:
      case Unit::Use:
      case Unit::Param:
      case Unit::Def:
      case Unit::RuleHead:
      case Unit::OverrideHead:
      case Unit::Suppress:
      case Unit::TestHead: return "expected a new item";
    }
    return {};
  }
  static string Describe(std::size_t token) {
    if (const std::string_view spelling = Spelling(token); !spelling.empty()) return Code(spelling);
    switch (token) {
      case K::DATE: return "a date";
      case K::VERSION: return "a version such as `v3.4`";
      case K::QUANTITY: return "a quantity";
      case K::PERCENT: return "a percentage";
      case K::FLOAT:
      case K::INT: return "a number";
      case K::STRING: return "a text in double quotes";
      case K::ID: return "a name";
      case K::DOC: return "a doc comment";
      default: return "the end";
    }
  }

  const TokenList& t_;
  const Stop& stop_;
  std::size_t begin_;
  std::size_t at_;
  bool blamed_ = false;
};

// What stands instead, where the label says so word for word: "write `and`", "did you mean `where`?", "delete it".
std::optional<string> Replacement(const TokenList& tokens, const Mistake& mistake) {
  if (mistake.code == DiagnosticCode::SyntaxString) return std::nullopt;  // one quote of two
  if (mistake.label == "delete it" && tokens.word(mistake.first) == ";") return string();
  std::string_view text = mistake.label;
  for (const auto& [head, tail] : {std::pair<std::string_view, std::string_view>{"write `", "`"},
                                   std::pair<std::string_view, std::string_view>{"did you mean `", "`?"}}) {
    if (!text.starts_with(head) || !text.ends_with(tail)) continue;
    text.remove_prefix(head.size());
    text.remove_suffix(tail.size());
    const bool as_it_stands = !text.empty() && text.find_first_of(" `n") == std::string_view::npos;
    const bool word = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!as_it_stands && !word && mistake.code != DiagnosticCode::SyntaxNumber) return std::nullopt;
    string replacement(text);
    // `!x` becomes `not x`.
    const std::uint32_t begin = tokens.tokens[mistake.first].begin;
    const std::uint32_t end = tokens.tokens[mistake.last].end;
    const auto part_of_word = [&](std::size_t at) {
      const char c = at < tokens.text.size() ? tokens.text[at] : ' ';
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (word && begin > 0 && part_of_word(begin - 1)) replacement.insert(0, " ");
    if (word && part_of_word(end)) replacement += ' ';
    return replacement;
  }
  return std::nullopt;
}

void Emit(const TokenList& tokens, const Mistake& mistake, Diagnostics& diagnostics) {
  Diagnostic& diagnostic =
      diagnostics.Report(mistake.code, tokens.Span(mistake.first, mistake.last), mistake.message, mistake.label);
  if (mistake.other != kNone)
    diagnostic.labels.push_back({tokens.Span(mistake.other, mistake.other), mistake.other_label});
  if (!mistake.help.empty()) diagnostic.helps.push_back(mistake.help);
  if (mistake.last >= tokens.size() || tokens.kind(mistake.last) == kEndOfFile) return;
  if (std::optional<string> text = Replacement(tokens, mistake))
    diagnostic.fixes = {{tokens.Span(mistake.first, mistake.last), std::move(*text)}};
}

std::vector<std::string_view> Spellings(bool (*belongs)(std::size_t)) {
  std::vector<std::string_view> words;
  for (std::size_t kind = K::PACK; kind <= K::X; ++kind) {
    if (belongs(kind)) words.push_back(Spelling(kind));
  }
  return words;
}

// Characters and comments are wrong in the same way wherever they stand.
bool ReportCharacter(const TokenList& tokens, std::size_t at, Unit unit, Diagnostics& diagnostics) {
  const std::size_t kind = tokens.kind(at);
  if (kind != K::ERROR_CHAR && kind != K::UNCLOSED_STRING && kind != K::SLASH && kind != K::MINUS) return false;
  ReportSyntaxError(tokens, {Failure{at, {}}, unit, at}, diagnostics);
  return true;
}

}  // namespace

string Shown(const TokenList& tokens, std::size_t at) {
  if (tokens.kind(at) == kEndOfFile) return "the end";
  constexpr std::size_t kLongest = 40;
  string text(tokens.word(at));
  const std::size_t line = text.find_first_of("\r\n");
  if (line == string::npos && text.size() <= kLongest) return Code(text);
  text.resize(std::min({line, kLongest, text.size()}));
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0) text.pop_back();
  return Code(text + "…");
}

void ReportSyntaxError(const TokenList& tokens, const Stop& stop, Diagnostics& diagnostics) {
  Emit(tokens, Reader(tokens, stop).Recognise(), diagnostics);
}

void ReportNoItem(const TokenList& tokens, std::size_t at, Diagnostics& diagnostics) {
  if (tokens.kind(at) == K::DOC) {
    // Two doc comments with an empty line between, or one with nothing below.
    const bool doubled = tokens.kind(at + 1) == K::DOC;
    Emit(tokens,
         {DiagnosticCode::SyntaxComment,
          doubled ? "an item has one doc comment" : "a doc comment stands directly above its item", at, at,
          doubled ? "another one follows" : "no item follows it", "write `#` for a comment"},
         diagnostics);
    return;
  }
  if (ReportCharacter(tokens, at, Unit::Param, diagnostics)) return;
  const std::size_t kind = tokens.kind(at);
  if (kind == K::RBRACE) {
    Emit(tokens, {DiagnosticCode::SyntaxBracket, "this `}` closes nothing", at, at, "delete it"}, diagnostics);
    return;
  }
  if (kind == K::PACK || kind == K::USE) {
    Emit(tokens,
         {DiagnosticCode::Syntax,
          kind == K::PACK ? "`pack` stands once, at the top of a file" : "`use` stands before all items", at, at,
          "move it up"},
         diagnostics);
    return;
  }
  if (IsClauseStart(kind) && at > 0) {
    std::size_t brace = at;
    while (brace > 0 && tokens.kind(brace) != K::RBRACE) --brace;
    Mistake mistake{DiagnosticCode::SyntaxBracket, "this clause stands outside of a rule", at, at,
                    "not inside `{ … }`"};
    if (tokens.kind(brace) == K::RBRACE) {
      mistake.other = brace;
      mistake.other_label = "the rule above ends here";
    }
    Emit(tokens, mistake, diagnostics);
    return;
  }
  const string word(tokens.word(at));
  Mistake mistake{DiagnosticCode::Syntax,
                  "expected an item, found " + Shown(tokens, at),
                  at,
                  at,
                  "",
                  "items are param, def, symptom, cause, advice, override, suppress and test"};
  std::vector<std::string_view> words = Spellings(&IsItemStart);
  words.push_back("pack");
  words.push_back("use");
  if (const std::string_view known = Lookup(kItemWords, Lower(word)); !known.empty()) {
    mistake.label = "write `" + string(known) + "`";
  } else if (const auto guess = kind == K::ID ? DidYouMean(word, words) : std::nullopt) {
    mistake.label = "did you mean " + Code(*guess) + "?";
  }
  Emit(tokens, mistake, diagnostics);
}

void ReportNoBlockEntry(const TokenList& tokens, std::size_t at, std::size_t opener, Unit unit,
                        Diagnostics& diagnostics) {
  const std::size_t kind = tokens.kind(at);
  const bool item = IsItemStart(kind) || (kind == K::DOC && IsItemStart(tokens.kind(at + 1)));
  if (kind == kEndOfFile || item) {
    Mistake mistake{DiagnosticCode::SyntaxBracket, "this `{` is not closed", opener, opener, "opened here"};
    mistake.other = at;
    mistake.other_label = kind == kEndOfFile ? "expected `}` before the end" : "expected `}` before this";
    Emit(tokens, mistake, diagnostics);
    return;
  }
  if (kind == K::DOC || ReportCharacter(tokens, at, unit, diagnostics)) {
    if (kind == K::DOC) ReportSyntaxError(tokens, {Failure{at, {}}, unit, at}, diagnostics);
    return;
  }
  const string word(tokens.word(at));
  if (unit != Unit::Clause) {
    static constexpr std::array<std::string_view, 4> kOverrideWords = {"param", "severity", "disable", "enable"};
    static constexpr std::array<std::string_view, 2> kTestWords = {"given", "expect"};
    const std::span<const std::string_view> words = unit == Unit::TestItem
                                                        ? std::span<const std::string_view>(kTestWords)
                                                        : std::span<const std::string_view>(kOverrideWords);
    const auto guess = kind == K::ID ? DidYouMean(word, words) : std::nullopt;
    const string expected =
        unit == Unit::TestItem ? "`given`, `expect` or `}`" : "`param`, `severity`, `disable`, `enable` or `}`";
    Emit(tokens,
         {DiagnosticCode::Syntax, "expected " + expected + ", found " + Shown(tokens, at), at, at,
          guess ? "did you mean " + Code(*guess) + "?" : string()},
         diagnostics);
    return;
  }
  if (const std::string_view keyword = KeywordInCapitals(word); !keyword.empty()) {
    Emit(tokens, {DiagnosticCode::SyntaxKeyword, "keywords are lower case", at, at, "write " + Code(keyword)},
         diagnostics);
    return;
  }
  const bool word_like = kind == K::ID || (kind >= K::PACK && kind <= K::X);
  if (!word_like) {
    ReportSyntaxError(tokens, {Failure{at, {}}, unit, at}, diagnostics);
    return;
  }
  Mistake mistake{DiagnosticCode::UnknownClause, "there is no clause " + Code(word), at, at, "not a clause"};
  const std::vector<std::string_view> clauses = Spellings(&IsClauseStart);
  if (const std::string_view known = Lookup(kClauseWords, Lower(word)); !known.empty()) {
    mistake.label = "write " + Code(known);
  } else if (const auto guess = DidYouMean(word, clauses)) {
    mistake.label = "did you mean " + Code(*guess) + "?";
  } else {
    mistake.help = "clauses are";
    for (const std::string_view clause : clauses) mistake.help += " " + string(clause);
  }
  Emit(tokens, mistake, diagnostics);
}

}  // namespace advise::rules::syntax
