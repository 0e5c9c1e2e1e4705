// bzip2: never Spark, sometimes people. Several streams may follow each other.
#include <bzlib.h>

#include <algorithm>
#include <limits>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

class Bzip2Decoder final : public Decoder {
 public:
  Bzip2Decoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : Decoder(std::move(upstream), context) {}
  ~Bzip2Decoder() override {
    if (in_stream_) BZ2_bzDecompressEnd(&bzip2_);
  }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

 private:
  Result<Step> Decode(std::span<char> out) override {
    constexpr std::size_t kMost = std::numeric_limits<unsigned>::max();
    std::size_t produced = 0;
    while (produced < out.size()) {
      if (!in_stream_) {
        ADVISE_TRY(const StreamEnd end, StartStream());
        if (end != StreamEnd::None) return Step{produced, end};
      }
      ADVISE_TRY(const std::string_view bytes, input().Peek(1));
      const auto in_size = static_cast<unsigned>(std::min(bytes.size(), kMost));
      const auto out_size = static_cast<unsigned>(std::min(out.size() - produced, kMost));
      bzip2_.next_in = const_cast<char*>(bytes.data());  // bzlib's interface is older than const; it only reads
      bzip2_.avail_in = in_size;
      bzip2_.next_out = out.data() + produced;
      bzip2_.avail_out = out_size;
      const int result = BZ2_bzDecompress(&bzip2_);
      input().Consume(in_size - bzip2_.avail_in);
      const std::size_t given = out_size - bzip2_.avail_out;
      produced += given;
      if (result == BZ_STREAM_END) {
        BZ2_bzDecompressEnd(&bzip2_);
        in_stream_ = false;
      } else if (result != BZ_OK) {
        return Step{produced, StreamEnd::Damaged};
      } else if (bytes.empty() && given == 0) {
        return Step{produced, StreamEnd::Cut};
      }
    }
    return Step{produced, StreamEnd::None};
  }

  Result<StreamEnd> StartStream() {
    constexpr std::string_view kMagic = "BZh";
    ADVISE_TRY(const std::string_view bytes, input().Peek(kMagic.size()));
    if (bytes.empty()) return StreamEnd::Clean;
    if (!kMagic.starts_with(bytes.substr(0, kMagic.size()))) return EndAfterPadding();
    if (bytes.size() < kMagic.size()) return StreamEnd::Cut;
    bzip2_ = bz_stream{};
    ADVISE_CHECK(BZ2_bzDecompressInit(&bzip2_, 0, 0) == BZ_OK, "bzip2 is out of memory");
    in_stream_ = true;
    return StreamEnd::None;
  }

  bz_stream bzip2_{};
  bool in_stream_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeBzip2(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<Bzip2Decoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
