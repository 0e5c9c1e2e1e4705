// com.ning.compress.lzf, Spark's "lzf". Chunks of at most 65,535 bytes of text: "ZV", a type byte, uint16 big-endian
// length; type 1 (compressed) has a further uint16 with the original length; then the payload. Type 0 is stored. No end
// mark.
#include <lzf.h>

#include <cstring>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

constexpr std::string_view kChunkMagic = "ZV";
constexpr std::size_t kStoredHeader = 5;
constexpr std::size_t kCompressedHeader = 7;

class LzfDecoder final : public BlockDecoder {
 public:
  LzfDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : BlockDecoder(std::move(upstream), context) {}

 private:
  Result<Block> NextBlock() override {
    ADVISE_TRY(const std::string_view bytes, input().Peek(kCompressedHeader));
    if (bytes.empty()) return Block{StreamEnd::Clean};
    if (!kChunkMagic.starts_with(bytes.substr(0, kChunkMagic.size()))) return Block{StreamEnd::Damaged};
    if (bytes.size() < kStoredHeader) return Block{StreamEnd::Cut};
    if (bytes[2] != '\0' && bytes[2] != '\1') return Block{StreamEnd::Damaged};
    Block block;
    block.stored = bytes[2] == '\0';
    block.packed_bytes = BigEndian16(bytes, 3);
    if (block.stored) {
      block.header_bytes = kStoredHeader;
      block.raw_bytes = block.packed_bytes;
      return block;
    }
    if (bytes.size() < kCompressedHeader) return Block{StreamEnd::Cut};
    block.header_bytes = kCompressedHeader;
    block.raw_bytes = BigEndian16(bytes, 5);
    return block;
  }

  bool Unpack(const Block& block, std::string_view packed, std::span<char> raw) override {
    if (raw.empty()) return packed.empty();
    if (block.stored) {
      std::memcpy(raw.data(), packed.data(), raw.size());
      return true;
    }
    // Guarded here because lzf_decompress reads its first byte unasked.
    if (packed.empty()) return false;
    return lzf_decompress(packed.data(), static_cast<unsigned>(packed.size()), raw.data(),
                          static_cast<unsigned>(raw.size())) == raw.size();
  }
};

}  // namespace

std::unique_ptr<ByteSource> MakeLzf(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<LzfDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
