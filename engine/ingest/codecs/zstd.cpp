// Zstandard as Spark writes it: from 3.0 one frame per flush (hundreds a log), without content size and checksum;
// before, one frame that stays open until the log is closed. So frames are looped over, and a cut last frame gives what
// it has.
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

struct FreeZstdContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder(std::unique_ptr<ByteSource> upstream, const DecodeContext& context)
      : Decoder(std::move(upstream), context), zstd_(ZSTD_createDCtx()) {
    ADVISE_CHECK(zstd_ != nullptr, "zstd is out of memory");
  }

 private:
  Result<Step> Decode(std::span<char> out) override {
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    while (target.pos < target.size) {
      if (!in_frame_) {
        ADVISE_TRY(const StreamEnd end, StartFrame());
        if (end != StreamEnd::None) return Step{target.pos, end};
      }
      ADVISE_TRY(const std::string_view bytes, input().Peek(1));
      // One block a call, as zstd asks for: when it meets damage it keeps back all that the call decoded.
      ZSTD_inBuffer source{bytes.data(), std::min(bytes.size(), hint_), 0};
      const std::size_t before = target.pos;
      const std::size_t result = ZSTD_decompressStream(zstd_.get(), &target, &source);
      if (ZSTD_isError(result) != 0) return Step{target.pos, StreamEnd::Damaged};
      input().Consume(source.pos);
      if (bytes.empty() && target.pos == before && result != 0) return Step{target.pos, StreamEnd::Cut};
      in_frame_ = result != 0;
      hint_ = std::max<std::size_t>(result, 1);
    }
    return Step{target.pos, StreamEnd::None};
  }

  // Clean at the end of the input, Cut or Trailing if no frame starts here.
  Result<StreamEnd> StartFrame() {
    constexpr std::string_view kFrame = "\x28\xb5\x2f\xfd";
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
    hint_ = ZSTD_initDStream(zstd_.get());
    return StreamEnd::None;
  }

  std::unique_ptr<ZSTD_DCtx, FreeZstdContext> zstd_;
  std::size_t hint_ = 1;
  bool in_frame_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeZstd(std::unique_ptr<ByteSource> upstream, const DecodeContext& context) {
  return std::make_unique<ZstdDecoder>(std::move(upstream), context);
}

}  // namespace advise::ingest
