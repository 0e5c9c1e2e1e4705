// The Markdown of explain templates: front matter, headings, paragraphs, sentences. Their holes are parsed by
// rules/syntax.
#include "explain/template.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <utility>

#include "rules/syntax/text_parser.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::explain {
namespace {

using rules::ast::TextSegment;
using rules::syntax::TextParser;
using ParsedLine = TemplateLine<std::vector<TextSegment>>;
using ParsedPart = TemplatePart<std::vector<TextSegment>>;

// A line of the file without its end.
struct RawLine {
  std::uint32_t begin = 0;
  std::string_view text;
};

std::vector<RawLine> Lines(std::string_view text) {
  std::vector<RawLine> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({static_cast<std::uint32_t>(begin), line});
    begin = end + 1;
  }
  return lines;
}

bool IsFence(std::string_view line) { return Trim(line).starts_with("```"); }

std::optional<Heading> ParseHeading(std::string_view text) {
  for (std::size_t i = 0; i < kHeadings; ++i) {
    if (HeadingText(static_cast<Heading>(i)) == text) return static_cast<Heading>(i);
  }
  return std::nullopt;
}

// Words of one or more lines with the place of each byte.
struct Placed {
  std::string text;
  std::vector<std::uint32_t> offsets;

  void Add(RawLine line) {
    for (const char c : line.text) {
      text += c;
      offsets.push_back(line.begin++);
    }
  }
  [[nodiscard]] std::vector<std::uint32_t> OffsetsWithEnd() const {
    std::vector<std::uint32_t> all = offsets;
    all.push_back(offsets.empty() ? 0 : offsets.back() + 1);
    return all;
  }
};

RawLine Trimmed(RawLine line) {
  const std::string_view text = Trim(line.text);
  const auto indent = static_cast<std::uint32_t>(text.empty() ? 0 : text.data() - line.text.data());
  return {line.begin + indent, text};
}

// Cuts at the ends of sentences: . ! or ? before a space, outside holes and `code`.
std::vector<std::vector<TextSegment>> Sentences(std::vector<TextSegment> segments) {
  std::vector<std::vector<TextSegment>> sentences(1);
  bool code = false;
  for (TextSegment& segment : segments) {
    if (segment.hole != nullptr) {
      sentences.back().push_back(std::move(segment));
      continue;
    }
    const std::string_view literal = segment.literal;
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
      if (end > begin) sentences.back().emplace_back().literal = literal.substr(begin, end - begin);
      begin = end;
    };
    for (std::size_t i = 0; i < literal.size(); ++i) {
      if (literal[i] == '`') code = !code;
      const bool stop = literal[i] == '.' || literal[i] == '!' || literal[i] == '?';
      if (code || !stop || i + 1 == literal.size() || literal[i + 1] != ' ') continue;
      take(i + 2);
      sentences.emplace_back();
    }
    take(literal.size());
  }
  if (sentences.back().empty()) sentences.pop_back();
  return sentences;
}

struct FrontMatter {
  std::string rule;
  std::vector<std::string> words;
};

class TemplateReader {
 public:
  TemplateReader(const SourceManager& sources, SourceId id, const Limits& limits, Diagnostics& diagnostics)
      : source_(id), text_(sources.text(id)), diagnostics_(diagnostics), parser_(id, limits, diagnostics) {}

  std::optional<ParsedTemplate> Read() {
    const std::vector<RawLine> lines = Lines(text_);
    const auto fence = [](const RawLine& line) { return Trim(line.text) == "---"; };
    const auto end = lines.empty() ? lines.end() : std::find_if(lines.begin() + 1, lines.end(), fence);
    if (lines.empty() || !fence(lines.front()) || end == lines.end()) {
      Fail({0, {}}, "this template has no front matter")
          .helps.emplace_back("begin it with `---`, `rule: PACK.NAME`, `---`");
      return std::nullopt;
    }
    const std::uint32_t begin = (lines.begin() + 1)->begin;
    auto front = ReadFrontMatter(std::string(text_.substr(begin, end->begin - begin)), lines.front());
    if (!front) return std::nullopt;
    ParsedTemplate result;
    result.rule = std::move(front->rule);
    result.words = std::move(front->words);
    if (!ReadBody(end + 1, lines.end(), result)) return std::nullopt;
    return result;
  }

 private:
  using Iterator = std::vector<RawLine>::const_iterator;

  Diagnostic& Fail(const RawLine& line, std::string message) {
    const auto end = line.begin + static_cast<std::uint32_t>(line.text.size());
    return diagnostics_.Report(DiagnosticCode::Template, {source_, line.begin, end}, std::move(message));
  }

  // yaml-cpp throws; nothing of it leaves this function.
  std::optional<FrontMatter> ReadFrontMatter(const std::string& yaml, const RawLine& place) {
    const auto fail = [&](const std::string& message) -> Diagnostic& {
      return Fail(place, message + " in the front matter");
    };
    try {
      const YAML::Node root = YAML::Load(yaml);
      std::set<std::string> seen;
      FrontMatter front;
      if (root.IsMap()) {
        for (const auto& entry : root) {
          const auto key = entry.first.as<std::string>();
          // yaml-cpp takes the first of two equal keys silently.
          if (!seen.insert(key).second) {
            fail(Quoted(key) + " stands twice");
            return std::nullopt;
          }
          if (key == "rule") {
            front.rule = entry.second.as<std::string>();
          } else if (key == "words") {
            for (const auto& word : entry.second) front.words.push_back(word.as<std::string>());
          } else {
            fail("unknown key " + Quoted(key)).helps.emplace_back("keys are `rule` and `words`");
            return std::nullopt;
          }
        }
      }
      if (!front.rule.empty()) return front;
      fail("no `rule` is named");
    } catch (const YAML::Exception& error) {
      fail("no YAML stands (" + error.msg + ")");
    }
    return std::nullopt;
  }

  // Headings and what stands below them.
  bool ReadBody(Iterator at, Iterator end, ParsedTemplate& into) {
    bool code = false;
    bool any = false;
    std::vector<RawLine> below;
    ParsedPart part;
    const auto flush = [&] {
      part.lines = ReadLines(below, part.heading);
      below.clear();
      if (!part.lines.empty()) into.parts.push_back(std::move(part));
      part = ParsedPart{part.heading, std::nullopt, {}};
    };
    for (; at != end; ++at) {
      const std::string_view line = at->text;
      if (IsFence(line)) code = !code;
      if (!code && line.starts_with("### ")) {
        flush();
        part.level = ParseLevel(Trim(line.substr(4)));
        if (!part.level || !any) {
          Fail(*at, Quoted(line) + " is no level")
              .helps.emplace_back("levels are novice, practitioner and expert, below one of the five headings");
          return false;
        }
      } else if (!code && line.starts_with("## ")) {
        flush();
        const auto heading = ParseHeading(Trim(line.substr(3)));
        if (!heading) {
          Fail(*at, Quoted(line) + " is no heading of a template")
              .helps.emplace_back(
                  "headings are: What happens, Why it is slow, How we know, What it is not, What to do");
          return false;
        }
        if (std::ranges::find(into.parts, *heading, &ParsedPart::heading) != into.parts.end()) {
          Fail(*at, Quoted(HeadingText(*heading)) + " stands twice");
          return false;
        }
        part.heading = *heading;
        any = true;
      } else if (!code && line.starts_with("# ")) {
        into.title = Trim(line.substr(2));
      } else if (any) {
        below.push_back(*at);
      } else if (!Trim(line).empty()) {
        Fail(*at, "this text stands before the first heading");
        return false;
      }
    }
    flush();
    return true;
  }

  // Joins the lines of each paragraph; list items and fenced code keep their lines.
  std::vector<ParsedLine> ReadLines(const std::vector<RawLine>& raws, Heading heading) {
    std::vector<ParsedLine> lines;
    std::optional<Placed> paragraph;
    const auto end_paragraph = [&] {
      if (paragraph) AddWords(*paragraph, heading, lines);
      paragraph.reset();
    };
    bool code = false;
    for (const RawLine& raw : raws) {
      const RawLine line = Trimmed(raw);
      if (IsFence(raw.text)) {
        end_paragraph();
        code = !code;
        lines.push_back({LineKind::Fence, std::string(line.text), {}});
      } else if (code) {
        Placed placed;
        placed.Add(raw);
        auto segments = parser_.Parse(placed.text, placed.OffsetsWithEnd(), TextParser::Conditions::Yes);
        ParsedLine& added = lines.emplace_back(ParsedLine{LineKind::Code, {}, {}});
        if (segments) added.texts.push_back(std::move(*segments));
      } else if (line.text.empty()) {
        if (!paragraph) continue;
        end_paragraph();
        lines.push_back({LineKind::Blank, {}, {}});
      } else if (paragraph && !line.text.starts_with("- ")) {
        paragraph->Add({line.begin - 1, " "});
        paragraph->Add(line);
      } else {
        end_paragraph();
        paragraph.emplace().Add(line);
      }
    }
    end_paragraph();
    while (!lines.empty() && lines.back().kind == LineKind::Blank) lines.pop_back();
    return lines;
  }

  void AddWords(const Placed& paragraph, Heading heading, std::vector<ParsedLine>& lines) {
    auto segments = parser_.Parse(paragraph.text, paragraph.OffsetsWithEnd(), TextParser::Conditions::Yes);
    if (!segments) return;
    ParsedLine line{LineKind::Words, {}, {}};
    constexpr std::string_view kMark = "- `";
    const std::size_t close = paragraph.text.find("` ", kMark.size());
    if (heading == Heading::WhatItIsNot && paragraph.text.starts_with(kMark) && close != std::string::npos) {
      line.ruled_out = paragraph.text.substr(kMark.size(), close - kMark.size());
      line.place = {source_, paragraph.offsets[kMark.size()], paragraph.offsets[close]};
      std::string& literal = segments->front().literal;
      if (literal.starts_with(std::string(kMark) + line.ruled_out + "` ")) literal.erase(2, line.ruled_out.size() + 3);
    }
    line.texts = Sentences(std::move(*segments));
    lines.push_back(std::move(line));
  }

  SourceId source_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  TextParser parser_;
};

}  // namespace

std::optional<ParsedTemplate> ParseTemplate(const SourceManager& sources, SourceId id, const Limits& limits,
                                            Diagnostics& diagnostics) {
  return TemplateReader(sources, id, limits, diagnostics).Read();
}

}  // namespace advise::explain
