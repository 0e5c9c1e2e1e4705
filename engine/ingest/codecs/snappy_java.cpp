// org.xerial.snappy.SnappyOutputStream, Spark's "snappy"; not the snappy framing format. A header of 16 bytes (8 magic,
// two versions), then until the end: int32 big-endian length and one raw snappy block, 32 KiB of text by default. No
// checksum, no end mark. A second header inside means that a stream was appended.
#include <snappy.h>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

constexpr std::string_view kStreamMagic{"\x82SNAPPY\0", 8};
constexpr std::size_t kStreamHeaderBytes = 16;
constexpr std::size_t kLengthBytes = 4;
// A snappy copy of 3 bytes gives 64.
constexpr std::size_t kMaxCopyRatio = 32;

class SnappyJavaDecoder final : public BlockDecoder {
 public:
  SnappyJavaDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : BlockDecoder(std::move(upstream), context) {}

 private:
  Result<Block> NextBlock() override {
    while (true) {
      ADVISE_TRY(const std::string_view bytes, input().Peek(kStreamHeaderBytes));
      if (bytes.empty()) return Block{StreamEnd::Clean};
      if (bytes.substr(0, kLengthBytes) == kStreamMagic.substr(0, kLengthBytes)) {
        if (!kStreamMagic.starts_with(bytes.substr(0, kStreamMagic.size()))) return Block{StreamEnd::Damaged};
        if (bytes.size() < kStreamHeaderBytes) return Block{StreamEnd::Cut};
        input().Consume(kStreamHeaderBytes);
        continue;
      }
      if (bytes.size() < kLengthBytes) return Block{StreamEnd::Cut};
      Block block;
      block.header_bytes = kLengthBytes;
      block.packed_bytes = BigEndian32(bytes, 0);
      if (block.packed_bytes > kMaxBlockBytes + kMaxBlockBytes / 4) return Block{StreamEnd::Damaged};
      if (block.packed_bytes == 0) return block;
      // The original length stands in front of the raw block, a varint of up to 5 bytes.
      const std::string_view varint = bytes.substr(kLengthBytes, block.packed_bytes);
      if (!snappy::GetUncompressedLength(varint.data(), varint.size(), &block.raw_bytes)) {
        return Block{bytes.size() < kStreamHeaderBytes && varint.size() < block.packed_bytes ? StreamEnd::Cut
                                                                                       : StreamEnd::Damaged};
      }
      const bool plausible = block.raw_bytes <= kMaxBlockBytes && block.raw_bytes <= block.packed_bytes * kMaxCopyRatio;
      if (!plausible) return Block{StreamEnd::Damaged};
      return block;
    }
  }

  bool Unpack(const Block& block, std::string_view packed, std::span<char> raw) override {
    if (block.packed_bytes == 0) return true;
    return snappy::RawUncompress(packed.data(), packed.size(), raw.data());
  }
};

}  // namespace

std::unique_ptr<ByteSource> MakeSnappyJava(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<SnappyJavaDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
