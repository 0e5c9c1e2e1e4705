// Messages of the base protocol: `Content-Length: N`, an empty line, N bytes.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace advise::lsp {

// A longer message ends the connection: no editor sends one.
inline constexpr std::size_t kLongestMessage = std::size_t{64} << 20;

// nullopt: the stream has ended, or what comes is no message.
std::optional<std::string> ReadMessage(std::istream& in);
void WriteMessage(std::ostream& out, std::string_view content);

}  // namespace advise::lsp
