// Peels container after container off a file or an archive's member until plain text is left.
#include "ingest/codecs/part_source.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "ingest/codecs/file_source.h"

namespace advise::ingest {
namespace {

void AddName(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

void AddNames(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) AddName(names, name);
}

// From where the last of `levels` is read on; archives on the way to the member are added to them. Null if the rest of
// the last one does not hold it.
Result<std::unique_ptr<ByteSource>> FindMember(std::vector<OpenedLevel>& levels, std::string_view member,
                                               const DecodeContext& context, std::vector<std::string>& codec_names) {
  while (true) {
    const OpenedArchive archive = levels.back().archive;
    const std::string prefix = levels.back().prefix;
    const std::string_view rest = member.substr(prefix.size());
    ADVISE_TRY(const std::optional<ArchiveMember> entry, archive.reader->Next());
    if (!entry) return std::unique_ptr<ByteSource>();
    const bool exact = entry->name == rest;
    const bool outer = !exact && rest.size() > entry->name.size() && rest.starts_with(entry->name) &&
                       rest[entry->name.size()] == '!';
    if (!exact && !outer) continue;
    archive.reader->SetPlace(context.place);
    std::vector<std::string> met;
    ADVISE_TRY(Peeled peeled, Peel(MemberSource(archive.reader), context, archive.layers, met));
    if (exact && !peeled.is_archive) {
      AddNames(codec_names, met);
      return std::move(peeled.source);
    }
    if (!outer || !peeled.is_archive) continue;
    ADVISE_TRY(std::shared_ptr<ArchiveReader> inner, ArchiveReader::OpenStream(std::move(peeled.source), context));
    levels.push_back({prefix + entry->name + "!", {inner, peeled.layers}, std::move(met)});
  }
}

}  // namespace

std::string_view BaseName(std::string_view path) {
  const std::size_t slash = path.find_last_of("/!");
  return slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

Result<Peeled> Peel(std::unique_ptr<ByteSource> source, const DecodeContext& context, int layers,
                    std::vector<std::string>& codec_names) {
  while (true) {
    auto peeked = std::make_unique<PeekedSource>(std::move(source));
    ADVISE_TRY(const std::string_view head, peeked->Head(kSniffBytes));
    const Codec& codec = SniffCodec(head);
    if (codec.kind == CodecKind::Plain) {
      if (layers == 0) AddName(codec_names, codec.name);
      return Peeled{std::move(peeked), false, layers};
    }
    if (codec.kind == CodecKind::Foreign) {
      return Fail(DiagnosticCode::UnknownCodec, "the container format of `" + context.place + "` is not supported",
                  "unpack it by hand and pass the result");
    }
    AddName(codec_names, codec.name);
    if (++layers > kMaxLayers) {
      return Fail(DiagnosticCode::LimitExceeded,
                  "`" + context.place + "` is packed more than " + std::to_string(kMaxLayers) + " times over",
                  "unpack it by hand and pass the result");
    }
    if (codec.kind == CodecKind::Container) return Peeled{std::move(peeked), true, layers};
    source = codec.make(std::move(peeked), context);
  }
}

Result<OpenedArchive> OpenArchive(const std::string& path, const DecodeContext& context,
                                  std::vector<std::string>& codec_names) {
  ADVISE_TRY(std::unique_ptr<ByteSource> file, OpenFile(path));
  ADVISE_TRY(Peeled peeled, Peel(std::move(file), context, 0, codec_names));
  if (!peeled.is_archive) return OpenedArchive{};
  std::shared_ptr<ArchiveReader> reader;
  if (peeled.layers == 1 && path != "-") {
    ADVISE_TRY(reader, ArchiveReader::OpenPath(path, context));
  } else {
    ADVISE_TRY(reader, ArchiveReader::OpenStream(std::move(peeled.source), context));
  }
  return OpenedArchive{std::move(reader), peeled.layers};
}

Result<std::unique_ptr<ByteSource>> PartOpener::Open(const std::string& path, const std::string& member,
                                                     std::vector<std::string>& codec_names) {
  if (!member.empty()) return OpenMember(path, member, codec_names);
  levels_.clear();
  const DecodeContext context{limits_, stats_, std::string(path == "-" ? "standard input" : BaseName(path))};
  ADVISE_TRY(std::unique_ptr<ByteSource> file, OpenFile(path));
  ADVISE_TRY(Peeled peeled, Peel(std::move(file), context, 0, codec_names));
  if (!peeled.is_archive) return std::move(peeled.source);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Fail(DiagnosticCode::UnknownCodec, "`" + context.place + "` is an archive",
                "archives are read from files only: save it to a file and pass its name");
  }
  // It could not be listed: to its end, or to what is wrong with it.
  ADVISE_TRY(const OpenedArchive archive, OpenArchive(path, context, codec_names));
  while (archive.reader != nullptr) {
    ADVISE_TRY(const std::optional<ArchiveMember> entry, archive.reader->Next());
    if (!entry) break;
  }
  return Fail(DiagnosticCode::LimitExceeded, "an archive in `" + context.place + "` cannot be listed",
              "unpack it by hand and pass the result");
}

Result<std::unique_ptr<ByteSource>> PartOpener::OpenMember(const std::string& path, const std::string& member,
                                                           std::vector<std::string>& codec_names) {
  const DecodeContext context{limits_, stats_, std::string(BaseName(member))};
  // First from where the last member was found on, in its archive and those around it, then from the start.
  for (const bool again : {false, true}) {
    const bool goes_on = !again && !levels_.empty() && archive_path_ == path;
    if (goes_on) {
      while (!member.starts_with(levels_.back().prefix)) levels_.pop_back();  // the outermost has none
    } else {
      archive_path_ = path;
      levels_.clear();
      ++times_opened_;
      // The bytes around the members are of all of them.
      const DecodeContext around{limits_, stats_, std::string(BaseName(path))};
      OpenedLevel outermost;
      ADVISE_TRY(outermost.archive, OpenArchive(path, around, outermost.codecs));
      if (outermost.archive.reader == nullptr) break;
      levels_.push_back(std::move(outermost));
    }
    auto found = FindMember(levels_, member, context, codec_names);
    if (found && *found != nullptr) {
      std::vector<std::string> names;
      for (const OpenedLevel& level : levels_) AddNames(names, level.codecs);
      AddNames(names, codec_names);
      codec_names = std::move(names);
      return found;
    }
    levels_.clear();
    if (!found && !goes_on) return found;
    if (!goes_on) break;
  }
  levels_.clear();
  return Fail(DiagnosticCode::LogUnreadable, "the archive `" + path + "` holds no `" + member + "`");
}

}  // namespace advise::ingest
