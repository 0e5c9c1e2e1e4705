// tests/golden/report/: the report of a hand-made run (report_cases.h).
//   <case>-<level>                                        at 72, 100 and 120 columns, in UTF-8 and ASCII
//   <case>-<width>-<charset>-<level>[-colour]             one of them, or with colours
//   <case>-json                                           its JSON
//   <case>-markdown-<level>                               as Markdown
//   <case>-html-<level>                                   as HTML, without the style sheet and the script
#include <sstream>
#include <vector>

#include "golden/report_cases.h"
#include "golden/runners.h"
#include "report/make_page.h"
#include "report/writers/html.h"
#include "report/writers/json.h"
#include "report/writers/markdown.h"
#include "report/writers/text.h"

namespace advise::golden {
namespace {

std::vector<std::string> SplitAtDashes(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, '-');) parts.push_back(part);
  return parts;
}

std::string AllForms(const std::string& name, explain::Level level) {
  const report::Report report = MakeReportCase(name, level);
  std::string text;
  for (const std::size_t width : {std::size_t{72}, std::size_t{100}, std::size_t{120}}) {
    for (const bool utf8 : {true, false}) {
      text += "######## " + std::to_string(width) + (utf8 ? " utf8\n" : " ascii\n");
      text += report::WriteText(report::MakePage(report), {.width = width, .utf8 = utf8, .colour = false});
    }
  }
  return text;
}

// The page is the same whatever its style sheet and script are: a line stands for them and their hashes.
std::string WithoutAssets(std::string page) {
  for (const auto& [begin, end] : {std::pair<std::string, std::string>{"sha256-", "'"}, {"<style>", "</style>"},
                                   {"<script>", "</script>"}}) {
    for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
      at += begin.size();
      page.replace(at, page.find(end, at) - at, "…");
    }
  }
  return page;
}

}  // namespace

std::string RunReportGolden(const std::filesystem::path& folder) {
  const std::vector<std::string> parts = SplitAtDashes(folder.filename().string());
  if (parts.size() == 2 && parts[1] == "json") {
    std::ostringstream out;
    report::WriteJson(MakeReportCase(parts[0], explain::Level::Practitioner), out);
    return out.str();
  }
  if (parts.size() == 3 && parts[1] == "markdown") {
    const auto level = explain::ParseLevel(parts[2]);
    if (!level) return "unknown level in " + folder.filename().string() + "\n";
    return report::WriteMarkdown(report::MakePage(MakeReportCase(parts[0], *level)));
  }
  if (parts.size() == 3 && parts[1] == "html") {
    const auto level = explain::ParseLevel(parts[2]);
    if (!level) return "unknown level in " + folder.filename().string() + "\n";
    return WithoutAssets(report::WriteHtml(MakeReportCase(parts[0], *level, false, true)));
  }
  const bool all = parts.size() == 2;
  if (!all && parts.size() < 4)
    return "the folder's name must be <case>-<level>, <case>-json, <case>-markdown-<level>, <case>-html-<level> or with width and charset\n";
  const auto level = explain::ParseLevel(parts[all ? 1 : 3]);
  if (!level) return "unknown level in " + folder.filename().string() + "\n";
  if (all) return AllForms(parts[0], *level);
  const report::TextOptions options{
      .width = std::stoul(parts[1]), .utf8 = parts[2] == "utf8", .colour = parts.size() > 4};
  return report::WriteText(report::MakePage(MakeReportCase(parts[0], *level)), options);
}

}  // namespace advise::golden
