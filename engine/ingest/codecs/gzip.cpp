// gzip: Databricks' rolled parts, and people. Several members may follow each other.
#define ZLIB_CONST  // zlib only reads its input, but says so only when asked
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

constexpr int kGzipOnly = 16;  // added to the window bits: zlib's way to ask for the gzip wrapper

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : Decoder(std::move(upstream), context) {
    ADVISE_CHECK(inflateInit2(&zlib_, MAX_WBITS + kGzipOnly) == Z_OK, "zlib is out of memory");
  }
  ~GzipDecoder() override { inflateEnd(&zlib_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

 private:
  Result<Step> Decode(std::span<char> out) override {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    std::size_t produced = 0;
    while (produced < out.size()) {
      if (!in_member_) {
        ADVISE_TRY(const StreamEnd end, StartMember());
        if (end != StreamEnd::None) return Step{produced, end};
      }
      ADVISE_TRY(const std::string_view bytes, input().Peek(1));
      const auto in_size = static_cast<uInt>(std::min(bytes.size(), kMost));
      const auto out_size = static_cast<uInt>(std::min(out.size() - produced, kMost));
      zlib_.next_in = reinterpret_cast<z_const Bytef*>(bytes.data());
      zlib_.avail_in = in_size;
      zlib_.next_out = reinterpret_cast<Bytef*>(out.data() + produced);
      zlib_.avail_out = out_size;
      const int result = inflate(&zlib_, Z_NO_FLUSH);
      input().Consume(in_size - zlib_.avail_in);
      produced += out_size - zlib_.avail_out;
      if (result == Z_STREAM_END) {
        in_member_ = false;
      } else if (result == Z_BUF_ERROR && bytes.empty()) {
        return Step{produced, StreamEnd::Cut};
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return Step{produced, StreamEnd::Damaged};
      }
    }
    return Step{produced, StreamEnd::None};
  }

  Result<StreamEnd> StartMember() {
    constexpr std::string_view kMagic = "\x1f\x8b";
    ADVISE_TRY(const std::string_view bytes, input().Peek(kMagic.size()));
    if (bytes.empty()) return StreamEnd::Clean;
    if (!kMagic.starts_with(bytes.substr(0, kMagic.size()))) return EndAfterPadding();
    if (bytes.size() < kMagic.size()) return StreamEnd::Cut;
    inflateReset(&zlib_);
    in_member_ = true;
    return StreamEnd::None;
  }

  z_stream zlib_{};
  bool in_member_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeGzip(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<GzipDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
