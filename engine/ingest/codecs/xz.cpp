// xz: never Spark, sometimes people. liblzma (which libarchive needs anyway) directly, because only so the dictionary
// can be bounded: a header may ask for 4 GiB.
#include <lzma.h>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

// `xz -9` needs 65 MiB to decode.
constexpr std::uint64_t kMemoryLimit = std::uint64_t{256} << 20;

class XzDecoder final : public Decoder {
 public:
  XzDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : Decoder(std::move(upstream), context) {
    ADVISE_CHECK(lzma_stream_decoder(&lzma_, kMemoryLimit, LZMA_CONCATENATED) == LZMA_OK, "lzma is out of memory");
  }
  ~XzDecoder() override { lzma_end(&lzma_); }
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;

 private:
  Result<Step> Decode(std::span<char> out) override {
    std::size_t produced = 0;
    while (produced < out.size()) {
      ADVISE_TRY(const std::string_view bytes, input().Peek(1));
      lzma_.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
      lzma_.avail_in = bytes.size();
      lzma_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + produced);
      lzma_.avail_out = out.size() - produced;
      const lzma_ret result = lzma_code(&lzma_, bytes.empty() ? LZMA_FINISH : LZMA_RUN);
      input().Consume(bytes.size() - lzma_.avail_in);
      produced = out.size() - lzma_.avail_out;
      if (result == LZMA_STREAM_END) return Step{produced, StreamEnd::Clean};
      if (result == LZMA_BUF_ERROR && bytes.empty()) return Step{produced, StreamEnd::Cut};
      // LZMA_FORMAT_ERROR behind the first stream: something else follows.
      if (result == LZMA_FORMAT_ERROR) return Step{produced, StreamEnd::Trailing};
      if (result != LZMA_OK && result != LZMA_BUF_ERROR) return Step{produced, StreamEnd::Damaged};
    }
    return Step{produced, StreamEnd::None};
  }

  lzma_stream lzma_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<ByteSource> MakeXz(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<XzDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
