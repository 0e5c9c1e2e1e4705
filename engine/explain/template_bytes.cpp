// Templates through the archive of trees.
#include "explain/template_bytes.h"

#include "rules/image/tree_fields.h"

namespace advise::rules {

using Segments = std::vector<ast::TextSegment>;

// clang-format off
template <> inline constexpr unsigned kEnumerators<explain::Heading> = explain::kHeadings;
template <> inline constexpr unsigned kEnumerators<explain::Level> = 3;
template <> inline constexpr unsigned kEnumerators<explain::LineKind> = 4;

template <> inline constexpr int kFields<explain::TemplateLine<Segments>> = 5;
template <> inline constexpr int kFields<explain::TemplatePart<Segments>> = 3;
template <> inline constexpr int kFields<explain::ParsedTemplate> = 4;
// clang-format on

}  // namespace advise::rules

namespace advise::explain {

std::string TemplateBytes(const ParsedTemplate& parsed) {
  rules::TreeWriter writer;
  writer.Put(parsed);
  return writer.Take();
}

std::optional<ParsedTemplate> ReadTemplate(std::string_view bytes, SourceId source) {
  rules::TreeReader reader(bytes, source);
  std::optional<ParsedTemplate> parsed(std::in_place);
  reader.Get(*parsed);
  if (!reader.Done()) parsed.reset();
  return parsed;
}

}  // namespace advise::explain
