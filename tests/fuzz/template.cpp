// libFuzzer: explain templates: front matter, headings and holes from anywhere.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "explain/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = advise::explain::ParseTemplate(text, "fuzz.md");
  if (!parsed) return 0;
  for (const auto& level : parsed->bodies) {
    for (const std::string& body : level) {
      // Every second hole is missing, so that sentences are dropped.
      int count = 0;
      static_cast<void>(advise::explain::FillHoles(body, [&count](std::string_view hole) -> std::optional<std::string> {
        return ++count % 2 == 0 ? std::optional<std::string>(hole) : std::nullopt;
      }));
    }
  }
  static_cast<void>(advise::explain::HolesOf(*parsed));
  return 0;
}
