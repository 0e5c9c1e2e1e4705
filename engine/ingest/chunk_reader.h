// Cuts a stream of bytes into chunks of whole lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/byte_source.h"
#include "support/check.h"
#include "support/limits.h"
#include "support/result.h"

namespace advise::ingest {

// A buffer that is used again for every chunk of one worker.
struct Chunk {
  std::unique_ptr<char[]> buffer;
  std::size_t capacity = 0;      // of buffer, padding included
  std::size_t size = 0;          // bytes of lines; kLinePadding readable bytes follow
  std::uint64_t number = 0;      // 0, 1, 2 … in log order
  bool ends_log = false;         // the last line ends with the log: it may lack its '\n'
  std::uint64_t long_lines = 0;  // lines above the limit that were skipped in front of or inside this chunk
  [[nodiscard]] std::string_view text() const ADVISE_LIFETIME_BOUND { return {buffer.get(), size}; }
};

// Not thread-safe: the caller holds a lock around Next. Chunk borders depend on the bytes alone.
class ChunkReader {
 public:
  // Large enough that the cost of a chunk vanishes, small enough to keep two threads' worth of them in the cache
  // budget.
  static constexpr std::size_t kChunkBytes = std::size_t{512} << 10;

  ChunkReader(ByteSource& source, const Limits& limits) : source_(source), limits_(limits) {}

  // The next chunk; false at the end of the log.
  Result<bool> Next(Chunk& chunk);
  // Decoded bytes so far.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  // Skips the rest of a line that is above the limit; true if its end was found (what follows it is in carry_).
  Result<bool> SkipLongLine(Chunk& chunk);

  ByteSource& source_;
  Limits limits_;
  std::string carry_;  // the beginning of the next chunk: what followed the last '\n'
  std::uint64_t next_number_ = 0;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace advise::ingest
