// The lexer and parser that ANTLR generated, set up once and used for text after text.
#include "rules/syntax/session.h"

#include <algorithm>
#include <exception>

namespace advise::rules::syntax {
namespace {

// Thrown by the error strategy, caught by Session::Guard.
struct Stopped {};

std::vector<std::size_t> Kinds(const antlr4::misc::IntervalSet& set) {
  std::vector<std::size_t> kinds;
  for (const ssize_t kind : set.toList()) {
    if (kind > 0) kinds.push_back(static_cast<std::size_t>(kind));  // not end of file, not epsilon
  }
  return kinds;
}

// What the prediction would have taken at the token where its last alternative died.
antlr4::misc::IntervalSet DeadEnd(const antlr4::atn::ATNConfigSet& configs) {
  antlr4::misc::IntervalSet expected;
  for (const auto& config : configs.configs) {
    for (const antlr4::atn::Transition* transition : config->state->transitions) {
      if (!transition->isEpsilon()) expected.addAll(transition->label());
    }
  }
  return expected;
}

}  // namespace

// Bytes as characters: token offsets are then byte offsets. Nothing outside strings and comments is wider than ASCII.
class Session::ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(const std::string& text) : text_(text) {}

  void consume() override { ++index_; }
  std::size_t LA(ssize_t offset) override {
    const ssize_t at = static_cast<ssize_t>(index_) + (offset > 0 ? offset - 1 : offset);
    if (at < 0 || at >= static_cast<ssize_t>(text_.size())) return antlr4::IntStream::EOF;
    return static_cast<unsigned char>(text_[static_cast<std::size_t>(at)]);
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t /*marker*/) override {}
  std::size_t index() override { return index_; }
  void seek(std::size_t index) override { index_ = index; }
  std::size_t size() override { return text_.size(); }
  std::string getText(const antlr4::misc::Interval& interval) override {
    if (interval.a < 0 || interval.b < interval.a) return {};
    const auto begin = static_cast<std::size_t>(interval.a);
    return begin < text_.size() ? text_.substr(begin, static_cast<std::size_t>(interval.b - interval.a + 1))
                                : std::string();
  }
  std::string getSourceName() const override { return {}; }
  std::string toString() const override { return text_; }

 private:
  const std::string& text_;
  std::size_t index_ = 0;
};

// No repair by guessing (deleting or inserting tokens): the first error of a unit stops it, so that one typo is one
// message and mistakes.cpp sees the tokens as written.
class Session::StopAtFirstError final : public antlr4::DefaultErrorStrategy {
 public:
  explicit StopAtFirstError(Session& session) : session_(session) {}

  void reportError(antlr4::Parser* /*parser*/, const antlr4::RecognitionException& /*error*/) override {}
  void sync(antlr4::Parser* /*parser*/) override {}
  void recover(antlr4::Parser* parser, std::exception_ptr error) override {
    try {
      std::rethrow_exception(error);
    } catch (const antlr4::NoViableAltException& dead_end) {
      const auto* configs = dead_end.getDeadEndConfigs();
      Stop(dead_end.getOffendingToken(), configs != nullptr ? DeadEnd(*configs) : parser->getExpectedTokens());
    } catch (const antlr4::RecognitionException& mismatch) {
      Stop(mismatch.getOffendingToken(), parser->getExpectedTokens());
    }
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    Stop(parser->getCurrentToken(), parser->getExpectedTokens());
  }

 private:
  [[noreturn]] void Stop(const antlr4::Token* token, const antlr4::misc::IntervalSet& expected) {
    session_.failure_ = Failure{session_.IndexOf(token->getTokenIndex()), Kinds(expected)};
    throw Stopped{};
  }

  Session& session_;
};

bool Failure::Expects(std::size_t kind) const { return std::binary_search(expected.begin(), expected.end(), kind); }

bool Failure::ExpectsOnly(std::size_t kind) const { return expected.size() == 1 && expected.front() == kind; }

Session::Session(std::string text, SourceId source, std::vector<std::uint32_t> map) {
  generated::AdviseLexer::Prepare();
  generated::AdviseParser::Prepare();
  tokens_.text = std::move(text);
  tokens_.source = source;
  tokens_.map = std::move(map);
  bytes_ = std::make_unique<ByteStream>(tokens_.text);
  lexer_ = std::make_unique<generated::AdviseLexer>(bytes_.get());
  lexer_->removeErrorListeners();  // ERROR_CHAR takes what nothing else does: the lexer itself cannot fail
  stream_ = std::make_unique<antlr4::CommonTokenStream>(lexer_.get());
  ListTokens();

  parser_ = std::make_unique<generated::AdviseParser>(stream_.get());
  parser_->removeErrorListeners();
  parser_->setErrorHandler(std::make_shared<StopAtFirstError>(*this));
  // The grammar has no decision that needs full context (tests/unit/rules_syntax_test.cpp holds SLL against LL).
  parser_->getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
}

Session::~Session() = default;

void Session::Read(std::string text, std::vector<std::uint32_t> map) {
  parser_->reset();  // lets go of the tree
  tokens_.text = std::move(text);
  tokens_.map = std::move(map);
  tokens_.tokens.clear();
  bytes_->seek(0);
  lexer_->setInputStream(bytes_.get());
  stream_->setTokenSource(lexer_.get());
  ListTokens();
}

void Session::ListTokens() {
  stream_->fill();
  std::size_t last_line = 0;
  for (const antlr4::Token* token : stream_->getTokens()) {
    if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) continue;
    const bool end_of_file = token->getType() == antlr4::Token::EOF;
    Token entry;
    entry.kind = token->getType();
    entry.begin = static_cast<std::uint32_t>(end_of_file ? tokens_.text.size() : token->getStartIndex());
    entry.end = static_cast<std::uint32_t>(end_of_file ? tokens_.text.size() : token->getStopIndex() + 1);
    entry.stream_index = token->getTokenIndex();
    entry.first_on_line = token->getLine() != last_line;
    // A doc comment or a text over several lines: what follows its end on the same line is not first there.
    last_line = token->getLine() + static_cast<std::size_t>(std::count(tokens_.text.begin() + entry.begin,
                                                                       tokens_.text.begin() + entry.end, '\n'));
    tokens_.tokens.push_back(entry);
  }
}

void Session::PredictWithFullContext() {
  parser_->getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::LL);
}

void Session::Guard(std::size_t& position, const std::function<void()>& parse) {
  failure_.reset();
  parser_->reset();
  stream_->seek(tokens_.tokens[position].stream_index);
  try {
    parse();
    position = IndexOf(stream_->index());
  } catch (const Stopped&) {
    // failure_ says where and why
  } catch (const std::exception&) {
    // Not reached by any input we know; a parse without an answer is still only a bad unit.
    if (!failure_) failure_ = Failure{position, {}};
  }
}

std::size_t Session::IndexOf(std::size_t stream_index) const {
  const auto found =
      std::lower_bound(tokens_.tokens.begin(), tokens_.tokens.end(), stream_index,
                       [](const Token& token, std::size_t wanted) { return token.stream_index < wanted; });
  return std::min(static_cast<std::size_t>(found - tokens_.tokens.begin()), tokens_.tokens.size() - 1);
}

}  // namespace advise::rules::syntax
