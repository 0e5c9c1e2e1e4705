// libFuzzer: explain templates: front matter, headings and holes from anywhere.
#include <cstddef>
#include <cstdint>
#include <string>

#include "explain/template.h"
#include "support/diagnostic_render.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  advise::SourceManager sources;
  advise::Diagnostics diagnostics;
  const advise::SourceId id = sources.Add("fuzz.md", std::string(reinterpret_cast<const char*>(data), size));
  static_cast<void>(advise::explain::ParseTemplate(sources, id, advise::Limits(), diagnostics));
  static_cast<void>(advise::Render(sources, diagnostics));  // every place lies in the text
  return 0;
}
