// Source texts of the user's input (rule files, queries, templates) and places in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/check.h"

namespace advise {

enum class SourceId : std::uint32_t { None = 0xffffffff };

// A half-open byte range of one source text.
struct SourceSpan {
  SourceId source = SourceId::None;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool valid() const { return source != SourceId::None; }
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

// 1-based, as printed. The column counts code points.
struct SourcePlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// Owns the texts; spans and views into them live as long as the manager.
class SourceManager {
 public:
  // `name` is what messages show: the path as the user wrote it, or `<query>`.
  SourceId Add(std::string name, std::string text);
  [[nodiscard]] std::string_view name(SourceId id) const ADVISE_LIFETIME_BOUND;
  [[nodiscard]] std::string_view text(SourceId id) const ADVISE_LIFETIME_BOUND;
  [[nodiscard]] std::string_view text(SourceSpan span) const ADVISE_LIFETIME_BOUND;
  [[nodiscard]] SourcePlace Place(SourceId id, std::uint32_t offset) const;
  // The line (1-based) without its line end.
  [[nodiscard]] std::string_view Line(SourceId id, std::uint32_t line) const ADVISE_LIFETIME_BOUND;
  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  std::vector<File> files_;
};

}  // namespace advise
