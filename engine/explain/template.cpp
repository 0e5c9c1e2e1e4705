#include "explain/template.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "support/read_file.h"

namespace advise::explain {
namespace {

std::string_view TrimLine(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

bool IsFence(std::string_view line) { return TrimLine(line).starts_with("```"); }

std::optional<Heading> ParseHeading(std::string_view text) {
  for (std::size_t i = 0; i < kHeadings; ++i) {
    if (HeadingText(static_cast<Heading>(i)) == text) return static_cast<Heading>(i);
  }
  return std::nullopt;
}

// Joins the lines of each paragraph; list items and fenced code keep their lines.
std::string Reflow(const std::vector<std::string_view>& lines) {
  std::string text;
  bool code = false;
  bool paragraph = false;  // the previous line may be continued
  for (const std::string_view raw : lines) {
    if (IsFence(raw)) {
      code = !code;
      if (!text.empty() && !text.ends_with('\n')) text += '\n';
      text.append(TrimLine(raw)) += '\n';
      paragraph = false;
      continue;
    }
    if (code) {
      text.append(raw) += '\n';
      continue;
    }
    const std::string_view line = TrimLine(raw);
    if (line.empty()) {
      if (paragraph) text += "\n\n";
      paragraph = false;
      continue;
    }
    const bool item = line.starts_with("- ");
    if (paragraph) text += item ? '\n' : ' ';
    text.append(line);
    paragraph = true;
  }
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// One stretch of a body below a heading and level.
struct Block {
  std::optional<Heading> heading;
  std::optional<Level> level;  // absent: all levels
  std::vector<std::string_view> lines;
};

struct FrontMatter {
  std::string rule;
  std::vector<std::string> words;
};

// yaml-cpp throws; nothing of it leaves this function.
Result<FrontMatter> ParseFrontMatter(const std::string& yaml, const std::string& name) {
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap()) return Fail(DiagnosticCode::Template, "the front matter of " + name + " is not a list of keys");
    std::set<std::string> seen;
    FrontMatter front;
    for (const auto& entry : root) {
      const auto key = entry.first.as<std::string>();
      // yaml-cpp takes the first of two equal keys silently.
      if (!seen.insert(key).second)
        return Fail(DiagnosticCode::Template, "`" + key + "` stands twice in the front matter of " + name);
      if (key == "rule") {
        front.rule = entry.second.as<std::string>();
      } else if (key == "words") {
        for (const auto& word : entry.second) front.words.push_back(word.as<std::string>());
      } else {
        return Fail(DiagnosticCode::Template, "unknown key `" + key + "` in the front matter of " + name,
                    "keys are `rule` and `words`");
      }
    }
    if (front.rule.empty()) return Fail(DiagnosticCode::Template, "the front matter of " + name + " names no `rule`");
    return front;
  } catch (const YAML::Exception& error) {
    return Fail(DiagnosticCode::Template, "the front matter of " + name + " is not YAML: " + error.what());
  }
}

// Where a hole ends: the brace that closes it, texts inside it left aside. npos: not closed.
std::size_t HoleEnd(std::string_view text, std::size_t open) {
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

struct Piece {
  bool hole = false;
  std::string_view text;  // of a hole without its braces
};

// nullopt: a hole is not closed.
std::optional<std::vector<Piece>> Cut(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] == '{' && !doubled) {
      const std::size_t end = HoleEnd(text, i);
      if (end == std::string_view::npos) return std::nullopt;
      pieces.push_back({false, text.substr(begin, i - begin)});
      pieces.push_back({true, TrimLine(text.substr(i + 1, end - i - 1))});
      i = end;
      begin = end + 1;
    } else if ((text[i] == '{' || text[i] == '}') && doubled) {
      pieces.push_back({false, text.substr(begin, i + 1 - begin)});
      ++i;
      begin = i + 1;
    }
  }
  pieces.push_back({false, text.substr(begin)});
  return pieces;
}

// `{? a < b}` prints nothing; its sentence stands only if it is true.
bool IsCondition(std::string_view hole) { return hole.starts_with('?'); }
std::string_view Expression(std::string_view hole) { return IsCondition(hole) ? TrimLine(hole.substr(1)) : hole; }

std::optional<std::string> FillOne(std::string_view sentence, const HoleValue& value) {
  const auto pieces = Cut(sentence);
  if (!pieces) return std::nullopt;
  std::string filled;
  for (const Piece& piece : *pieces) {
    if (!piece.hole) {
      filled.append(piece.text);
      continue;
    }
    if (IsCondition(piece.text)) {
      if (value(Expression(piece.text)) != "true") return std::nullopt;
      continue;
    }
    const auto text = value(piece.text);
    if (!text) return std::nullopt;
    filled += *text;
  }
  return filled;
}

// Sentences of one line: each ends with . ! or ? before a space, outside holes and code.
std::vector<std::string_view> Sentences(std::string_view line) {
  std::vector<std::string_view> sentences;
  std::size_t begin = 0;
  bool code = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '`') code = !code;
    if (line[i] == '{' && !(i + 1 < line.size() && line[i + 1] == '{')) {
      const std::size_t end = HoleEnd(line, i);
      if (end == std::string_view::npos) break;
      i = end;
      continue;
    }
    const bool stop = line[i] == '.' || line[i] == '!' || line[i] == '?';
    if (!code && stop && i + 1 < line.size() && line[i + 1] == ' ') {
      sentences.push_back(line.substr(begin, i + 2 - begin));
      begin = i + 2;
    }
  }
  if (begin < line.size()) sentences.push_back(line.substr(begin));
  return sentences;
}

std::string FillLine(std::string_view line, bool code, const HoleValue& value) {
  if (code) return FillOne(line, value).value_or("");
  std::string filled;
  for (const std::string_view sentence : Sentences(line)) filled += FillOne(sentence, value).value_or("");
  while (filled.ends_with(' ')) filled.pop_back();
  // An item of which only the mark is left says nothing.
  return filled == "-" ? std::string() : filled;
}

}  // namespace

Result<Template> ParseTemplate(std::string_view text, const std::string& name) {
  const std::vector<std::string_view> lines = Lines(text);
  const auto fence = [](std::string_view line) { return TrimLine(line) == "---"; };
  const auto end = lines.empty() ? lines.end() : std::find_if(lines.begin() + 1, lines.end(), fence);
  if (lines.empty() || !fence(lines.front()) || end == lines.end()) {
    return Fail(DiagnosticCode::Template, name + " has no front matter",
                "begin it with `---`, `rule: PACK.NAME`, `---`");
  }
  std::string yaml;
  for (auto it = lines.begin() + 1; it != end; ++it) yaml.append(*it) += '\n';
  ADVISE_TRY(FrontMatter front, ParseFrontMatter(yaml, name));

  Template result;
  result.file = name;
  result.source = text;
  result.rule = std::move(front.rule);
  result.words = std::move(front.words);

  std::vector<Block> blocks;
  bool code = false;
  for (auto it = end + 1; it != lines.end(); ++it) {
    const std::string_view line = *it;
    if (IsFence(line)) code = !code;
    if (!code && line.starts_with("### ")) {
      const auto level = ParseLevel(TrimLine(line.substr(4)));
      if (!level || blocks.empty()) {
        return Fail(DiagnosticCode::Template, "`" + std::string(line) + "` in " + name + " is no level",
                    "levels are novice, practitioner and expert, below one of the five headings");
      }
      blocks.push_back({blocks.back().heading, level, {}});
    } else if (!code && line.starts_with("## ")) {
      const auto heading = ParseHeading(TrimLine(line.substr(3)));
      if (!heading) {
        return Fail(DiagnosticCode::Template, "`" + std::string(line) + "` in " + name + " is no heading of a template",
                    "headings are: What happens, Why it is slow, How we know, What it is not, What to do");
      }
      blocks.push_back({heading, std::nullopt, {}});
    } else if (!code && line.starts_with("# ")) {
      result.title = TrimLine(line.substr(2));
    } else if (!blocks.empty()) {
      blocks.back().lines.push_back(line);
    } else if (!TrimLine(line).empty()) {
      return Fail(DiagnosticCode::Template, "text before the first heading of " + name);
    }
  }

  for (const Block& block : blocks) {
    const std::string body = Reflow(block.lines);
    if (body.empty()) continue;
    if (!Cut(body))
      return Fail(DiagnosticCode::Template, "a hole in " + name + " is not closed", "write `{{` for a brace");
    for (std::size_t level = 0; level < kLevels; ++level) {
      if (block.level && static_cast<std::size_t>(*block.level) != level) continue;
      std::string& slot = result.bodies[level][static_cast<std::size_t>(*block.heading)];
      if (!slot.empty() && block.level) {
        slot += "\n\n";
      } else if (!slot.empty()) {
        return Fail(DiagnosticCode::Template,
                    "`" + std::string(HeadingText(*block.heading)) + "` stands twice in " + name);
      }
      slot += body;
    }
  }
  return result;
}

namespace {

std::vector<std::filesystem::path> TemplateFiles(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".md" && it->path().filename() != "README.md") files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

TemplateSet LoadFiles(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& files,
                      Diagnostics& diagnostics) {
  namespace fs = std::filesystem;
  TemplateSet set;
  for (const fs::path& file : files) {
    const SmallFile read = ReadSmallFile(file, folder);
    const std::string name = (folder.filename() / file.lexically_relative(folder)).generic_string();
    if (!read.text) {
      diagnostics.Report(DiagnosticCode::Template, name + " " + read.why);
      continue;
    }
    Result<Template> parsed = ParseTemplate(*read.text, name);
    if (!parsed) {
      diagnostics.Report(parsed.error());
    } else if (const std::string rule = parsed->rule; !set.by_rule.emplace(rule, std::move(*parsed)).second) {
      diagnostics.Report(DiagnosticCode::Template,
                         name + " explains `" + rule + "`, which another template explains already");
    }
  }
  return set;
}

}  // namespace

TemplateSet LoadTemplates(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  return LoadFiles(folder, TemplateFiles(folder), diagnostics);
}

TemplateSet LoadTemplates(const std::filesystem::path& folder, const std::set<std::string>& names,
                          Diagnostics& diagnostics) {
  std::vector<std::filesystem::path> files = TemplateFiles(folder);
  std::erase_if(files, [&names](const auto& file) { return !names.contains(file.stem().string()); });
  return LoadFiles(folder, files, diagnostics);
}

std::string FillHoles(std::string_view body, const HoleValue& value) {
  std::string text;
  bool code = false;
  for (const std::string_view line : Lines(body)) {
    if (IsFence(line)) {
      code = !code;
      text.append(line) += '\n';
      continue;
    }
    const std::string filled = FillLine(line, code, value);
    if (filled.empty() && !line.empty()) continue;
    if (filled.empty() && !code && (text.empty() || text.ends_with("\n\n"))) continue;
    text.append(filled) += '\n';
  }
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::vector<std::string> HolesOf(const Template& text) {
  std::set<std::string> holes;
  for (const auto& level : text.bodies) {
    for (const std::string& body : level) {
      const auto pieces = Cut(body);
      for (const Piece& piece : pieces.value_or(std::vector<Piece>())) {
        if (piece.hole) holes.emplace(Expression(piece.text));
      }
    }
  }
  return {holes.begin(), holes.end()};
}

}  // namespace advise::explain
