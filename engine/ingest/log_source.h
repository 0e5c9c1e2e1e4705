// Which files make up which log. A path given by the user is a file, a folder, a zip or tar archive, `archive!member`
// or
// `-`; the result is one LogInput per application attempt (or Databricks cluster), each an ordered list of parts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/byte_source.h"
#include "ingest/ingest_stats.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/result.h"

namespace advise::ingest {

// How the log lies on disk; printed as log.format.
enum class LogLayout : std::uint8_t { Single, Rolling, Databricks, Legacy12, Stdin };
// Names as in the JSON contract: "single", "rolling", "databricks", "spark-1.2-folder", "stdin".
std::string_view Name(LogLayout layout);

// One file, or one member of a zip or tar archive.
struct LogPart {
  std::string path;
  std::string member;       // inside the archive `path`, `!` leads into an archive in it; empty for a plain file
  std::uint64_t bytes = 0;  // on disk (of a member: its share of the archive, by unpacked size); 0 for pipes
  std::int64_t number = 0;  // events_<n>, EVENT_LOG_<n>, Rollover Number (guessed where it lacks); 0 for a single file
  bool compact = false;     // events_<n>….compact
  std::uint64_t place = 0;  // of a member: how many members were met before it, in its archive too
};

struct LogInput {
  std::string display_path;  // as the user wrote it, with the entry's name appended for a folder of many logs
  LogLayout layout = LogLayout::Single;
  std::vector<LogPart> parts;  // in reading order, never empty
  bool in_progress = false;    // by its name or appstatus: `.inprogress`, no APPLICATION_COMPLETE
  std::string version_hint;    // from SPARK_VERSION_<v> of a Spark 1.0-1.2 folder; else empty
  IngestStats stats;           // missing, duplicate and foreign parts
};

class PartOpener;  // codecs/part_source.h

// The logs at `path` in stable (byte) order of their names, those of an archive in its own order. Files of a folder or
// archive that are no event logs are left out (no line with the key "Event" among the first 4 KiB of text); a file
// named by the user is never left out. Folders are searched to the bottom, archives in them and logs of any codec
// included; links within the folder are followed, those that lead out of it are counted (Stat::LinkOut of the first
// log); each log is given once. An archive that holds too much costs only itself. Errors: LogNotFound, LogUnreadable,
// LogEmpty (no log in the folder or archive), LimitExceeded (a million files).
Result<std::vector<LogInput>> FindLogs(const std::string& path, const Limits& limits);

// The text of the log: parts in order, each decoded by the codec that its first bytes name, a '\n' put between two
// parts where the first does not end with one. A part that cannot be read costs only itself if there are others
// (Stat::DamagedBlock, Stat::MissingPart). Parts are opened as they are reached: `stats` and `codec_names` must outlive
// the source and are complete at its end. input.stats is not merged into `stats`. `codec_names` receives what was met,
// in order of first appearance ("plain", "zstd", …; "zip" and "tar" for archives). Errors here and while reading:
// LogNotFound, LogUnreadable, BadCodec, UnknownCodec, LimitExceeded.
Result<std::unique_ptr<ByteSource>> OpenLog(const LogInput& input, const Limits& limits, IngestStats& stats,
                                            std::vector<std::string>& codec_names,
                                            std::shared_ptr<PartOpener> opener = nullptr);

// For OpenLog: keeps an archive open from one log to the next, so that a .tgz of many is decompressed once.
std::shared_ptr<PartOpener> MakeOpener(const Limits& limits);

// The whole text of the log. Errors: as OpenLog; LimitExceeded above a GiB of text.
Result<std::string> ReadText(const LogInput& input, const Limits& limits);

}  // namespace advise::ingest
