// One text in the hands of ANTLR. The only header of the engine that shows ANTLR's types; only rules/syntax/*.cpp may
// include it (1.4 s of compile time each), and no exception of ANTLR leaves Session::Run.
#pragma once

#include <antlr4-runtime.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "AdviseLexer.h"
#include "AdviseParser.h"
#include "rules/syntax/tokens.h"

namespace advise::rules::syntax {

// Where a parse stopped, and what the grammar would have taken there.
struct Failure {
  std::size_t at = 0;                 // index into TokenList::tokens
  std::vector<std::size_t> expected;  // token types, ascending
  [[nodiscard]] bool Expects(std::size_t kind) const;
  // Nothing but this kind.
  [[nodiscard]] bool ExpectsOnly(std::size_t kind) const;
};

// Owns the lexer, its tokens and the parser of one text after another.
class Session {
 public:
  // `map`: as TokenList::map.
  Session(std::string text, SourceId source, std::vector<std::uint32_t> map);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Goes on with another text of the same source; what was parsed before is gone.
  void Read(std::string text, std::vector<std::uint32_t> map);

  [[nodiscard]] const TokenList& tokens() const ADVISE_LIFETIME_BOUND { return tokens_; }

  // Parses one unit, such as &AdviseParser::clause, from token `position` and moves `position` behind it. On failure
  // returns null and fills failure(); position stays. The tree lives until the next Run.
  template <class Context>
  Context* Run(Context* (generated::AdviseParser::*unit)(), std::size_t& position) {
    Context* context = nullptr;
    Guard(position, [&] { context = ((*parser_).*unit)(); });
    return failure_ ? nullptr : context;
  }
  // Slower and, for this grammar, with the same results as SLL; for tests.
  void PredictWithFullContext();
  [[nodiscard]] const Failure& failure() const ADVISE_LIFETIME_BOUND { return *failure_; }

 private:
  class ByteStream;
  class StopAtFirstError;

  void ListTokens();
  void Guard(std::size_t& position, const std::function<void()>& parse);
  [[nodiscard]] std::size_t IndexOf(std::size_t stream_index) const;

  TokenList tokens_;
  std::unique_ptr<ByteStream> bytes_;
  std::unique_ptr<generated::AdviseLexer> lexer_;
  std::unique_ptr<antlr4::CommonTokenStream> stream_;
  std::unique_ptr<generated::AdviseParser> parser_;
  std::optional<Failure> failure_;
};

}  // namespace advise::rules::syntax
