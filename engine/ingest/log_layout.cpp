// Layouts: reference eventlog-format.md section 2 (Spark: RollingEventLogFilesWriter, EventLogFileReaders.scala) and 11
// (Databricks).
#include "ingest/log_layout.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

namespace advise::ingest {
namespace {

constexpr std::string_view kCompact = ".compact";
constexpr std::string_view kInProgress = ".inprogress";
constexpr std::string_view kEvents = "events_";
constexpr std::string_view kAppStatus = "appstatus_";
constexpr std::string_view kRolledFolder = "eventlog_v2_";
constexpr std::string_view kOldLog = "EVENT_LOG_";
constexpr std::string_view kOldVersion = "SPARK_VERSION_";
constexpr std::string_view kOldCodec = "COMPRESSION_CODEC_";
constexpr std::string_view kOldComplete = "APPLICATION_COMPLETE";
constexpr std::string_view kDatabricks = "eventlog";

std::string_view LastComponent(std::string_view path) { return path.substr(path.find_last_of("/!") + 1); }

bool HasSuffix(std::string_view name, std::string_view suffix) { return name.find(suffix) != std::string_view::npos; }

// The number at the front of `text` is cut off it.
std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// events_<n>_<app>[.<codec>][.compact]. Spark replaces dots in app ids, so the first dot ends the id.
struct RolledName {
  std::int64_t number = 0;
  std::string_view app;
  bool compact = false;
};
std::optional<RolledName> ParseRolled(std::string_view name) {
  if (!name.starts_with(kEvents)) return std::nullopt;
  name.remove_prefix(kEvents.size());
  const std::optional<std::int64_t> number = TakeNumber(name);
  if (!number || !name.starts_with('_')) return std::nullopt;
  name.remove_prefix(1);
  return RolledName{*number, name.substr(0, name.find('.')), HasSuffix(name, kCompact)};
}

std::optional<std::int64_t> ParseOldLog(std::string_view name) {
  if (!name.starts_with(kOldLog)) return std::nullopt;
  name.remove_prefix(kOldLog.size());
  const std::optional<std::int64_t> number = TakeNumber(name);
  if (!name.empty() && !name.starts_with('.')) return std::nullopt;
  return number;
}

// eventlog-YYYY-MM-DD--HH-MM…
bool IsDatabricksRolled(std::string_view name) {
  constexpr std::string_view kPattern = "-dddd-dd-dd--dd-dd";
  if (!name.starts_with(kDatabricks)) return false;
  name.remove_prefix(kDatabricks.size());
  if (name.size() < kPattern.size()) return false;
  return std::equal(kPattern.begin(), kPattern.end(), name.begin(),
                    [](char want, char got) { return want == 'd' ? got >= '0' && got <= '9' : want == got; });
}
// eventlog, eventlog.gz
bool IsDatabricksLive(std::string_view name) {
  return name.starts_with(kDatabricks) && (name.size() == kDatabricks.size() || name[kDatabricks.size()] == '.');
}

bool MayBeLog(const FoundFile& file) { return file.head.is_event_log || file.head.unreadable; }

bool IsInside(std::string_view folder, std::string_view ancestor) {
  return folder.size() > ancestor.size() && folder.starts_with(ancestor) &&
         (folder[ancestor.size()] == '/' || folder[ancestor.size()] == '!');
}

using Files = std::vector<FoundFile>;

LogInput SingleLog(const FoundFile& file) {
  LogInput log;
  log.display_path = file.display;
  log.parts = {file.part};
  log.in_progress = HasSuffix(file.name, kInProgress);
  if (HasSuffix(file.name, kCompact)) {
    log.parts.front().compact = true;
    log.stats.Add(Stat::Compacted, 1, file.name);
  }
  return log;
}

// Counts the numbers that lack between neighbours of the sorted parts.
void CountGaps(LogInput& log) {
  for (std::size_t i = 1; i < log.parts.size(); ++i) {
    const std::int64_t expected = log.parts[i - 1].number + 1;
    const std::int64_t found = log.parts[i].number;
    if (found > expected)
      log.stats.Add(Stat::MissingPart, static_cast<std::uint64_t>(found - expected),
                    "part " + std::to_string(expected));
  }
}

// ---- Spark 3.0+: events_<n>_<app> and appstatus_<app>

LogInput RolledLog(const std::string& folder, std::string_view app, const Files& files,
                   const std::set<std::string>& markers) {
  struct Numbered {
    RolledName name;
    const FoundFile* file;
  };
  std::vector<Numbered> parts;
  for (const FoundFile& file : files) {
    if (const auto name = ParseRolled(file.name); name && name->app == app) parts.push_back({*name, &file});
  }
  // As Spark: a compacted file stands behind a plain one of the same number.
  std::sort(parts.begin(), parts.end(), [](const Numbered& a, const Numbered& b) {
    return std::tie(a.name.number, a.name.compact, a.file->name) <
           std::tie(b.name.number, b.name.compact, b.file->name);
  });

  LogInput log;
  log.display_path = folder;
  log.layout = LogLayout::Rolling;
  const auto last_compact =
      std::find_if(parts.rbegin(), parts.rend(), [](const Numbered& part) { return part.name.compact; });
  if (last_compact != parts.rend()) {
    log.stats.Add(Stat::Compacted, 1, last_compact->file->name);
    parts.erase(parts.begin(), last_compact.base() - 1);  // what it was made of, if that is still there
  } else if (const std::int64_t first = parts.front().name.number; first > 1) {
    log.stats.Add(Stat::MissingPart, static_cast<std::uint64_t>(first - 1), "part 1");
  }
  for (const Numbered& part : parts) {
    if (!log.parts.empty() && log.parts.back().number == part.name.number) {
      log.stats.Add(Stat::DuplicatePart, 1, part.file->name);
      continue;
    }
    log.parts.push_back(part.file->part);
    log.parts.back().number = part.name.number;
    log.parts.back().compact = part.name.compact;
  }
  CountGaps(log);

  const std::string status = std::string(kAppStatus) + std::string(app);
  if (markers.contains(status)) return log;
  log.in_progress = markers.contains(status + std::string(kInProgress));
  if (!log.in_progress) log.stats.Add(Stat::NoAppStatus, 1, LastComponent(folder));
  return log;
}

// Takes the rolled files out of `files`.
void ArrangeRolled(const std::string& folder, Files& files, const std::set<std::string>& markers,
                   std::vector<LogInput>& logs) {
  std::set<std::string> apps;
  for (const FoundFile& file : files) {
    if (const auto name = ParseRolled(file.name)) apps.emplace(name->app);
  }
  std::string_view own = LastComponent(folder);
  own = own.starts_with(kRolledFolder) ? own.substr(kRolledFolder.size()) : std::string_view();
  const bool has_own = apps.contains(std::string(own));
  const std::size_t first_log = logs.size();
  for (const std::string& app : apps) {
    if (has_own && app != own) continue;
    logs.push_back(RolledLog(folder, app, files, markers));
    if (apps.size() > 1 && !has_own) logs.back().display_path += "/" + std::string(kEvents) + "*_" + app;
  }
  if (has_own) {
    for (const FoundFile& file : files) {
      const auto name = ParseRolled(file.name);
      if (name && name->app != own) logs[first_log].stats.Add(Stat::ForeignPart, 1, file.name);
    }
  }
  std::erase_if(files, [](const FoundFile& file) { return ParseRolled(file.name).has_value(); });
}

// ---- Spark 1.0-1.2: EVENT_LOG_<n> and marker files

void ArrangeOld(const std::string& folder, Files& files, const std::set<std::string>& markers,
                std::vector<LogInput>& logs) {
  LogInput log;
  log.display_path = folder;
  log.layout = LogLayout::Legacy12;
  for (const FoundFile& file : files) {
    const std::optional<std::int64_t> number = ParseOldLog(file.name);
    if (!number) continue;
    log.parts.push_back(file.part);
    log.parts.back().number = *number;
  }
  if (log.parts.empty()) return;
  std::stable_sort(log.parts.begin(), log.parts.end(),
                   [](const LogPart& a, const LogPart& b) { return a.number < b.number; });
  CountGaps(log);
  log.in_progress = !markers.contains(std::string(kOldComplete));
  const auto version = markers.lower_bound(std::string(kOldVersion));
  if (version != markers.end() && version->starts_with(kOldVersion))
    log.version_hint = version->substr(kOldVersion.size());
  logs.push_back(std::move(log));
  std::erase_if(files, [](const FoundFile& file) { return ParseOldLog(file.name).has_value(); });
}

// ---- Databricks: eventlog (live) and eventlog-<time of rolling>[.gz]

struct DatabricksGroup {
  std::string folder;
  std::string context;  // empty if no part has its header line
  Files files;
  std::vector<std::string> foreign;
};

// The SparkContext Id of most parts; of the live part if that does not decide.
std::string MainContext(const Files& files) {
  std::map<std::string, std::pair<std::size_t, bool>> votes;
  for (const FoundFile& file : files) {
    if (!file.head.databricks) continue;
    auto& [count, live] = votes[file.head.context];
    ++count;
    live = live || IsDatabricksLive(file.name);
  }
  const auto most =
      std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == votes.end() ? std::string() : most->first;
}

void GroupDatabricks(const std::string& folder, Files& files, std::vector<DatabricksGroup>& groups) {
  // Files of Databricks' own names form one log; others are told by their header line.
  DatabricksGroup named{folder, {}, {}, {}};
  bool certain = false;
  for (const FoundFile& file : files) {
    if (!MayBeLog(file)) continue;
    const bool rolled = IsDatabricksRolled(file.name);
    const bool header = file.head.databricks && file.name.starts_with(kDatabricks);
    if (!rolled && !header && !IsDatabricksLive(file.name)) continue;
    certain = certain || rolled || header;
    named.files.push_back(file);
  }
  if (!certain) named.files.clear();
  named.context = MainContext(named.files);

  std::map<std::string, DatabricksGroup> others;
  for (const FoundFile& file : files) {
    if (!file.head.databricks || file.name.starts_with(kDatabricks)) continue;
    if (!named.files.empty() && file.head.context == named.context) {
      named.files.push_back(file);
    } else {
      others.try_emplace(file.head.context, DatabricksGroup{folder, file.head.context, {}, {}})
          .first->second.files.push_back(file);
    }
  }
  // A lone file of any name is a single log, even if Databricks wrote it.
  std::erase_if(others, [](const auto& entry) { return entry.second.files.size() < 2; });

  std::set<std::string> taken;
  const auto take = [&](DatabricksGroup& group) {
    for (const FoundFile& file : group.files) taken.insert(file.display);
    std::erase_if(group.files, [&](const FoundFile& file) {
      const bool foreign = file.head.databricks && file.head.context != group.context;
      if (foreign) group.foreign.push_back(file.name);
      return foreign;
    });
    groups.push_back(std::move(group));
  };
  if (!named.files.empty()) take(named);
  for (auto& [context, group] : others) take(group);
  std::erase_if(files, [&](const FoundFile& file) { return taken.contains(file.display); });
}

// Parts of one SparkContext in a folder inside the other's folder are the same log (copies, or sorted away by hand).
void MergeNested(std::vector<DatabricksGroup>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].context.empty()) continue;
    for (std::size_t j = 0; j < groups.size(); ++j) {
      if (j == i || groups[j].context != groups[i].context || !IsInside(groups[j].folder, groups[i].folder)) continue;
      groups[i].files.insert(groups[i].files.end(), groups[j].files.begin(), groups[j].files.end());
      groups[i].foreign.insert(groups[i].foreign.end(), groups[j].foreign.begin(), groups[j].foreign.end());
      groups[j].context.clear();
      groups[j].files.clear();
    }
  }
  std::erase_if(groups, [](const DatabricksGroup& group) { return group.files.empty(); });
}

// Which of two copies of a part to use: the rolled one (complete), the larger, the one nearer to the top.
bool IsBetterCopy(const FoundFile& a, const FoundFile& b) {
  const auto rank = [](const FoundFile& file) {
    return std::tuple(!IsDatabricksRolled(file.name), ~file.part.bytes, file.display.size());
  };
  return rank(a) < rank(b);
}

LogInput DatabricksLog(DatabricksGroup& group, const RolloverScan& scan) {
  LogInput log;
  log.display_path = group.folder;
  log.layout = LogLayout::Databricks;
  for (const std::string& name : group.foreign) log.stats.Add(Stat::ForeignPart, 1, name);

  // By the time in the name, the live part last: a first guess that places parts without a header line.
  std::stable_sort(group.files.begin(), group.files.end(), [](const FoundFile& a, const FoundFile& b) {
    return std::tuple(IsDatabricksLive(a.name), a.name, a.display) <
           std::tuple(IsDatabricksLive(b.name), b.name, b.display);
  });
  std::map<std::int64_t, const FoundFile*> numbered;
  for (const FoundFile& file : group.files) {
    if (!file.head.rollover) continue;
    const auto [slot, is_new] = numbered.try_emplace(*file.head.rollover, &file);
    if (is_new) continue;
    const bool better = IsBetterCopy(file, *slot->second);
    log.stats.Add(Stat::DuplicatePart, 1, better ? slot->second->name : file.name);
    if (better) slot->second = &file;
  }
  // A part without a number takes the one behind its neighbour's if that is free.
  std::vector<std::pair<std::int64_t, const FoundFile*>> ordered(numbered.begin(), numbered.end());
  std::int64_t previous = -1;
  for (const FoundFile& file : group.files) {
    if (file.head.rollover) {
      previous = *file.head.rollover;
      continue;
    }
    log.stats.Add(Stat::UnnumberedPart, 1, file.name);
    const bool is_free = !numbered.contains(previous + 1);
    const std::int64_t number = is_free ? previous + 1 : std::max<std::int64_t>(previous, 0);
    if (is_free) numbered.emplace(number, &file);
    const auto behind =
        std::find_if(ordered.begin(), ordered.end(), [&](const auto& other) { return other.first > previous; });
    ordered.insert(behind, {number, &file});
    previous = number;
  }
  for (const auto& [number, file] : ordered) {
    log.parts.push_back(file->part);
    log.parts.back().number = number;
  }

  // Missing numbers, unless the part before the gap turns out to hold them too.
  if (const std::int64_t first = log.parts.front().number; first > 0) {
    log.stats.Add(Stat::MissingPart, static_cast<std::uint64_t>(first), "part 0");
  }
  for (std::size_t i = 1; i < log.parts.size(); ++i) {
    const std::int64_t from = log.parts[i - 1].number;
    const std::int64_t to = log.parts[i].number;
    if (to <= from + 1) continue;
    std::set<std::int64_t> inside;
    for (const std::int64_t number : scan(log.parts[i - 1])) {
      if (number > from && number < to) inside.insert(number);
    }
    const std::uint64_t missing = static_cast<std::uint64_t>(to - from - 1) - inside.size();
    if (missing > 0) log.stats.Add(Stat::MissingPart, missing, "part " + std::to_string(from + 1));
  }
  return log;
}

}  // namespace

bool IsHidden(std::string_view name) { return name.starts_with('.') || name == "__MACOSX" || name.ends_with(".crc"); }

bool IsKnownByName(std::string_view name) {
  return ParseRolled(name).has_value() || ParseOldLog(name).has_value() || name.starts_with(kAppStatus) ||
         name.starts_with(kOldVersion) || name.starts_with(kOldCodec) || name == kOldComplete;
}

void ParseDatabricksLine(std::string_view line, FileHead& head) {
  if (line.find("DBCEventLoggingListenerMetadata") == std::string_view::npos) return;
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  if (parser.parse(line.data(), line.size()).get(event) != simdjson::SUCCESS) return;
  std::string_view name;
  if (event["Event"].get(name) != simdjson::SUCCESS || name != "DBCEventLoggingListenerMetadata") return;
  head.databricks = true;
  std::int64_t number = 0;
  if (event["Rollover Number"].get(number) == simdjson::SUCCESS && number >= 0) head.rollover = number;
  simdjson::dom::element context;
  if (event["SparkContext Id"].get(context) == simdjson::SUCCESS) head.context = simdjson::minify(context);
}

std::vector<LogInput> ArrangeLogs(std::vector<FoundFile> files, const RolloverScan& scan) {
  std::map<std::string, Files> folders;
  for (FoundFile& file : files) folders[file.folder].push_back(std::move(file));

  std::vector<LogInput> logs;
  std::vector<DatabricksGroup> databricks;
  for (auto& [folder, inside] : folders) {
    std::sort(inside.begin(), inside.end(), [](const FoundFile& a, const FoundFile& b) { return a.name < b.name; });
    std::set<std::string> markers;
    for (const FoundFile& file : inside) markers.insert(file.name);
    ArrangeRolled(folder, inside, markers, logs);
    ArrangeOld(folder, inside, markers, logs);
    GroupDatabricks(folder, inside, databricks);
    for (const FoundFile& file : inside) {
      if (MayBeLog(file)) logs.push_back(SingleLog(file));
    }
  }
  MergeNested(databricks);
  for (DatabricksGroup& group : databricks) logs.push_back(DatabricksLog(group, scan));
  // A log of an archive by where its first part is: one reading of the archive is enough for all.
  const auto key = [](const LogInput& log) {
    const LogPart& first = log.parts.front();
    if (first.member.empty())
      return std::tuple(std::string_view(log.display_path), std::uint64_t{0}, std::string_view());
    std::uint64_t place = first.place;
    for (const LogPart& part : log.parts) place = std::min(place, part.place);
    return std::tuple(std::string_view(first.path), place, std::string_view(log.display_path));
  };
  std::stable_sort(logs.begin(), logs.end(), [&key](const LogInput& a, const LogInput& b) { return key(a) < key(b); });
  return logs;
}

}  // namespace advise::ingest
