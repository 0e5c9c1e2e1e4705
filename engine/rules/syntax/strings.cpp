// Escapes, blocks of lines and doc comments, both ways.
#include "rules/syntax/strings.h"

#include <algorithm>

namespace advise::rules::syntax {
namespace {

constexpr std::string_view kTripleQuote = "\"\"\"";

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

struct Line {
  std::size_t begin;  // in the literal
  std::string_view text;
};

std::vector<Line> SplitLines(std::string_view text, std::size_t begin) {
  std::vector<Line> lines;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find('\n', start);
    lines.push_back({begin + start, text.substr(start, end == std::string_view::npos ? end : end - start)});
    if (end == std::string_view::npos) return lines;
    start = end + 1;
  }
}

UnescapedString Raw(std::string_view literal) {
  UnescapedString result;
  const std::string_view content = literal.substr(3, literal.size() - 6);
  std::vector<Line> lines = SplitLines(content, 3);
  const bool block = lines.size() > 1 && IsBlank(lines.front().text);
  std::size_t indent = 0;
  if (block) {
    lines.erase(lines.begin());
    indent = std::string_view::npos;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool closing = i + 1 == lines.size();  // the line of the closing quotes counts even when blank
      if (!closing && IsBlank(lines[i].text)) continue;
      const std::size_t spaces = std::min(lines[i].text.find_first_not_of(" \t"), lines[i].text.size());
      indent = std::min(indent, spaces);
    }
    if (lines.size() > 1 && IsBlank(lines.back().text)) lines.pop_back();
  }
  const auto add = [&](char c, std::size_t at) {
    result.value += c;
    result.offsets.push_back(static_cast<std::uint32_t>(at));
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view text = lines[i].text;
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (block && IsBlank(text)) text = {};
    for (std::size_t at = std::min(indent, text.size()); at < text.size(); ++at) add(text[at], lines[i].begin + at);
    if (i + 1 < lines.size()) add('\n', lines[i].begin + lines[i].text.size());
  }
  result.offsets.push_back(static_cast<std::uint32_t>(literal.size() - 3));
  return result;
}

// Whether Raw() gives `value` back from a block.
bool FitsBlock(std::string_view value) {
  if (value.find('\n') == std::string_view::npos || value.find(kTripleQuote) != std::string_view::npos) return false;
  const std::vector<Line> lines = SplitLines(value, 0);
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) {
    return (line.text.empty() || !IsBlank(line.text)) && line.text.find('\r') == std::string_view::npos;
  });
}

}  // namespace

UnescapedString Unescape(std::string_view literal) {
  if (literal.size() >= 6 && literal.substr(0, 3) == kTripleQuote) return Raw(literal);
  UnescapedString result;
  for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
    const std::size_t at = i;
    char c = literal[i];
    if (c == '\\') {
      c = literal[++i];
      switch (c) {
        case 'n': c = '\n'; break;
        case 't': c = '\t'; break;
        case 'r': c = '\r'; break;
        case '"':
        case '\\': break;
        default: result.bad_escapes.push_back(static_cast<std::uint32_t>(at)); break;
      }
    }
    result.value += c;
    result.offsets.push_back(static_cast<std::uint32_t>(at));
  }
  result.offsets.push_back(static_cast<std::uint32_t>(literal.size() - 1));
  return result;
}

std::string Quote(std::string_view value, std::size_t indent) {
  if (FitsBlock(value)) {
    const std::string margin(indent, ' ');
    std::string out(kTripleQuote);
    for (const Line& line : SplitLines(value, 0)) {
      out += '\n';
      if (!line.text.empty()) out += margin + std::string(line.text);
    }
    return out + "\n" + margin + std::string(kTripleQuote);
  }
  std::string out = "\"";
  for (const char c : value) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default: out += c; break;
    }
  }
  return out + "\"";
}

std::string DocText(std::string_view comment) {
  std::string doc;
  for (const Line& line : SplitLines(comment, 0)) {
    std::string_view text = line.text;
    text.remove_prefix(std::min(text.find("##"), text.size()));
    text.remove_prefix(std::min<std::size_t>(2, text.size()));
    if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    const std::size_t last = text.find_last_not_of(" \t\r");
    text = last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
    if (line.begin > 0) doc += '\n';
    doc += text;
  }
  return doc;
}

}  // namespace advise::rules::syntax
