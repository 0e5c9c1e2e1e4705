// Finding logs on disk (folders, archives, single files) and reading them as one stream of text.
#include "ingest/log_source.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "ingest/codecs/archive.h"
#include "ingest/codecs/decoder.h"
#include "ingest/codecs/file_source.h"
#include "ingest/codecs/part_source.h"
#include "ingest/log_layout.h"

namespace advise::ingest {
namespace {

// Deeper folders are not descended into; Spark's own layouts have two levels, Databricks' three.
constexpr int kMaxFolderDepth = 32;
constexpr std::size_t kMaxFiles = 1'000'000;
// Text that decides whether a file is an event log.
constexpr std::size_t kHeadBytes = 4096;

// ---- first bytes

bool IsEventLine(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  constexpr std::string_view kKey = "\"Event\"";
  const std::size_t start = line.find_first_not_of(kBlank);
  if (start == std::string_view::npos || line[start] != '{') return false;
  for (std::size_t at = line.find(kKey); at != std::string_view::npos; at = line.find(kKey, at + 1)) {
    const std::size_t colon = line.find_first_not_of(kBlank, at + kKey.size());
    if (colon != std::string_view::npos && line[colon] == ':') return true;
  }
  return false;
}

// Calls f(line) for the lines of the text, the last one cut or not.
template <class F>
void ForEachLine(std::string_view text, const F& f) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    f(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

FileHead HeadOf(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  FileHead head;
  ForEachLine(text, [&](std::string_view line) { head.is_event_log = head.is_event_log || IsEventLine(line); });
  ParseDatabricksLine(text.substr(0, text.find('\n')), head);
  return head;
}

// Reads the head of a source that Peel has brought to text. Damage is what the caller wants to know, not an error.
FileHead ReadHead(ByteSource& source, bool packed) {
  std::array<char, kHeadBytes> buffer{};
  std::size_t got = 0;
  while (got < buffer.size()) {
    const auto n = source.Read(std::span<char>(buffer).subspan(got));
    if (!n || *n == 0) break;
    got += *n;
  }
  FileHead head = HeadOf({buffer.data(), got});
  head.unreadable = packed && got == 0;
  return head;
}

// ---- walking

class Finder {
 public:
  explicit Finder(const Limits& limits) : limits_(limits) {}

  Result<std::vector<FoundFile>> Folder(const std::string& path) {
    root_ = RealPath(path);
    ADVISE_TRY([[maybe_unused]] const bool walked, Walk(path, 0));
    for (std::size_t i = 0; i < linked_folders_.size(); ++i) {
      const auto [folder, depth] = linked_folders_[i];
      ADVISE_TRY([[maybe_unused]] const bool walked_link, Walk(folder, depth));
    }
    return Take();
  }

  // The first link that leads out of the folder, and how many there are.
  [[nodiscard]] const std::string& link_out() const { return link_out_; }
  [[nodiscard]] std::uint64_t links_out() const { return links_out_; }

  // Nothing if the file is no archive.
  Result<std::optional<std::vector<FoundFile>>> Archive(const std::string& path, std::uint64_t bytes) {
    ADVISE_TRY(const OpenedArchive archive, OpenArchive(path, Context(path), names_));
    if (archive.reader == nullptr) return std::optional<std::vector<FoundFile>>();
    ADVISE_TRY([[maybe_unused]] const bool listed, Members(archive, path, path, "", bytes));
    return std::optional(Take());
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  // Without links; empty where there is none.
  static std::string RealPath(const std::string& path) {
    std::error_code error;
    return std::filesystem::canonical(path, error).string();
  }

  // The folder may come from anybody: what it links to elsewhere on this machine was not asked for.
  [[nodiscard]] bool LeadsOut(const std::string& link) const {
    const std::string target = RealPath(link);
    return target != root_ && !target.starts_with(root_.ends_with('/') ? root_ : root_ + "/");
  }

  DecodeContext Context(std::string_view path) { return {limits_, scratch_, std::string(BaseName(path))}; }

  std::vector<FoundFile> Take() {
    // A link beside its target would give the log twice.
    std::vector<FoundFile> files;
    for (Candidate& candidate : found_) {
      if (!candidate.is_link || !real_files_.contains(candidate.identity)) files.push_back(std::move(candidate.file));
    }
    found_.clear();
    return files;
  }

  Result<bool> Walk(const std::string& folder, int depth) {
    struct stat info {};
    if (stat(folder.c_str(), &info) != 0 || !visited_.emplace(info.st_dev, info.st_ino).second) return false;
    std::vector<std::string> names;
    DIR* handle = opendir(folder.c_str());
    if (handle == nullptr) {
      if (depth > 0) return false;
      return Fail(DiagnosticCode::LogUnreadable,
                  "cannot read the folder `" + folder + "`: " + std::generic_category().message(errno));
    }
    while (const dirent* entry = readdir(handle)) {
      const std::string_view name = entry->d_name;
      if (!IsHidden(name)) names.emplace_back(name);
    }
    closedir(handle);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      ADVISE_TRY([[maybe_unused]] const bool seen, Visit(folder, name, depth));
    }
    return true;
  }

  Result<bool> Visit(const std::string& folder, const std::string& name, int depth) {
    const std::string path = folder.ends_with('/') ? folder + name : folder + "/" + name;
    struct stat info {};
    struct stat own {};
    if (stat(path.c_str(), &info) != 0 || lstat(path.c_str(), &own) != 0) return false;  // gone, or a dangling link
    const bool is_link = S_ISLNK(own.st_mode);
    if (is_link && (S_ISDIR(info.st_mode) || S_ISREG(info.st_mode)) && LeadsOut(path)) {
      if (links_out_++ == 0) link_out_ = path;
      return false;
    }
    if (S_ISDIR(info.st_mode)) {
      if (depth + 1 >= kMaxFolderDepth) return false;
      if (is_link) {
        linked_folders_.emplace_back(path, depth + 1);
        return true;
      }
      return Walk(path, depth + 1);
    }
    if (!S_ISREG(info.st_mode)) return false;
    const Identity identity{info.st_dev, info.st_ino};
    if (!is_link) real_files_.insert(identity);
    const std::size_t before = found_.size();
    ADVISE_TRY([[maybe_unused]] const bool taken, File(folder, path, name, static_cast<std::uint64_t>(info.st_size)));
    for (std::size_t i = before; i < found_.size(); ++i) {
      found_[i].identity = identity;
      found_[i].is_link = is_link;
    }
    if (found_.size() <= kMaxFiles) return true;
    return Fail(DiagnosticCode::LimitExceeded, "more than a million files below `" + folder + "`",
                "name the log itself");
  }

  Result<bool> File(const std::string& folder, const std::string& path, const std::string& name, std::uint64_t bytes) {
    FoundFile file{folder, path, name, {path, {}, bytes, 0, false}, {}};
    if (IsKnownByName(name)) {
      Add(std::move(file));
      return true;
    }
    if (bytes == 0) return false;
    auto archive = OpenArchiveOrHead(path, file.head);
    if (!archive) {
      // An archive or a log in an unsupported format is not obviously a log; damage and lacking permission are told.
      if (archive.error().code == DiagnosticCode::UnknownCodec) return false;
      file.head.unreadable = true;
    } else if (archive->reader != nullptr) {
      const std::size_t before = found_.size();
      if (Members(*archive, path, path, "", bytes)) return true;
      // A bomb, or a million members: costs only itself, and the user hears of it when it is read.
      found_.resize(before);
      file.head.unreadable = true;
    }
    Add(std::move(file));
    return true;
  }

  Result<OpenedArchive> OpenArchiveOrHead(const std::string& path, FileHead& head) {
    const DecodeContext context = Context(path);
    ADVISE_TRY(std::unique_ptr<ByteSource> source, OpenFile(path));
    ADVISE_TRY(Peeled peeled, Peel(std::move(source), context, 0, names_));
    if (peeled.is_archive) return OpenArchive(path, context, names_);
    head = ReadHead(*peeled.source, peeled.layers > 0);
    return OpenedArchive{};
  }

  // Adds the members of an archive; `prefix` leads to an archive inside `path`, `display` names it for the user.
  Result<bool> Members(const OpenedArchive& archive, const std::string& path, const std::string& display,
                       const std::string& prefix, std::uint64_t archive_bytes) {
    const std::size_t first = found_.size();
    double total = 0;
    std::vector<double> sizes;
    std::set<std::string> seen;
    while (true) {
      auto next = archive.reader->Next();
      if (!next) {
        if (next.error().code == DiagnosticCode::LimitExceeded) return tl::unexpected<Error>(std::move(next).error());
        break;
      }
      if (!*next) break;
      const ArchiveMember& member = **next;
      if (HasHiddenComponent(member.name) || !seen.insert(member.name).second) continue;
      const std::size_t slash = member.name.rfind('/');
      FoundFile file;
      file.folder = slash == std::string::npos ? display : display + "!" + member.name.substr(0, slash);
      file.display = display + "!" + member.name;
      file.name = slash == std::string::npos ? member.name : member.name.substr(slash + 1);
      file.part = {path, prefix + member.name, 0, 0, false, ++members_};
      const std::size_t before = found_.size();
      if (IsKnownByName(file.name)) {
        Add(std::move(file));
      } else {
        ADVISE_TRY([[maybe_unused]] const bool added, SniffMember(archive, std::move(file), path));
      }
      total += static_cast<double>(member.bytes);
      sizes.resize(before - first, 0.0);
      sizes.resize(found_.size() - first, static_cast<double>(member.bytes) /
                                              static_cast<double>(std::max<std::size_t>(found_.size() - before, 1)));
      if (found_.size() > kMaxFiles)
        return Fail(DiagnosticCode::LimitExceeded, "more than a million files in `" + path + "`");
    }
    // What a member takes on disk is not told by tar; its share by unpacked size adds up to the file.
    for (std::size_t i = 0; i < sizes.size() && total > 0; ++i) {
      found_[first + i].file.part.bytes =
          static_cast<std::uint64_t>(static_cast<double>(archive_bytes) * (sizes[i] / total));
    }
    return true;
  }

  Result<bool> SniffMember(const OpenedArchive& archive, FoundFile file, const std::string& path) {
    const DecodeContext context = Context(file.name);
    archive.reader->SetPlace(file.name);
    auto peeled = Peel(MemberSource(archive.reader), context, archive.layers, names_);
    if (!peeled) {
      if (peeled.error().code == DiagnosticCode::UnknownCodec) return false;
      file.head.unreadable = true;
    } else if (peeled->is_archive) {
      auto inner = ArchiveReader::OpenStream(std::move(peeled->source), context);
      if (!inner) return false;
      return Members({std::move(*inner), peeled->layers}, path, file.display, file.part.member + "!", 0);
    } else {
      file.head = ReadHead(*peeled->source, peeled->layers > archive.layers);
    }
    Add(std::move(file));
    return true;
  }

  static bool HasHiddenComponent(std::string_view name) {
    while (!name.empty()) {
      const std::size_t end = std::min(name.find('/'), name.size());
      const std::string_view component = name.substr(0, end);
      if (component != "." && component != ".." && IsHidden(component)) return true;
      name.remove_prefix(std::min(end + 1, name.size()));
    }
    return false;
  }

  void Add(FoundFile file) { found_.push_back({std::move(file), {}, false}); }

  struct Candidate {
    FoundFile file;
    Identity identity;
    bool is_link;
  };

  const Limits& limits_;
  IngestStats scratch_;  // what heads of files count is counted again when they are read
  std::vector<std::string> names_;
  std::vector<Candidate> found_;
  std::set<Identity> visited_;
  std::set<Identity> real_files_;
  std::vector<std::pair<std::string, int>> linked_folders_;
  std::string root_;  // the folder that is searched, without links
  std::string link_out_;
  std::uint64_t links_out_ = 0;
  std::uint64_t members_ = 0;  // of all archives
};

// All Rollover Numbers in a part. What cannot be read has none.
std::vector<std::int64_t> ScanRollovers(const LogPart& part, const Limits& limits) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  constexpr std::string_view kName = "DBCEventLoggingListenerMetadata";
  std::vector<std::string> names;
  PartOpener opener(limits);
  std::vector<std::int64_t> numbers;
  auto source = opener.Open(part.path, part.member, names);
  if (!source) return numbers;
  // A header line is short: what of it may hang over into the next block is kept.
  std::string text;
  while (true) {
    const std::size_t kept = std::min(text.size(), kHeadBytes);
    text.erase(0, text.size() - kept);
    text.resize(kept + kBlock);
    const auto got = (*source)->Read(std::span<char>(text).subspan(kept));
    text.resize(kept + (got ? *got : 0));
    for (std::size_t at = text.find(kName); at != std::string::npos; at = text.find(kName, at + 1)) {
      const std::size_t start = text.rfind('\n', at) + 1;  // npos + 1 is 0
      const std::size_t end = text.find('\n', at);
      if (end == std::string::npos && got && *got > 0) break;  // again with the next block
      FileHead head;
      ParseDatabricksLine(std::string_view(text).substr(start, end - start), head);
      if (head.rollover) numbers.push_back(*head.rollover);
    }
    if (!got || *got == 0) return numbers;
  }
}

// ---- reading

class LogSource final : public ByteSource {
 public:
  LogSource(const LogInput& input, const Limits& limits, IngestStats& stats, std::vector<std::string>& codec_names,
            std::shared_ptr<PartOpener> opener)
      : parts_(input.parts),
        limits_(limits),
        stats_(stats),
        codec_names_(codec_names),
        opener_(opener != nullptr ? std::move(opener) : std::make_shared<PartOpener>(limits)) {
    std::set<std::string> files;
    for (const LogPart& part : parts_) {
      struct stat info {};
      if (files.insert(part.path).second && stat(part.path.c_str(), &info) == 0)
        disk_bytes_ += static_cast<std::uint64_t>(info.st_size);
    }
  }

  // Opens the first part that can be opened, so that OpenLog fails early.
  Result<bool> Start() {
    Result<bool> opened = NextPart();
    stats_.Merge(opener_->TakeStats());
    return opened;
  }

  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override {
    Result<std::size_t> count = ReadParts(out);
    stats_.Merge(opener_->TakeStats());
    return count;
  }

  [[nodiscard]] std::uint64_t bytes_consumed() const override {
    if (source_ == nullptr) return finished_bytes_;
    const LogPart& part = parts_[next_ - 1];
    if (part.member.empty()) return finished_bytes_ + source_->bytes_consumed();
    return finished_bytes_ + static_cast<std::uint64_t>(static_cast<double>(part.bytes) * opener_->member_progress());
  }

 private:
  Result<std::size_t> ReadParts(std::span<char> out) {
    std::size_t filled = 0;
    while (filled < out.size() && (source_ != nullptr || next_ < parts_.size())) {
      if (source_ == nullptr) {
        ADVISE_TRY(const bool opened, NextPart());
        if (!opened) break;
        if (last_byte_ != '\n') {
          out[filled++] = '\n';
          last_byte_ = '\n';
          continue;
        }
      }
      auto got = source_->Read(out.subspan(filled));
      if (!got) {
        ADVISE_TRY([[maybe_unused]] const bool skipped, Skip(std::move(got).error()));
        continue;
      }
      if (*got == 0) {
        EndPart();
        continue;
      }
      filled += *got;
      decoded_ += *got;
      last_byte_ = out[filled - 1];
    }
    if (filled == 0 && decoded_ == 0 && first_error_) return tl::unexpected<Error>(*first_error_);
    // Archives with members that share bytes could pass the decoders' own checks.
    if (disk_bytes_ > 0) {
      const DecodeContext context{limits_, stats_, std::string(BaseName(parts_.front().path))};
      ADVISE_TRY([[maybe_unused]] const auto checked, CheckRatio(context, decoded_, disk_bytes_));
    }
    return filled;
  }

  // False: no part is left.
  Result<bool> NextPart() {
    while (next_ < parts_.size()) {
      const LogPart& part = parts_[next_++];
      auto opened = opener_->Open(part.path, part.member, codec_names_);
      if (opened) {
        source_ = std::move(*opened);
        return true;
      }
      ADVISE_TRY([[maybe_unused]] const bool skipped, Skip(std::move(opened).error()));
    }
    return false;
  }

  void EndPart() {
    const LogPart& part = parts_[next_ - 1];
    finished_bytes_ += source_ != nullptr && part.member.empty() ? source_->bytes_consumed() : part.bytes;
    source_.reset();
  }

  // A part that cannot be read costs only itself, if there are others.
  Result<bool> Skip(Error error) {
    const LogPart& part = parts_[next_ - 1];
    if (parts_.size() == 1 || error.code == DiagnosticCode::LimitExceeded)
      return tl::unexpected<Error>(std::move(error));
    const bool is_data = error.code == DiagnosticCode::BadCodec || error.code == DiagnosticCode::UnknownCodec;
    stats_.Add(is_data ? Stat::DamagedBlock : Stat::MissingPart, 1,
               BaseName(part.member.empty() ? part.path : part.member));
    if (!first_error_) first_error_ = std::move(error);
    EndPart();
    return true;
  }

  std::vector<LogPart> parts_;
  Limits limits_;
  IngestStats& stats_;
  std::vector<std::string>& codec_names_;
  std::shared_ptr<PartOpener> opener_;
  std::size_t next_ = 0;
  std::unique_ptr<ByteSource> source_;
  std::optional<Error> first_error_;
  std::uint64_t disk_bytes_ = 0;
  std::uint64_t finished_bytes_ = 0;
  std::uint64_t decoded_ = 0;
  char last_byte_ = '\n';
};

LogInput OneFile(const std::string& path, const std::string& display, LogPart part) {
  LogInput log;
  log.display_path = display;
  log.in_progress = path.ends_with(".inprogress");
  part.compact = BaseName(path).find(".compact") != std::string_view::npos;
  if (part.compact) log.stats.Add(Stat::Compacted, 1, BaseName(path));
  log.parts = {std::move(part)};
  return log;
}

Result<std::vector<LogInput>> Arrange(std::vector<FoundFile> files, const std::string& path, const char* kind,
                                      const Limits& limits) {
  std::vector<LogInput> logs =
      ArrangeLogs(std::move(files), [&](const LogPart& part) { return ScanRollovers(part, limits); });
  if (logs.empty()) {
    return Fail(DiagnosticCode::LogEmpty, std::string("the ") + kind + " `" + path + "` holds no event log",
                "a file counts as one if a line among its first 4 KiB of text is a JSON object with the key \"Event\"");
  }
  return logs;
}

// `archive.zip!member` or `archive.zip!folder`; nothing if the path is not of that kind.
Result<std::vector<LogInput>> FindMembers(const std::string& path, const Limits& limits) {
  for (std::size_t at = path.find('!'); at != std::string::npos; at = path.find('!', at + 1)) {
    const std::string file = path.substr(0, at);
    struct stat info {};
    if (stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    Finder finder(limits);
    ADVISE_TRY(std::optional<std::vector<FoundFile>> found,
               finder.Archive(file, static_cast<std::uint64_t>(info.st_size)));
    if (!found) break;
    for (FoundFile& member : *found) {
      if (member.display == path) return std::vector{OneFile(path, path, std::move(member.part))};
    }
    std::erase_if(*found, [&](const FoundFile& member) {
      return !member.display.starts_with(path + "/") && !member.display.starts_with(path + "!");
    });
    if (found->empty())
      return Fail(DiagnosticCode::LogNotFound, "the archive `" + file + "` holds no `" + path.substr(at + 1) + "`");
    return Arrange(std::move(*found), path, "archive", limits);
  }
  return std::vector<LogInput>();
}

}  // namespace

std::shared_ptr<PartOpener> MakeOpener(const Limits& limits) { return std::make_shared<PartOpener>(limits); }

std::string_view Name(LogLayout layout) {
  switch (layout) {
    case LogLayout::Single: return "single";
    case LogLayout::Rolling: return "rolling";
    case LogLayout::Databricks: return "databricks";
    case LogLayout::Legacy12: return "spark-1.2-folder";
    case LogLayout::Stdin: return "stdin";
  }
  return {};
}

Result<std::vector<LogInput>> FindLogs(const std::string& path, const Limits& limits) {
  if (path == "-") {
    LogInput log;
    log.display_path = path;
    log.layout = LogLayout::Stdin;
    log.parts = {LogPart{path, {}, 0, 0, false}};
    return std::vector{std::move(log)};
  }
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    const int error = errno;
    ADVISE_TRY(std::vector<LogInput> members, FindMembers(path, limits));
    if (!members.empty()) return members;
    const bool missing = error == ENOENT || error == ENOTDIR;
    return Fail(missing ? DiagnosticCode::LogNotFound : DiagnosticCode::LogUnreadable,
                "cannot open `" + path + "`: " + std::generic_category().message(error),
                path.find("://") != std::string::npos ? "copy the log to this machine first" : "");
  }
  if (S_ISDIR(info.st_mode)) {
    std::string folder = path;
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    Finder finder(limits);
    ADVISE_TRY(std::vector<FoundFile> found, finder.Folder(folder));
    auto logs = Arrange(std::move(found), path, "folder", limits);
    if (finder.links_out() == 0) return logs;
    if (!logs) {
      logs.error().help = "`" + finder.link_out() + "` is a link that leads out of the folder: name what it leads to";
    } else {
      logs->front().stats.Add(Stat::LinkOut, finder.links_out(), BaseName(finder.link_out()));
    }
    return logs;
  }
  // A pipe cannot be looked into twice: it is taken as it comes.
  if (!S_ISREG(info.st_mode)) return std::vector{OneFile(path, path, {path, {}, 0, 0, false})};

  const auto bytes = static_cast<std::uint64_t>(info.st_size);
  auto found = Finder(limits).Archive(path, bytes);
  if (!found && found.error().code == DiagnosticCode::LogUnreadable)
    return tl::unexpected<Error>(std::move(found).error());
  // What is wrong with a single file's packing, OpenLog says.
  if (!found || !*found) return std::vector{OneFile(path, path, {path, {}, bytes, 0, false})};
  ADVISE_TRY(std::vector<LogInput> logs, Arrange(std::move(**found), path, "archive", limits));
  if (logs.size() == 1) logs.front().display_path = path;
  return logs;
}

Result<std::unique_ptr<ByteSource>> OpenLog(const LogInput& input, const Limits& limits, IngestStats& stats,
                                            std::vector<std::string>& codec_names, std::shared_ptr<PartOpener> opener) {
  ADVISE_CHECK(!input.parts.empty(), "a log has parts");
  auto source = std::make_unique<LogSource>(input, limits, stats, codec_names, std::move(opener));
  ADVISE_TRY([[maybe_unused]] const bool started, source->Start());
  return source;
}

Result<std::string> ReadText(const LogInput& input, const Limits& limits) {
  constexpr std::size_t kMostText = std::size_t{1} << 30;
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  IngestStats stats;
  std::vector<std::string> codecs;
  ADVISE_TRY(const std::unique_ptr<ByteSource> source, OpenLog(input, limits, stats, codecs));
  std::string text;
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    ADVISE_TRY(const std::size_t count, source->Read(std::span(text).subspan(before)));
    text.resize(before + count);
    if (count == 0) return text;
    if (text.size() > kMostText) {
      return Fail(DiagnosticCode::LimitExceeded, "`" + input.display_path + "` has more than 1 GiB of text");
    }
  }
}

}  // namespace advise::ingest
