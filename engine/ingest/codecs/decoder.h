// What all decoders share: a buffer over the compressed bytes, and the rules for ends, damage and bombs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/byte_source.h"
#include "ingest/codecs/codec.h"
#include "support/check.h"

namespace advise::ingest {

// Compressed bytes, contiguous on demand. Starts small (many files are only sniffed) and grows while bytes really
// arrive: a length in a hostile header never allocates more than twice what the file holds.
class InputBuffer {
 public:
  explicit InputBuffer(std::unique_ptr<ByteSource> upstream);

  // All bytes at hand: at least `wanted` (1 or more) unless the input ends before. The view lives until the next Peek.
  Result<std::string_view> Peek(std::size_t wanted) ADVISE_LIFETIME_BOUND;
  // Drops the first n bytes of the last Peek.
  void Consume(std::size_t n);
  // Of the next byte, counted from the start of this stream.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t bytes_consumed() const { return upstream_->bytes_consumed(); }

 private:
  std::unique_ptr<ByteSource> upstream_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool at_end_ = false;
};

enum class StreamEnd : std::uint8_t {
  None,  // there is more
  Clean,
  Cut,  // input ends inside a frame or block
  Damaged,
  Trailing,  // complete, but other bytes follow
};

// Counts how a stream ended. Damage before the first byte came out is an error (BadCodec): nothing can be read at all.
Result<std::size_t> ReportEnd(const DecodeContext& context, StreamEnd end, std::size_t produced_now,
                              std::uint64_t produced_before, std::uint64_t offset);
// LimitExceeded when `decoded` bytes from `packed` bytes are a bomb.
Result<std::size_t> CheckRatio(const DecodeContext& context, std::uint64_t decoded, std::uint64_t packed);

class Decoder : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) final;
  [[nodiscard]] std::uint64_t bytes_consumed() const final { return input_.bytes_consumed(); }

 protected:
  struct Step {
    std::size_t produced = 0;
    StreamEnd end = StreamEnd::None;
  };

  Decoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : input_(std::move(upstream)), context_(context) {}

  // Fills `out` until it is full or the stream ends. Errors come from upstream only.
  virtual Result<Step> Decode(std::span<char> out) = 0;

  InputBuffer& input() { return input_; }
  // Clean if only zero bytes (padding of tapes and block devices) are left, else Trailing.
  Result<StreamEnd> EndAfterPadding();

 private:
  InputBuffer input_;
  DecodeContext context_;
  std::uint64_t produced_ = 0;
  bool ended_ = false;
};

// For framings of blocks that are decoded as a whole: straight into the caller's span where it has room.
class BlockDecoder : public Decoder {
 protected:
  struct Block {
    StreamEnd end = StreamEnd::None;
    std::size_t header_bytes = 0;
    std::size_t packed_bytes = 0;
    std::size_t raw_bytes = 0;
    bool stored = false;
    std::uint32_t checksum = 0;
  };

  using Decoder::Decoder;

  // Looks at the next header without consuming it. raw_bytes must be plausible for packed_bytes, because it is
  // allocated.
  virtual Result<Block> NextBlock() = 0;
  // `raw` has block.raw_bytes bytes. False: damaged.
  virtual bool Unpack(const Block& block, std::string_view packed, std::span<char> raw) = 0;

 private:
  Result<Step> Decode(std::span<char> out) final;
  // The next block of at least one byte, decoded into *direct if that has room, else into block_.
  Result<Step> Advance(std::span<char> direct);

  std::vector<char> block_;
  std::size_t block_begin_ = 0;
  std::size_t block_end_ = 0;
};

// No framing of Spark has larger blocks (LZ4Block can state 32 MiB; the defaults are 32 and 64 KiB).
inline constexpr std::size_t kMaxBlockBytes = std::size_t{32} << 20;

inline std::uint32_t LittleEndian32(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[at + i])}; };
  return byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
}
inline std::uint32_t BigEndian32(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[at + i])}; };
  return byte(3) | byte(2) << 8U | byte(1) << 16U | byte(0) << 24U;
}
inline std::size_t BigEndian16(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8U |
         static_cast<unsigned char>(bytes[at + 1]);
}

}  // namespace advise::ingest
