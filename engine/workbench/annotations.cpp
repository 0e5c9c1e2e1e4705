// Escapes of workflow commands.
#include "workbench/annotations.h"

namespace advise::workbench {
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

std::string Annotation(std::string_view level, std::string_view file, std::uint32_t line, std::string_view title,
                       std::string_view message) {
  return "::" + std::string(level) + " file=" + Escaped(file, true) + ",line=" + std::to_string(line) +
         ",title=" + Escaped(title, true) + "::" + Escaped(message, false) + "\n";
}

}  // namespace advise::workbench
