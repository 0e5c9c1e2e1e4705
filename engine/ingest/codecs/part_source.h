// From a path, or a member of an archive, to its text: layers of codecs are peeled off by their first bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/codecs/archive.h"
#include "ingest/codecs/codec.h"

namespace advise::ingest {

struct Peeled {
  std::unique_ptr<ByteSource> source;
  bool is_archive = false;  // source gives the bytes of a zip or tar archive, else text
  int layers = 0;           // peeled so far, the archive included
};

// `codec_names` gets what was met ("plain" if nothing) unless it stood there already. Errors: UnknownCodec for a magic
// that we know and do not support; LimitExceeded for too many layers; what the decoders say about the first bytes.
Result<Peeled> Peel(std::unique_ptr<ByteSource> source, const DecodeContext& context, int layers,
                    std::vector<std::string>& codec_names);

// The archive that `path` is after its outer layers, or null if it is none.
struct OpenedArchive {
  std::shared_ptr<ArchiveReader> reader;
  int layers = 0;
};
Result<OpenedArchive> OpenArchive(const std::string& path, const DecodeContext& context,
                                  std::vector<std::string>& codec_names);

// An archive that is being read, and where it lies: the names of the archives around it, each with a `!` behind it.
struct OpenedLevel {
  std::string prefix;
  OpenedArchive archive;
  std::vector<std::string> codecs;  // met on the way to it
};

// Opens parts one after the other, of one log or of several. Keeps the archive of the last part open, and those around
// it: the next member usually follows, and going back costs decompressing a .tgz from its start.
class PartOpener {
 public:
  explicit PartOpener(const Limits& limits) : limits_(limits) {}
  PartOpener(const PartOpener&) = delete;
  PartOpener& operator=(const PartOpener&) = delete;

  // The text of the file `path`, or of the member; a `!` separates the members of nested archives. The opener must
  // outlive it. `codec_names` gets what is met.
  Result<std::unique_ptr<ByteSource>> Open(const std::string& path, const std::string& member,
                                           std::vector<std::string>& codec_names);
  // What was counted since the last call: damage of what was opened, while it was read.
  [[nodiscard]] IngestStats TakeStats() { return std::exchange(stats_, IngestStats()); }
  // Of the member opened last, 0…1.
  [[nodiscard]] double member_progress() const {
    return levels_.empty() ? 0 : levels_.front().archive.reader->member_progress();
  }
  // How often an archive was opened at its start.
  [[nodiscard]] std::size_t times_opened() const { return times_opened_; }

 private:
  Result<std::unique_ptr<ByteSource>> OpenMember(const std::string& path, const std::string& member,
                                                 std::vector<std::string>& codec_names);

  const Limits limits_;
  IngestStats stats_;
  std::string archive_path_;
  std::vector<OpenedLevel> levels_;  // each lies in the one before
  std::size_t times_opened_ = 0;
};

// The last component of a path or member name: what counters show as place.
std::string_view BaseName(std::string_view path);

}  // namespace advise::ingest
