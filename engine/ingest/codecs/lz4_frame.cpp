// The lz4 command's own frame format. Spark never writes it; people do.
#include <lz4frame.h>

#include <algorithm>
#include <memory>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

struct FreeLz4Context {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

class Lz4FrameDecoder final : public Decoder {
 public:
  Lz4FrameDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : Decoder(std::move(upstream), context) {
    LZ4F_dctx* raw = nullptr;
    ADVISE_CHECK(LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)) == 0U, "lz4 is out of memory");
    lz4_.reset(raw);
  }

 private:
  Result<Step> Decode(std::span<char> out) override {
    std::size_t produced = 0;
    while (produced < out.size()) {
      if (!in_frame_) {
        ADVISE_TRY(const StreamEnd end, StartFrame());
        if (end != StreamEnd::None) return Step{produced, end};
      }
      ADVISE_TRY(const std::string_view bytes, input().Peek(1));
      std::size_t taken = std::min(bytes.size(), hint_);
      std::size_t given = out.size() - produced;
      const std::size_t result =
          LZ4F_decompress(lz4_.get(), out.data() + produced, &given, bytes.data(), &taken, nullptr);
      if (LZ4F_isError(result) != 0U) return Step{produced, StreamEnd::Damaged};
      input().Consume(taken);
      produced += given;
      if (bytes.empty() && given == 0 && result != 0) return Step{produced, StreamEnd::Cut};
      in_frame_ = result != 0;
      hint_ = std::max<std::size_t>(result, 1);
    }
    return Step{produced, StreamEnd::None};
  }

  Result<StreamEnd> StartFrame() {
    constexpr std::string_view kFrame = "\x04\x22\x4d\x18";
    constexpr std::string_view kSkippable = "\x2a\x4d\x18";  // behind a byte 0x5?
    ADVISE_TRY(const std::string_view bytes, input().Peek(kFrame.size()));
    if (bytes.empty()) return StreamEnd::Clean;
    const std::string_view magic = bytes.substr(0, kFrame.size());
    const bool frame = kFrame.starts_with(magic);
    const bool skippable =
        (static_cast<unsigned char>(magic[0]) & 0xf0U) == 0x50U && kSkippable.starts_with(magic.substr(1));
    if (!frame && !skippable) return EndAfterPadding();
    if (magic.size() < kFrame.size()) return StreamEnd::Cut;
    in_frame_ = true;
    hint_ = LZ4F_MIN_SIZE_TO_KNOW_HEADER_LENGTH;
    return StreamEnd::None;
  }

  std::unique_ptr<LZ4F_dctx, FreeLz4Context> lz4_;
  std::size_t hint_ = 1;
  bool in_frame_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeLz4Frame(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<Lz4FrameDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
