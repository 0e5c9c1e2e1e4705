// What all decoders share: the buffer in front of them, the ratio limit, and what the end of a stream means.
#include "ingest/codecs/decoder.h"

#include <algorithm>
#include <cstring>

namespace advise::ingest {
namespace {

constexpr std::size_t kFirstBuffer = std::size_t{64} << 10;
constexpr std::size_t kBuffer = std::size_t{512} << 10;

}  // namespace

InputBuffer::InputBuffer(std::unique_ptr<ByteSource> upstream) : upstream_(std::move(upstream)) {}

Result<std::string_view> InputBuffer::Peek(std::size_t wanted) {
  while (end_ - begin_ < wanted && !at_end_) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (buffer_.empty()) {
      buffer_.resize(kFirstBuffer);
    } else if (end_ == buffer_.size() || buffer_.size() < kBuffer) {
      buffer_.resize(buffer_.size() * 2);
    }
    ADVISE_TRY(const std::size_t got, upstream_->Read(std::span<char>(buffer_).subspan(end_)));
    at_end_ = got == 0;
    end_ += got;
  }
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

void InputBuffer::Consume(std::size_t n) {
  begin_ += n;
  offset_ += n;
}

Result<std::size_t> ReportEnd(const DecodeContext& context, StreamEnd end, std::size_t produced_now,
                              std::uint64_t produced_before, std::uint64_t offset) {
  switch (end) {
    case StreamEnd::None:
    case StreamEnd::Clean: break;
    case StreamEnd::Cut: context.stats.Add(Stat::CutContainer, 1, context.place); break;
    case StreamEnd::Damaged:
      if (produced_now == 0 && produced_before == 0) {
        return Fail(DiagnosticCode::BadCodec, "`" + context.place + "` cannot be decoded: its first block is damaged",
                    "copy the log again; check that the copy has the same size as the original");
      }
      context.stats.Add(Stat::DamagedBlock, 1, context.place + ", compressed byte " + std::to_string(offset));
      break;
    case StreamEnd::Trailing:
      context.stats.Add(Stat::TrailingBytes, 1, context.place + ", compressed byte " + std::to_string(offset));
      break;
  }
  return produced_now;
}

Result<std::size_t> CheckRatio(const DecodeContext& context, std::uint64_t decoded, std::uint64_t packed) {
  if (decoded <= context.limits.ratio_free_bytes || decoded / context.limits.ratio <= packed) return std::size_t{0};
  return Fail(
      DiagnosticCode::LimitExceeded,
      "`" + context.place + "` unpacks to more than " + std::to_string(context.limits.ratio) + " times its size",
      "if the file is to be trusted, unpack it by hand and pass the result");
}

Result<std::size_t> Decoder::Read(std::span<char> out) {
  if (ended_) return std::size_t{0};
  ADVISE_TRY(const Step step, Decode(out));
  ended_ = step.end != StreamEnd::None;
  const std::uint64_t before = produced_;
  produced_ += step.produced;
  ADVISE_TRY([[maybe_unused]] const auto checked, CheckRatio(context_, produced_, input_.bytes_consumed()));
  return ReportEnd(context_, step.end, step.produced, before, input_.offset());
}

Result<StreamEnd> Decoder::EndAfterPadding() {
  while (true) {
    ADVISE_TRY(const std::string_view rest, input_.Peek(1));
    if (rest.empty()) return StreamEnd::Clean;
    if (rest.find_first_not_of('\0') != std::string_view::npos) return StreamEnd::Trailing;
    input_.Consume(rest.size());
  }
}

Result<Decoder::Step> BlockDecoder::Decode(std::span<char> out) {
  Step step;
  while (step.produced < out.size()) {
    const std::span<char> room = out.subspan(step.produced);
    if (block_begin_ < block_end_) {
      const std::size_t n = std::min(room.size(), block_end_ - block_begin_);
      std::memcpy(room.data(), block_.data() + block_begin_, n);
      block_begin_ += n;
      step.produced += n;
      continue;
    }
    auto advanced = Advance(room);
    if (!advanced) return tl::unexpected<Error>(std::move(advanced).error());
    step.produced += advanced->produced;
    step.end = advanced->end;
    if (step.end != StreamEnd::None) return step;
  }
  return step;
}

Result<Decoder::Step> BlockDecoder::Advance(std::span<char> direct) {
  while (true) {
    ADVISE_TRY(const Block block, NextBlock());
    if (block.end != StreamEnd::None) return Step{0, block.end};
    ADVISE_TRY(const std::string_view bytes, input().Peek(block.header_bytes + block.packed_bytes));
    if (bytes.size() < block.header_bytes + block.packed_bytes) return Step{0, StreamEnd::Cut};
    const std::string_view packed = bytes.substr(block.header_bytes, block.packed_bytes);
    const bool is_direct = block.raw_bytes <= direct.size();
    if (!is_direct && block_.size() < block.raw_bytes) block_.resize(block.raw_bytes);
    const std::span<char> raw =
        is_direct ? direct.first(block.raw_bytes) : std::span<char>(block_).first(block.raw_bytes);
    if (!Unpack(block, packed, raw)) return Step{0, StreamEnd::Damaged};
    input().Consume(block.header_bytes + block.packed_bytes);
    if (block.raw_bytes == 0) continue;
    if (is_direct) return Step{block.raw_bytes, StreamEnd::None};
    block_begin_ = 0;
    block_end_ = block.raw_bytes;
    return Step{};
  }
}

}  // namespace advise::ingest
