// Files and standard input as byte sources, and a source whose first bytes have been looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ingest/byte_source.h"
#include "support/check.h"

namespace advise::ingest {

// Reads with read(2) straight into the caller's span: no mmap, so the page cache does not count as our memory, and a
// file that is cut while we read is no SIGBUS. `-` is standard input. Error: LogNotFound, LogUnreadable.
Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);

// Gives its first bytes twice.
class PeekedSource final : public ByteSource {
 public:
  explicit PeekedSource(std::unique_ptr<ByteSource> upstream) : upstream_(std::move(upstream)) {}

  // The first `wanted` bytes, fewer if there are no more. To be called once, before Read.
  Result<std::string_view> Head(std::size_t wanted) ADVISE_LIFETIME_BOUND;
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override;
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return upstream_->bytes_consumed(); }

 private:
  std::unique_ptr<ByteSource> upstream_;
  std::string head_;
  std::size_t given_ = 0;
};

}  // namespace advise::ingest
