// The output formats of a report: one row each.
#include "report/formats.h"

#include <algorithm>
#include <iterator>

#include "report/writers/json.h"

namespace advise::report {
namespace {

void WriteText(const Report& report, const FormatOptions& options, std::ostream& out) {
  out << WriteTerminal(report, options.terminal);
}

void WriteJsonFormat(const Report& report, const FormatOptions& options, std::ostream& out) {
  WriteJson(report, out, {.one_line = options.several_logs});
}

constexpr Format kFormats[] = {
    {"text", "for people, as wide as the terminal", WriteText},
    {"json", "for programs; several logs: one object a line", WriteJsonFormat},
};

}  // namespace

std::span<const Format> Formats() { return kFormats; }

const Format* FindFormat(std::string_view name) {
  const auto it = std::ranges::find(kFormats, name, &Format::name);
  return it == std::end(kFormats) ? nullptr : &*it;
}

}  // namespace advise::report
