// Fills chunks from the decoded stream and cuts them behind the last line end; what is left over starts the next one.
#include "ingest/chunk_reader.h"

#include <algorithm>
#include <cstring>

#include "ingest/event_decoder.h"

namespace advise::ingest {
namespace {

// Makes room for `bytes` of text and its padding, keeping the first `keep` bytes.
void Reserve(Chunk& chunk, std::size_t bytes, std::size_t keep) {
  if (chunk.capacity >= bytes + kLinePadding) return;
  const std::size_t capacity = bytes + kLinePadding;
  std::unique_ptr<char[]> larger(new char[capacity]);  // not zeroed: it is overwritten at once
  if (keep > 0) std::memcpy(larger.get(), chunk.buffer.get(), keep);
  chunk.buffer = std::move(larger);
  chunk.capacity = capacity;
}

}  // namespace

Result<bool> ChunkReader::SkipLongLine(Chunk& chunk) {
  ++chunk.long_lines;
  while (true) {
    ADVISE_TRY(const std::size_t read, source_.Read({chunk.buffer.get(), kChunkBytes}));
    if (read == 0) {
      ended_ = true;
      return false;
    }
    bytes_ += read;
    const void* end = std::memchr(chunk.buffer.get(), '\n', read);
    if (end == nullptr) continue;
    const auto behind = static_cast<std::size_t>(static_cast<const char*>(end) - chunk.buffer.get()) + 1;
    carry_.assign(chunk.buffer.get() + behind, read - behind);
    return true;
  }
}

Result<bool> ChunkReader::Next(Chunk& chunk) {
  chunk.long_lines = 0;
  chunk.ends_log = false;
  chunk.size = 0;
  if (ended_ && carry_.empty()) return false;
  // A buffer that one huge line made large is given back.
  if (chunk.capacity > 8 * kChunkBytes) {
    chunk.buffer.reset();
    chunk.capacity = 0;
  }
  Reserve(chunk, std::max(kChunkBytes, carry_.size()), 0);
  std::memcpy(chunk.buffer.get(), carry_.data(), carry_.size());
  std::size_t filled = carry_.size();
  carry_.clear();
  std::size_t target = std::max(kChunkBytes, filled);
  std::size_t searched = 0;
  while (true) {
    while (filled < target && !ended_) {
      ADVISE_TRY(const std::size_t read, source_.Read({chunk.buffer.get() + filled, target - filled}));
      if (read == 0) ended_ = true;
      filled += read;
      bytes_ += read;
    }
    if (ended_) {
      chunk.size = filled;
      break;
    }
    const void* last = memrchr(chunk.buffer.get() + searched, '\n', filled - searched);
    if (last != nullptr) {
      chunk.size = static_cast<std::size_t>(static_cast<const char*>(last) - chunk.buffer.get()) + 1;
      carry_.assign(chunk.buffer.get() + chunk.size, filled - chunk.size);
      break;
    }
    searched = filled;
    if (filled >= limits_.line_bytes) {
      ADVISE_TRY(const bool found, SkipLongLine(chunk));
      filled = 0;
      searched = 0;
      if (found) {
        Reserve(chunk, std::max(kChunkBytes, carry_.size()), 0);
        std::memcpy(chunk.buffer.get(), carry_.data(), carry_.size());
        filled = carry_.size();
        carry_.clear();
      }
      target = kChunkBytes;
      continue;
    }
    target = std::min(std::max(filled * 2, kChunkBytes), std::max(limits_.line_bytes, kChunkBytes));
    Reserve(chunk, target, filled);
  }
  chunk.ends_log = ended_;
  if (chunk.size == 0 && chunk.long_lines == 0) return false;
  std::memset(chunk.buffer.get() + chunk.size, 0, kLinePadding);
  chunk.number = next_number_++;
  return true;
}

}  // namespace advise::ingest
