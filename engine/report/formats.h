// The output formats of a report: `--format`. To add one: a writer in writers/ and a row in formats.cpp.
#pragma once

#include <ostream>
#include <span>
#include <string_view>

#include "report/report.h"
#include "report/writers/text.h"

namespace advise::report {

struct FormatOptions {
  TextOptions text;
  bool several_logs = false;  // JSON: one object a line; Markdown: an empty line behind each
};

struct Format {
  std::string_view name;     // as --format takes it
  std::string_view summary;  // for --help
  void (*write)(const Report& report, const FormatOptions& options, std::ostream& out);
  bool details = false;  // it shows Report::details
  bool one_log = false;  // it holds one report: of several logs that of the worst
};

std::span<const Format> Formats();
// Null: no such format.
const Format* FindFormat(std::string_view name);

}  // namespace advise::report
