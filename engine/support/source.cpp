// Keeps source texts and finds line and column of an offset.
#include "support/source.h"

#include <algorithm>

namespace advise {

SourceId SourceManager::Add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}};
  for (std::size_t end = file.text.find('\n'); end != std::string::npos; end = file.text.find('\n', end + 1)) {
    file.line_starts.push_back(static_cast<std::uint32_t>(end + 1));
  }
  files_.push_back(std::move(file));
  return static_cast<SourceId>(files_.size() - 1);
}

std::string_view SourceManager::name(SourceId id) const { return files_.at(static_cast<std::size_t>(id)).name; }

std::string_view SourceManager::text(SourceId id) const { return files_.at(static_cast<std::size_t>(id)).text; }

std::string_view SourceManager::text(SourceSpan span) const {
  return text(span.source).substr(span.begin, span.end - span.begin);
}

SourcePlace SourceManager::Place(SourceId id, std::uint32_t offset) const {
  const File& file = files_.at(static_cast<std::size_t>(id));
  const auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - file.line_starts.begin());
  const std::uint32_t start = file.line_starts[line - 1];
  std::uint32_t column = 1;
  for (std::uint32_t i = start; i < offset && i < file.text.size(); ++i) {
    const bool continuation = (static_cast<unsigned char>(file.text[i]) & 0xC0U) == 0x80U;
    if (!continuation) ++column;
  }
  return {line, column};
}

std::string_view SourceManager::Line(SourceId id, std::uint32_t line) const {
  const File& file = files_.at(static_cast<std::size_t>(id));
  if (line == 0 || line > file.line_starts.size()) return {};
  const std::size_t begin = file.line_starts[line - 1];
  std::size_t end = line < file.line_starts.size() ? file.line_starts[line] - 1 : file.text.size();
  if (end > begin && file.text[end - 1] == '\r') --end;
  return std::string_view(file.text).substr(begin, end - begin);
}

}  // namespace advise
