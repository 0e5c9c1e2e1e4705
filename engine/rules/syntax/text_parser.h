// Texts with holes: "Stage {s.id} spilled {spilled}." This is the one place that looks at their braces.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules::syntax {

// Cuts the texts of one source at their holes and parses these. The diagnostics outlive it.
class TextParser {
 public:
  TextParser(SourceId source, const Limits& limits, Diagnostics& diagnostics);
  ~TextParser();
  TextParser(const TextParser&) = delete;
  TextParser& operator=(const TextParser&) = delete;

  enum class Conditions : bool { No, Yes };  // whether `{? expr}` is known
  // `offsets[i]` is the place of value[i] in the source, one entry more than value, for its end; spans of the result
  // and of diagnostics point there. `{{` and `}}` are braces to print. nullopt when a brace is not closed or a hole
  // does not parse: all of them are reported.
  std::optional<std::vector<ast::TextSegment>> Parse(std::string_view value, std::span<const std::uint32_t> offsets,
                                                     Conditions conditions = Conditions::No);

 private:
  class Holes;
  SourceId source_;
  Limits limits_;
  Diagnostics& diagnostics_;
  std::unique_ptr<Holes> holes_;  // made for the first hole
};

}  // namespace advise::rules::syntax
