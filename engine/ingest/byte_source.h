// A stream of decoded bytes: the text of an event log, whatever it was packed in.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "ingest/ingest_stats.h"
#include "support/result.h"

namespace advise::ingest {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills up to out.size() bytes and returns how many; 0 only at the end (out must not be empty). Damaged or cut
  // compressed data is not an error once a byte has come out: the stream ends there and `stats` of Open… says why
  // (Stat::CutContainer, Stat::DamagedBlock). An error is returned for what cannot be read at all, and for limits.
  [[nodiscard]] virtual Result<std::size_t> Read(std::span<char> out) = 0;

  // Bytes taken from the disk so far (compressed), for progress; the total is LogInput's.
  [[nodiscard]] virtual std::uint64_t bytes_consumed() const = 0;

 protected:
  ByteSource() = default;
  ByteSource(const ByteSource&) = default;
  ByteSource& operator=(const ByteSource&) = default;
};

}  // namespace advise::ingest
