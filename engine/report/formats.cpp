// The output formats of a report: one row each.
#include "report/formats.h"

#include <algorithm>
#include <iterator>

#include "report/make_page.h"
#include "report/writers/html.h"
#include "report/writers/json.h"
#include "report/writers/markdown.h"

namespace advise::report {
namespace {

void Text(const Report& report, const FormatOptions& options, std::ostream& out) {
  out << WriteText(MakePage(report), options.text);
}

void Markdown(const Report& report, const FormatOptions& options, std::ostream& out) {
  out << WriteMarkdown(MakePage(report));
  if (options.several_logs) out << '\n';
}

void Json(const Report& report, const FormatOptions& options, std::ostream& out) {
  WriteJson(report, out, {.one_line = options.several_logs});
}

void Html(const Report& report, const FormatOptions&, std::ostream& out) { out << WriteHtml(report); }

constexpr Format kFormats[] = {
    {"text", "for people, as wide as the terminal", Text},
    {"json", "for programs, one object a line if there are several logs", Json},
    {"markdown", "for tickets and pull requests", Markdown},
    {"html", "one file for a browser, with queries, stages and executors; of several logs the worst", Html, true, true},
};

}  // namespace

std::span<const Format> Formats() { return kFormats; }

const Format* FindFormat(std::string_view name) {
  const auto it = std::ranges::find(kFormats, name, &Format::name);
  return it == std::end(kFormats) ? nullptr : &*it;
}

}  // namespace advise::report
