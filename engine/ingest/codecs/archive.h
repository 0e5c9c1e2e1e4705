// Zip and tar archives through libarchive: members in the archive's order, each read as a stream. Decompression around
// an archive (.tgz, a zip inside a .gz) is done by our own decoders, so that their limits and counters hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ingest/byte_source.h"
#include "ingest/codecs/codec.h"

namespace advise::ingest {

struct ArchiveMember {
  std::string name;         // as stored, UTF-8
  std::uint64_t bytes = 0;  // unpacked, as stated by the archive; 0 if it does not say
};

class ArchiveReader {
 public:
  // A file is opened by path: zip archives are read by their directory then, which needs seeking.
  static Result<std::unique_ptr<ArchiveReader>> OpenPath(const std::string& path, const DecodeContext& context);
  static Result<std::unique_ptr<ArchiveReader>> OpenStream(std::unique_ptr<ByteSource> upstream,
                                                           const DecodeContext& context);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // Goes to the next regular file. Nothing at the end; damage of the archive's structure ends it too and is counted,
  // but is BadCodec when no member was met before.
  Result<std::optional<ArchiveMember>> Next();
  // Bytes of the current member. Semantics of ByteSource::Read.
  Result<std::size_t> Read(std::span<char> out);
  // Bytes of the disk that all members together cost at most so far; the whole size for an archive opened by path.
  [[nodiscard]] std::uint64_t bytes_consumed() const;
  // How much of the current member was read, 0…1; 0 if its size is not known.
  [[nodiscard]] double member_progress() const;
  // Messages and counters name this from now on.
  void SetPlace(std::string place);

 private:
  struct Impl;
  explicit ArchiveReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The current member as a source. The reader must not be moved on while it is read.
std::unique_ptr<ByteSource> MemberSource(std::shared_ptr<ArchiveReader> reader);

}  // namespace advise::ingest
