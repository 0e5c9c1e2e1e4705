// Named limits against hostile or broken input. Each says why it exists and which diagnostic it raises; none is reached
// by a real log that we know of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace advise {

struct Limits {
  // Longest line of an event log. Real ones reach some MB (plans, class paths). A longer line is skipped and counted.
  std::size_t line_bytes = std::size_t{256} << 20;
  // Nesting of JSON in one line; real plans reach 500 levels. A deeper line is skipped and counted.
  std::size_t json_nesting = 1024;
  // Decoded bytes per compressed byte, judged only after `ratio_free_bytes` have come out: decompression bombs.
  // LimitExceeded.
  std::size_t ratio = 1000;
  std::size_t ratio_free_bytes = std::size_t{64} << 20;
  // Stage attempts and task attempts of one application; later ones are skipped and counted.
  std::size_t stages = 5'000'000;
  std::size_t tasks = 200'000'000;
  // Rule files: nesting of brackets and `not`, size of one file.
  std::size_t rule_nesting = 200;
  std::size_t rule_bytes = std::size_t{16} << 20;
};

}  // namespace advise
