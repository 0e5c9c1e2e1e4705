// Escapes of workflow commands.
#include "support/annotations.h"

namespace advise {
namespace {

// What a workflow command would read as its own signs.
std::string Escaped(std::string_view text, bool property) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%') {
      escaped += "%25";
    } else if (c == '\n') {
      escaped += "%0A";
    } else if (c == '\r') {
      escaped += "%0D";
    } else if (property && c == ':') {
      escaped += "%3A";
    } else if (property && c == ',') {
      escaped += "%2C";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string Annotation(std::string_view level, const AnnotatedPlace& place, std::string_view title,
                       std::string_view message) {
  std::string text = "::" + std::string(level) + " ";
  const auto number = [&](std::string_view name, std::uint32_t value) {
    if (value > 0) text += std::string(name) + "=" + std::to_string(value) + ",";
  };
  if (!place.file.empty()) {
    text += "file=" + Escaped(place.file, true) + ",";
    number("line", place.line);
    number("endLine", place.end_line);
    number("col", place.column);
    number("endColumn", place.end_column);
  }
  return text + "title=" + Escaped(title, true) + "::" + Escaped(message, false) + "\n";
}

}  // namespace advise
