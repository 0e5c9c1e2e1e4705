// Packs blocks of integers into 0, 1, 2, 4 or 8 bytes a value, as differences to the smallest; "missing" has a code.
#include "model/column.h"

#include <algorithm>
#include <cstring>

namespace advise::model {
namespace {

template <class Code>
std::int64_t DecodeOne(const std::uint8_t* codes, std::size_t i, std::int64_t base) {
  Code code;
  std::memcpy(&code, codes + i * sizeof(Code), sizeof(Code));
  if (code == std::numeric_limits<Code>::max()) return kMissing;
  return base + static_cast<std::int64_t>(code);
}

template <class Code>
void DecodeAll(const std::uint8_t* codes, std::size_t first, std::int64_t base, std::span<std::int64_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = DecodeOne<Code>(codes, first + i, base);
}

template <class Code>
std::unique_ptr<std::uint8_t[]> Encode(std::span<const std::int64_t> values, std::int64_t base) {
  std::unique_ptr<std::uint8_t[]> codes(new std::uint8_t[values.size() * sizeof(Code)]);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Code code = values[i] == kMissing
                          ? std::numeric_limits<Code>::max()
                          : static_cast<Code>(static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(base));
    std::memcpy(codes.get() + i * sizeof(Code), &code, sizeof(Code));
  }
  return codes;
}

}  // namespace

std::int64_t PackedColumn::Block::Get(std::size_t i) const {
  switch (width) {
    case 0: return base;
    case 1: return DecodeOne<std::uint8_t>(codes.get(), i, base);
    case 2: return DecodeOne<std::uint16_t>(codes.get(), i, base);
    case 4: return DecodeOne<std::uint32_t>(codes.get(), i, base);
    default: {
      // Eight bytes hold the value itself: differences of extreme values would not fit.
      std::int64_t value = 0;
      std::memcpy(&value, codes.get() + i * 8, 8);
      return value;
    }
  }
}

void PackedColumn::Block::Decode(std::size_t first, std::span<std::int64_t> out) const {
  switch (width) {
    case 0: std::fill(out.begin(), out.end(), base); return;
    case 1: return DecodeAll<std::uint8_t>(codes.get(), first, base, out);
    case 2: return DecodeAll<std::uint16_t>(codes.get(), first, base, out);
    case 4: return DecodeAll<std::uint32_t>(codes.get(), first, base, out);
    default: std::memcpy(out.data(), codes.get() + first * 8, out.size() * 8);
  }
}

void PackedColumn::Seal() {
  Block block;
  std::int64_t low = std::numeric_limits<std::int64_t>::max();
  std::int64_t high = kMissing;
  bool any_missing = false;
  for (const std::int64_t value : open_) {
    if (value == kMissing) {
      any_missing = true;
      continue;
    }
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (high == kMissing) {  // nothing there
    block.base = kMissing;
  } else if (low == high && !any_missing) {
    block.base = low;
  } else {
    block.base = low;
    const std::uint64_t spread = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    // The largest code of each width is taken by "missing".
    if (spread < 0xff) {
      block.width = 1;
      block.codes = Encode<std::uint8_t>(open_, low);
    } else if (spread < 0xffff) {
      block.width = 2;
      block.codes = Encode<std::uint16_t>(open_, low);
    } else if (spread < 0xffffffff) {
      block.width = 4;
      block.codes = Encode<std::uint32_t>(open_, low);
    } else {
      block.width = 8;
      block.codes.reset(new std::uint8_t[open_.size() * 8]);
      std::memcpy(block.codes.get(), open_.data(), open_.size() * 8);
    }
  }
  sealed_.push_back(std::move(block));
  open_.clear();
}

void PackedColumn::Decode(std::size_t begin, std::span<std::int64_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::size_t block = (begin + done) / kBlockRows;
    const std::size_t first = (begin + done) % kBlockRows;
    const std::size_t count = std::min(out.size() - done, kBlockRows - first);
    const std::span<std::int64_t> part = out.subspan(done, count);
    if (block < sealed_.size()) {
      sealed_[block].Decode(first, part);
    } else {
      std::copy_n(open_.begin() + static_cast<std::ptrdiff_t>(first), count, part.begin());
    }
    done += count;
  }
}

std::size_t PackedColumn::bytes() const {
  std::size_t sum = open_.capacity() * sizeof(std::int64_t) + sealed_.capacity() * sizeof(Block);
  for (const Block& block : sealed_) sum += block.width * kBlockRows;
  return sum;
}

}  // namespace advise::model
