// net.jpountz.lz4.LZ4BlockOutputStream, Spark's "lz4"; not the lz4 frame format. Blocks, all integers little-endian:
//    0  8  "LZ4Block"
//    8  1  token: high nibble 0x10 stored, 0x20 LZ4; low nibble level, block size = 1 << (10 + level)
//    9  4  compressed length (== original length when stored)
//   13  4  original length
//   17  4  xxHash32(original, seed 0x9747b28c), 28 bits of it
//   21  …  one raw LZ4 block
// A closed stream ends with a block of lengths 0. A live or killed one has no such mark, and streams may follow each
// other.
#include <lz4.h>
#include <xxhash.h>

#include <cstring>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

constexpr std::string_view kBlockMagic = "LZ4Block";
constexpr std::size_t kBlockHeaderBytes = 21;
constexpr unsigned kStored = 0x10;
constexpr unsigned kCompressed = 0x20;
constexpr XXH32_hash_t kSeed = 0x9747b28c;
constexpr std::uint32_t kChecksumMask = 0x0fffffff;
// An LZ4 match of one length byte 255 gives 255 bytes.
constexpr std::size_t kMaxMatchRatio = 256;

class Lz4BlockDecoder final : public BlockDecoder {
 public:
  Lz4BlockDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : BlockDecoder(std::move(upstream), context) {}

 private:
  Result<Block> NextBlock() override {
    ADVISE_TRY(const std::string_view bytes, input().Peek(kBlockHeaderBytes));
    if (bytes.empty()) return Block{StreamEnd::Clean};
    const std::string_view magic = bytes.substr(0, kBlockMagic.size());
    if (!kBlockMagic.starts_with(magic)) {
      if (!after_end_mark_) return Block{StreamEnd::Damaged};
      ADVISE_TRY(const StreamEnd end, EndAfterPadding());
      return Block{end};
    }
    if (bytes.size() < kBlockHeaderBytes) return Block{StreamEnd::Cut};
    const auto token = static_cast<unsigned char>(bytes[8]);
    const unsigned method = token & 0xf0U;
    Block block;
    block.header_bytes = kBlockHeaderBytes;
    block.packed_bytes = LittleEndian32(bytes, 9);
    block.raw_bytes = LittleEndian32(bytes, 13);
    block.stored = method == kStored;
    block.checksum = LittleEndian32(bytes, 17);
    const std::size_t block_size = std::size_t{1} << (10U + (token & 0x0fU));
    const bool plausible = block.raw_bytes <= block_size && block_size <= kMaxBlockBytes &&
                           (block.stored ? block.packed_bytes == block.raw_bytes : method == kCompressed) &&
                           (block.raw_bytes == 0) == (block.packed_bytes == 0) &&
                           block.raw_bytes <= block.packed_bytes * kMaxMatchRatio &&
                           block.packed_bytes <= static_cast<std::size_t>(LZ4_COMPRESSBOUND(kMaxBlockBytes));
    if (!plausible) return Block{StreamEnd::Damaged};
    after_end_mark_ = block.raw_bytes == 0;
    return block;
  }

  bool Unpack(const Block& block, std::string_view packed, std::span<char> raw) override {
    if (raw.empty()) return true;
    if (block.stored) {
      std::memcpy(raw.data(), packed.data(), raw.size());
    } else {
      const int size =
          LZ4_decompress_safe(packed.data(), raw.data(), static_cast<int>(packed.size()), static_cast<int>(raw.size()));
      if (size < 0 || static_cast<std::size_t>(size) != raw.size()) return false;
    }
    return (XXH32(raw.data(), raw.size(), kSeed) & kChecksumMask) == block.checksum;
  }

  bool after_end_mark_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeLz4Block(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<Lz4BlockDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
