// Texts with holes: the scanner of their braces, and one parser for all of their holes.
#include "rules/syntax/text_parser.h"

#include <string>
#include <utility>

#include "rules/syntax/parse_whole.h"
#include "rules/syntax/utf8.h"
#include "support/check.h"
#include "support/text.h"

namespace advise::rules::syntax {
namespace {

constexpr std::size_t kNotFound = std::string_view::npos;

// The `}` of the hole whose `{` is at `open`: braces inside (`count { (s)-->(t) }`) and texts inside are skipped.
std::size_t FindHoleEnd(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i;
    }
  }
  return kNotFound;
}

// `{{ name }}` on one line is Jinja's way to print a value: what stands between braces that are doubled at `at`.
std::string_view JinjaName(std::string_view value, std::size_t at) {
  const std::size_t close = value.find("}}", at);
  if (close == kNotFound) return {};
  const std::string_view inside = value.substr(at + 2, close - at - 2);
  return inside.find_first_of("{}\n\",:") == kNotFound ? inside : std::string_view();
}

}  // namespace

class TextParser::Holes {
 public:
  // The expression at the place that `map` says. Null: reported.
  ast::ExprPtr Parse(std::string_view text, SourceId source, std::span<const std::uint32_t> map, const Limits& limits,
                     Diagnostics& diagnostics) {
    std::string repaired(text);
    RepairUtf8(repaired);  // the text it comes from has been reported
    std::vector<std::uint32_t> offsets(map.begin(), map.end());
    if (session_) {
      session_->Read(std::move(repaired), std::move(offsets));
    } else {
      session_.emplace(std::move(repaired), source, std::move(offsets));
    }
    return ParseHole(*session_, limits, diagnostics);
  }

 private:
  std::optional<Session> session_;
};

TextParser::TextParser(SourceId source, const Limits& limits, Diagnostics& diagnostics)
    : source_(source), limits_(limits), diagnostics_(diagnostics) {}
TextParser::~TextParser() = default;

std::optional<std::vector<ast::TextSegment>> TextParser::Parse(std::string_view value,
                                                               std::span<const std::uint32_t> offsets,
                                                               Conditions conditions) {
  ADVISE_CHECK(offsets.size() == value.size() + 1, "a text needs one offset per byte and one for its end");
  const auto span = [&](std::size_t begin, std::size_t end) {
    return SourceSpan{source_, offsets[begin], offsets[end]};
  };
  std::vector<ast::TextSegment> segments;
  bool ok = true;
  const auto print = [&](char c) {
    if (segments.empty() || segments.back().hole != nullptr) segments.emplace_back();
    segments.back().literal += c;
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool doubled = i + 1 < value.size() && value[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      const std::string_view jinja = c == '{' ? JinjaName(value, i) : std::string_view();
      if (const std::string name(Trim(jinja)); !name.empty()) {
        diagnostics_
            .Report(DiagnosticCode::TemplateDoubleBrace, span(i, i + 4 + jinja.size()),
                    "a doubled brace prints a brace, not a value", "prints `{" + std::string(jinja) + "}`")
            .helps.push_back("to print the value write `{" + name + "}`");
      }
      print(c);
      ++i;
      continue;
    }
    if (c == '}') {
      diagnostics_.Report(DiagnosticCode::Template, span(i, i + 1), "this `}` closes no hole",
                          "write `}}` to print a brace");
      ok = false;
      continue;
    }
    if (c != '{') {
      print(c);
      continue;
    }
    const std::size_t end = FindHoleEnd(value, i);
    if (end == kNotFound) {
      diagnostics_.Report(DiagnosticCode::Template, span(i, i + 1), "this hole is not closed",
                          "its `}` is missing; write `{{` to print a brace");
      return std::nullopt;
    }
    ast::TextSegment segment;
    segment.span = span(i, end + 1);
    segment.condition = conditions == Conditions::Yes && value[i + 1] == '?';
    const std::size_t begin = segment.condition ? i + 2 : i + 1;
    const std::string_view inside = value.substr(begin, end - begin);
    if (Trim(inside).empty()) {
      diagnostics_.Report(DiagnosticCode::Template, segment.span, "this hole is empty",
                          "write an expression, or `{{}}` to print braces");
      ok = false;
    } else {
      if (!holes_) holes_ = std::make_unique<Holes>();
      segment.hole = holes_->Parse(inside, source_, offsets.subspan(begin, end - begin + 1), limits_, diagnostics_);
      ok = segment.hole != nullptr && ok;
      if (segment.hole != nullptr) segments.push_back(std::move(segment));
    }
    i = end;
  }
  if (!ok) return std::nullopt;
  return segments;
}

}  // namespace advise::rules::syntax
