// Splits texts at backticks and double asterisks into spans.
#include "report/inline_text.h"

#include <algorithm>

namespace advise::report {
namespace {

void Add(InlineText& spans, std::string_view text, SpanKind kind) {
  if (text.empty()) return;
  if (!spans.empty() && spans.back().kind == kind)
    spans.back().text += text;
  else
    spans.push_back({std::string(text), kind});
}

InlineText Whole(std::string_view text, SpanKind kind) {
  InlineText spans;
  Add(spans, text, kind);
  return spans;
}

}  // namespace

InlineText ParseInline(std::string_view text) {
  InlineText spans;
  bool code = false;
  bool strong = false;
  while (!text.empty()) {
    const std::size_t mark = code ? text.find('`') : std::min(text.find('`'), text.find("**"));
    Add(spans, text.substr(0, mark), code ? SpanKind::Code : strong ? SpanKind::Strong : SpanKind::Plain);
    if (mark == std::string_view::npos) break;
    const bool backtick = text[mark] == '`';
    (backtick ? code : strong) ^= true;
    text.remove_prefix(mark + (backtick ? 1 : 2));
  }
  return spans;
}

InlineText PlainInline(std::string_view text) { return Whole(text, SpanKind::Plain); }
InlineText CodeInline(std::string_view text) { return Whole(text, SpanKind::Code); }

InlineText JoinInline(const std::vector<InlineText>& texts, std::string_view separator) {
  InlineText joined;
  for (const InlineText& text : texts) {
    if (text.empty()) continue;
    if (!joined.empty()) Add(joined, separator, SpanKind::Plain);
    for (const Span& span : text) Add(joined, span.text, span.kind);
  }
  return joined;
}

}  // namespace advise::report
