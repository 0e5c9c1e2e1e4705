// From the files of a folder or archive to logs: Spark's rolled folders, Spark 1.0-1.2 folders, Databricks' hourly
// parts, single files. Works on names and on what the first bytes said; touches no disk itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log_source.h"

namespace advise::ingest {

// What the first 4 KiB of a file's text say.
struct FileHead {
  bool is_event_log = false;  // a line that is a JSON object with the key "Event"
  bool unreadable = false;    // of a known codec, or without permission: perhaps a log, and the user should hear of it
  bool databricks = false;    // first line is DBCEventLoggingListenerMetadata; then:
  std::optional<std::int64_t> rollover{};
  std::string context{};  // SparkContext Id, as written
};

struct FoundFile {
  std::string folder;   // as displayed; a `!` leads into an archive
  std::string display;  // folder and name
  std::string name;
  LogPart part;
  FileHead head;
};

// True for what can never hold events and need not be opened: hidden files, checksums, Spark's marker files.
bool IsHidden(std::string_view name);
// True where the name alone says what the file is (events_3_app, EVENT_LOG_1, appstatus_app …): no need to sniff.
bool IsKnownByName(std::string_view name);

// Takes `"Event":"DBCEventLoggingListenerMetadata"` lines apart; head.databricks is false if the line is another.
void ParseDatabricksLine(std::string_view line, FileHead& head);

// The Rollover Numbers of all Databricks headers in a part (parts may have been concatenated). Costs reading the part;
// asked only where a number would be missing otherwise.
using RolloverScan = std::function<std::vector<std::int64_t>(const LogPart&)>;

// Sorted by display path. Files that belong to no log are left out.
std::vector<LogInput> ArrangeLogs(std::vector<FoundFile> files, const RolloverScan& scan);

}  // namespace advise::ingest
