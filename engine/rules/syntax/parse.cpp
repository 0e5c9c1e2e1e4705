// Drives the grammar unit by unit: heads of items, then their clauses one after another. A unit that fails is reported
// and skipped; everything else is parsed as if it were not there.
#include "rules/syntax/parse.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "rules/syntax/build_ast.h"
#include "rules/syntax/mistakes.h"
#include "rules/syntax/parse_whole.h"
#include "rules/syntax/session.h"
#include "rules/syntax/utf8.h"

namespace advise::rules::syntax {
namespace {

using K = generated::AdviseLexer;

// The text as the lexer takes it: UTF-8, without byte order mark. nullopt when it is too long to be read at all.
std::optional<std::string> ReadText(const SourceManager& sources, SourceId id, const Limits& limits,
                                    Diagnostics& diagnostics) {
  std::string text(sources.text(id));
  if (text.size() > limits.rule_bytes) {
    diagnostics.Report(DiagnosticCode::LimitExceeded,
                       std::string(sources.name(id)) + " has " + std::to_string(text.size()) +
                           " bytes; rule files are read up to " + std::to_string(limits.rule_bytes));
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.replace(0, 3, "   ");
  if (const std::optional<std::size_t> bad = RepairUtf8(text)) {
    const auto at = static_cast<std::uint32_t>(*bad);
    diagnostics
        .Report(DiagnosticCode::NotUtf8, {id, at, at + 1}, "this text is not UTF-8", "the first byte that is not")
        .helps.emplace_back("save the file as UTF-8, or convert it: `iconv -f latin1 -t utf-8`");
  }
  return text;
}

class FileParser {
 public:
  FileParser(Session& session, const Limits& limits, Diagnostics& diagnostics)
      : session_(session),
        tokens_(session.tokens()),
        limits_(limits),
        diagnostics_(diagnostics),
        builder_(tokens_, limits, diagnostics),
        item_starts_(FindItemStarts(tokens_)),
        too_deep_(FindTooDeep(tokens_, item_starts_, limits.rule_nesting)) {}

  ast::File Parse() {
    file_.source = tokens_.source;
    if (ItemKind() == K::PACK) Pack();
    while (ItemKind() == K::USE) Use();
    while (tokens_.kind(position_) != antlr4::Token::EOF) Item();
    return std::move(file_);
  }

 private:
  // The kind of the item at the position: of the word behind its doc comment.
  [[nodiscard]] std::size_t ItemKind() const {
    return tokens_.kind(position_) == K::DOC ? tokens_.kind(position_ + 1) : tokens_.kind(position_);
  }
  // The first line that begins an item after token `at`.
  [[nodiscard]] std::size_t NextItem(std::size_t at) const {
    const auto next = std::upper_bound(item_starts_.begin(), item_starts_.end(), at);
    return next != item_starts_.end() ? *next : tokens_.size() - 1;
  }

  bool SkippedTooDeep() {
    const std::size_t end = NextItem(position_);
    const auto deep = std::lower_bound(too_deep_.begin(), too_deep_.end(), position_);
    if (deep == too_deep_.end() || *deep >= end) return false;
    ReportTooDeep(tokens_, *deep, limits_, diagnostics_);
    NameBroken(position_);
    position_ = end;
    return true;
  }

  // Remembers the name of the item that begins at token `at`.
  void NameBroken(std::size_t at) {
    if (tokens_.kind(at) == K::DOC) ++at;
    const std::size_t kind = tokens_.kind(at);
    if (kind != K::PARAM && kind != K::DEF && kind != K::SYMPTOM && kind != K::CAUSE && kind != K::ADVICE) return;
    std::size_t last = at;
    std::string text;
    while (IsName(tokens_.kind(last + 1)) || (last > at && tokens_.kind(last + 1) == K::DOT)) {
      if (last > at && IsName(tokens_.kind(last)) && IsName(tokens_.kind(last + 1))) break;
      text += tokens_.word(++last);
    }
    if (last > at) file_.broken.push_back({text, tokens_.Span(at + 1, last)});
  }

  void Report(Unit unit, std::size_t begin) {
    ReportSyntaxError(tokens_, {session_.failure(), unit, begin}, diagnostics_);
  }

  // After an item without braces: true if a new item or the end follows; else says what is wrong and skips.
  bool EndsWell(Unit unit, std::size_t begin) {
    const std::size_t kind = ItemKind();
    if (kind == antlr4::Token::EOF || IsItemStart(kind) || kind == K::USE || kind == K::PACK ||
        tokens_.kind(position_) == K::DOC) {
      return true;
    }
    ReportSyntaxError(tokens_, {Failure{position_, {}}, unit, begin}, diagnostics_);
    position_ = NextItem(std::max(begin, position_ - 1));
    return false;
  }

  // Parses one item without braces and hands its tree to `build`; false when something about it was wrong.
  template <class Context, class Build>
  bool Simple(Unit unit, Context* (Parser::*grammar)(), Build build) {
    const std::size_t begin = position_;
    if (SkippedTooDeep()) return false;
    Context* context = session_.Run(grammar, position_);
    if (context == nullptr) {
      Report(unit, begin);
      position_ = std::max(NextItem(begin), begin + 1);
      NameBroken(begin);
      return false;
    }
    auto node = build(context);
    if (!EndsWell(unit, begin) || builder_.TakeFailed()) {
      NameBroken(begin);
      return false;
    }
    Keep(std::move(node));
    return true;
  }

  void Keep(ast::PackDecl pack) { file_.pack = std::move(pack); }
  void Keep(ast::Use use) { file_.uses.push_back(std::move(use)); }
  template <class Node>
  void Keep(Node node) {
    file_.items.emplace_back(std::move(node));
  }

  void Pack() {
    Simple(Unit::Pack, &Parser::packDecl, [&](auto* context) { return builder_.Pack(context); });
  }
  void Use() {
    Simple(Unit::Use, &Parser::useDecl, [&](auto* context) { return builder_.Use(context); });
  }

  void Item() {
    switch (ItemKind()) {
      case K::PARAM:
        Simple(Unit::Param, &Parser::paramDecl, [&](auto* context) { return builder_.Param(context); });
        break;
      case K::DEF: Simple(Unit::Def, &Parser::defDecl, [&](auto* context) { return builder_.Def(context); }); break;
      case K::SUPPRESS:
        if (!Simple(Unit::Suppress, &Parser::suppressDecl, [&](auto* context) { return builder_.Suppress(context); }))
          ++file_.broken_overrides;
        break;
      case K::SYMPTOM:
      case K::CAUSE:
      case K::ADVICE: Rule(); break;
      case K::OVERRIDE: Override(); break;
      case K::TEST: Test(); break;
      case K::PACK: Misplaced(&Parser::packDecl); break;
      case K::USE: Misplaced(&Parser::useDecl); break;
      default:
        ReportNoItem(tokens_, position_, diagnostics_);
        position_ = AfterNoItem();
        break;
    }
  }

  template <class Context>
  void Misplaced(Context* (Parser::*grammar)()) {
    ReportNoItem(tokens_, tokens_.kind(position_) == K::DOC ? position_ + 1 : position_, diagnostics_);
    const std::size_t begin = position_;
    const bool parsed = session_.Run(grammar, position_) != nullptr;
    const std::size_t kind = ItemKind();
    const bool ends = kind == antlr4::Token::EOF || IsItemStart(kind) || kind == K::USE || kind == K::PACK;
    if (!parsed || !ends) position_ = NextItem(std::max(begin, position_ - 1));
  }

  // Behind something that is no item: the next item, or the next line after a closed `{ … }`.
  [[nodiscard]] std::size_t AfterNoItem() const {
    const std::size_t end = NextItem(position_);
    std::size_t depth = 0;
    for (std::size_t i = position_; i < end; ++i) {
      const bool after_block = i > position_ && tokens_.kind(i - 1) == K::RBRACE && depth == 0;
      if (after_block && tokens_.tokens[i].first_on_line) return i;
      if (tokens_.kind(i) == K::LBRACE) ++depth;
      if (tokens_.kind(i) == K::RBRACE && depth > 0) --depth;
    }
    return end;
  }

  // The part up to the `{` of an item with braces; on failure the item is skipped.
  template <class Context>
  Context* Head(Unit unit, Context* (Parser::*grammar)()) {
    const std::size_t begin = position_;
    if (SkippedTooDeep()) return nullptr;
    Context* context = session_.Run(grammar, position_);
    if (context == nullptr) {
      Report(unit, begin);
      NameBroken(begin);
      position_ = NextItem(begin);
    }
    return context;
  }

  // The entries up to the closing brace. False when one of them, or the brace, was wrong.
  template <class Context, class Build>
  bool Block(Unit unit, bool (*starts)(std::size_t), Context* (Parser::*grammar)(), Build build) {
    const std::size_t opener = position_ - 1;
    std::size_t begin = opener;  // of the entry read last
    OpenBraces braces{{opener}, position_};
    bool ok = true;
    for (;;) {
      const std::size_t kind = tokens_.kind(position_);
      if (kind == K::RBRACE) {
        ++position_;
        return ok;
      }
      const bool item = std::binary_search(item_starts_.begin(), item_starts_.end(), position_) ||
                        (IsItemStart(kind) && !starts(kind));
      if (item || kind == antlr4::Token::EOF) {
        // After another error the missing brace may be that error's echo.
        if (ok) ReportNoBlockEntry(tokens_, position_, opener, unit, diagnostics_);
        return false;
      }
      if (!starts(kind)) {
        if (begin == opener || tokens_.tokens[position_].first_on_line) {
          ReportNoBlockEntry(tokens_, position_, opener, unit, diagnostics_);
        } else {
          ReportSyntaxError(tokens_, {Failure{position_, {}}, unit, begin}, diagnostics_);
        }
        ok = false;
        Resume(braces, position_ - 1, position_, starts);
        continue;
      }
      begin = position_;
      if (Context* context = session_.Run(grammar, position_)) {
        build(context);
        ok = !builder_.TakeFailed() && ok;
      } else {
        Report(unit, begin);
        ok = false;
        Resume(braces, begin, session_.failure().at, starts);
      }
    }
  }

  // Whether an entry may be complete behind a token of this kind.
  static bool EndsEntry(std::size_t kind) {
    return IsName(kind) || kind == K::RPAREN || kind == K::RBRACK || kind == K::RBRACE || kind == K::TRUE ||
           kind == K::FALSE || kind == K::MISSING || (kind >= K::DATE && kind <= K::UNCLOSED_STRING);
  }

  // The braces open at token `next` of a block, outermost first; kept while a block is read, so that many errors in one
  // block do not scan it again and again.
  struct OpenBraces {
    std::vector<std::size_t> open;
    std::size_t next = 0;
  };

  // Moves to the next entry of the block after `begin`, its closing brace, or the next item, searching from `at`.
  void Resume(OpenBraces& braces, std::size_t begin, std::size_t at, bool (*starts)(std::size_t)) {
    const std::size_t end = NextItem(std::max(braces.open.front(), begin));
    std::vector<std::size_t>& open = braces.open;
    for (std::size_t i = braces.next; i < end; ++i) {
      const std::size_t kind = tokens_.kind(i);
      if (i >= at && i > begin) {
        // A clause that begins a line inside an unclosed `effect {` is where that brace is missing; one inside
        // `exists {` is that subquery's own `where`.
        const std::size_t before = open.back() > 0 ? tokens_.kind(open.back() - 1) : 0;
        const bool subquery = before == K::EXISTS || before == K::COUNT || before == K::ALL;
        const bool in_block = open.size() == 1 || (i == at && !subquery);
        // A plain word at the start of a line, where the line above is complete, is a misspelt entry: the next error.
        const bool misspelt = i > at && kind == K::ID && open.size() == 1 && EndsEntry(tokens_.kind(i - 1));
        const bool entry = in_block && (starts(kind) || misspelt) && tokens_.tokens[i].first_on_line;
        if (entry || (kind == K::RBRACE && open.size() == 1)) {
          open.resize(1);
          braces.next = position_ = i;
          return;
        }
      }
      if (kind == K::LBRACE) open.push_back(i);
      if (kind == K::RBRACE && open.size() > 1) open.pop_back();
    }
    braces.next = position_ = end;
  }

  // Title, message, fix, confidence, severity, costs, for and match stand once; the first one counts.
  void DropDuplicates(ast::Rule& rule) {
    std::array<std::optional<SourceSpan>, K::ERROR_CHAR + 1> seen;
    const auto duplicate = [&](const ast::Clause& clause) {
      const auto word = std::lower_bound(tokens_.tokens.begin(), tokens_.tokens.end(), clause.span.begin,
                                         [](const Token& token, std::uint32_t begin) { return token.begin < begin; });
      switch (word->kind) {
        case K::TITLE:
        case K::MESSAGE:
        case K::FIX:
        case K::CONFIDENCE:
        case K::SEVERITY:
        case K::COSTS:
        case K::FOR:
        case K::MATCH: break;
        default: return false;
      }
      const SourceSpan here = tokens_.Span(word->begin, word->end);
      std::optional<SourceSpan>& first = seen[word->kind];
      if (!first) {
        first = here;
        return false;
      }
      const std::string spelling(Spelling(word->kind));
      Diagnostic& diagnostic =
          diagnostics_.Report(DiagnosticCode::DuplicateClause, here,
                              "`" + rule.name.text + "` has two `" + spelling + "` clauses", "the second");
      diagnostic.labels.push_back({*first, "the first"});
      diagnostic.helps.push_back(word->kind == K::FOR || word->kind == K::MATCH
                                     ? "join them with a comma: `" + spelling + " …, …`"
                                     : "delete one of them");
      return true;
    };
    rule.clauses.erase(std::remove_if(rule.clauses.begin(), rule.clauses.end(), duplicate), rule.clauses.end());
  }

  void Rule() {
    const std::size_t begin = position_;
    auto* head = Head(Unit::RuleHead, &Parser::ruleHead);
    if (head == nullptr) return;
    ast::Rule rule = builder_.RuleHead(head);
    bool ok = !builder_.TakeFailed();
    ok = Block(Unit::Clause, &IsClauseStart, &Parser::clause,
               [&](auto* context) { rule.clauses.push_back(builder_.Clause(context)); }) &&
         ok;
    rule.span = tokens_.Span(begin, position_ - 1);
    if (!ok) {
      NameBroken(begin);
      return;
    }
    DropDuplicates(rule);
    file_.items.emplace_back(std::move(rule));
  }

  void Override() {
    const std::size_t begin = position_;
    auto* head = Head(Unit::OverrideHead, &Parser::overrideHead);
    if (head == nullptr) {
      ++file_.broken_overrides;
      return;
    }
    ast::Override item = builder_.OverrideHead(head);
    const auto starts = [](std::size_t kind) {
      return kind == K::PARAM || kind == K::SEVERITY || kind == K::DISABLE || kind == K::ENABLE;
    };
    const bool ok = Block(Unit::OverrideItem, starts, &Parser::overrideItem,
                          [&](auto* context) { builder_.OverrideItem(context, item); });
    item.span = tokens_.Span(begin, position_ - 1);
    if (ok) {
      file_.items.emplace_back(std::move(item));
    } else {
      ++file_.broken_overrides;
    }
  }

  void Test() {
    const std::size_t begin = position_;
    auto* head = Head(Unit::TestHead, &Parser::testHead);
    if (head == nullptr) return;
    ast::Test item = builder_.TestHead(head);
    bool ok = !builder_.TakeFailed();
    const auto starts = [](std::size_t kind) { return kind == K::GIVEN || kind == K::EXPECT; };
    ok = Block(Unit::TestItem, starts, &Parser::testItem,
               [&](auto* context) { item.items.push_back(builder_.TestItem(context)); }) &&
         ok;
    item.span = tokens_.Span(begin, position_ - 1);
    if (ok) file_.items.emplace_back(std::move(item));
  }

  Session& session_;
  const TokenList& tokens_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  AstBuilder builder_;
  std::vector<std::size_t> item_starts_;
  std::vector<std::size_t> too_deep_;
  std::size_t position_ = 0;
  ast::File file_;
};

}  // namespace

ast::File ParseFile(const SourceManager& sources, SourceId id, const Limits& limits, Diagnostics& diagnostics) {
  std::optional<std::string> text = ReadText(sources, id, limits, diagnostics);
  if (!text) {
    ast::File nothing;
    nothing.source = id;
    return nothing;
  }
  Session session(std::move(*text), id, {});
  WarnOfDecimalUnits(session.tokens(), diagnostics);
  return FileParser(session, limits, diagnostics).Parse();
}

std::optional<ast::Query> ParseQuery(const SourceManager& sources, SourceId id, const Limits& limits,
                                     Diagnostics& diagnostics) {
  std::optional<std::string> text = ReadText(sources, id, limits, diagnostics);
  if (!text) return std::nullopt;
  Session session(std::move(*text), id, {});
  return ParseWhole(session, Unit::Query, &Parser::queryText, limits, diagnostics,
                    [](AstBuilder& builder, Parser::QueryTextContext* context) { return builder.Query(context); });
}

std::optional<ast::Effect> ParseEffect(const SourceManager& sources, SourceId id, const Limits& limits,
                                       Diagnostics& diagnostics) {
  std::optional<std::string> text = ReadText(sources, id, limits, diagnostics);
  if (!text) return std::nullopt;
  Session session(std::move(*text), id, {});
  return ParseWhole(
      session, Unit::Effect, &Parser::effectText, limits, diagnostics,
      [](AstBuilder& builder, Parser::EffectTextContext* context) { return builder.Effect(context->effect()); });
}

ast::ExprPtr ParseExpr(const SourceManager& sources, SourceId id, const Limits& limits, Diagnostics& diagnostics) {
  std::optional<std::string> text = ReadText(sources, id, limits, diagnostics);
  if (!text) return nullptr;
  Session session(std::move(*text), id, {});
  return ParseHole(session, limits, diagnostics);
}

bool GrammarAccepts(const SourceManager& sources, SourceId id) {
  std::string text(sources.text(id));
  if (text.starts_with("\xEF\xBB\xBF")) text.replace(0, 3, "   ");
  RepairUtf8(text);
  Session session(std::move(text), id, {});
  if (!FindTooDeep(session.tokens(), FindItemStarts(session.tokens()), Limits{}.rule_nesting).empty()) return false;
  session.PredictWithFullContext();
  std::size_t position = 0;
  return session.Run(&Parser::file, position) != nullptr;
}

}  // namespace advise::rules::syntax
