// libFuzzer: bytes from anywhere into the decoders. The first byte picks a codec, or lets the bytes decide and goes
// through nested codecs and archives. Looks for crashes, for output without end, and for reads that depend on the
// caller's span.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/codecs/archive.h"
#include "ingest/codecs/codec.h"
#include "ingest/codecs/part_source.h"

namespace {

using namespace advise;
using namespace advise::ingest;

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::size_t step) : bytes_(bytes), step_(step) {}
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override {
    const std::size_t n = std::min({out.size(), step_, bytes_.size() - at_});
    if (n > 0) std::memcpy(out.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return at_; }

 private:
  std::string_view bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

// Small limits: a bomb should be refused here within the fuzzer's patience.
Limits SmallLimits() {
  Limits limits;
  limits.ratio = 100;
  limits.ratio_free_bytes = std::size_t{256} << 10;
  return limits;
}

constexpr std::size_t kMostOutput = std::size_t{4} << 20;

std::string Drain(ByteSource& source, std::size_t span) {
  std::string text;
  std::vector<char> buffer(span);
  while (true) {
    const auto got = source.Read(buffer);
    if (!got || *got == 0) return text;
    if (*got > span) std::abort();
    text.append(buffer.data(), *got);
    if (text.size() > kMostOutput) std::abort();
  }
}

void DrainLayers(std::unique_ptr<ByteSource> source, const DecodeContext& context, int layers) {
  std::vector<std::string> names;
  auto peeled = Peel(std::move(source), context, layers, names);
  if (!peeled) return;
  if (!peeled->is_archive) {
    Drain(*peeled->source, 4096);
    return;
  }
  auto opened = ArchiveReader::OpenStream(std::move(peeled->source), context);
  if (!opened) return;
  const std::shared_ptr<ArchiveReader> reader = std::move(*opened);
  for (int members = 0; members < 20; ++members) {
    const auto member = reader->Next();
    if (!member || !*member) return;
    DrainLayers(MemberSource(reader), context, peeled->layers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Limits limits = SmallLimits();
  const auto codecs = AllCodecs();
  const std::size_t pick = data[0] & 0x0fU;
  IngestStats stats;
  const DecodeContext context{limits, stats, "fuzz"};
  if (pick >= codecs.size() || codecs[pick].make == nullptr) {
    DrainLayers(std::make_unique<MemorySource>(bytes, SIZE_MAX), context, 0);
    return 0;
  }
  const std::string whole =
      Drain(*codecs[pick].make(std::make_unique<MemorySource>(bytes, SIZE_MAX), context), std::size_t{1} << 13);
  // In small pieces the same must come out, up to where a codec keeps back a damaged block.
  const bool pieces = (data[0] & 0x10U) != 0 && whole.size() < 4096;
  if (!pieces) return 0;
  const std::string again = Drain(*codecs[pick].make(std::make_unique<MemorySource>(bytes, 3), context), 5);
  if (!whole.starts_with(again) && !again.starts_with(whole)) std::abort();
  return 0;
}
