// Headers line by line, then the content as it is.
#include "lsp/message_stream.h"

#include <charconv>

#include "support/text.h"

namespace advise::lsp {

std::optional<std::string> ReadMessage(std::istream& in) {
  std::optional<std::size_t> length;
  for (std::string line; std::getline(in, line);) {
    const std::string_view header = Trim(line);
    if (header.empty()) {
      if (!length) continue;  // an empty line before the headers
      std::string content(*length, '\0');
      in.read(content.data(), static_cast<std::streamsize>(*length));
      if (static_cast<std::size_t>(in.gcount()) != *length) return std::nullopt;
      return content;
    }
    constexpr std::string_view kLength = "content-length:";
    if (!Lower(header).starts_with(kLength)) continue;
    const std::string_view number = Trim(header.substr(kLength.size()));
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || value > kLongestMessage) return std::nullopt;
    length = value;
  }
  return std::nullopt;
}

void WriteMessage(std::ostream& out, std::string_view content) {
  out << "Content-Length: " << content.size() << "\r\n\r\n" << content << std::flush;
}

}  // namespace advise::lsp
