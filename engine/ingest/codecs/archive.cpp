// libarchive behind a plain interface: members one after the other, limits on their number and on what they unpack to.
#include "ingest/codecs/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

#include "ingest/codecs/decoder.h"

namespace advise::ingest {
namespace {

constexpr std::size_t kArchiveBlock = std::size_t{256} << 10;
// A folder of logs packed by a person holds thousands; each member costs a header.
constexpr std::uint64_t kMaxMembers = 1'000'000;

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

// Names in archives are UTF-8 or bytes of some code page. libarchive converts them by the thread's locale, which fails
// for the former in the C locale (the program's): so this thread has a UTF-8 one while a header is read.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) previous_ = uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(previous_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t previous_ = nullptr;
};

std::string EntryName(archive_entry* entry, std::uint64_t index) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name != nullptr ? name : "member-" + std::to_string(index);
}

}  // namespace

struct ArchiveReader::Impl {
  explicit Impl(const DecodeContext& from) : context(from) {}

  DecodeContext context;
  std::unique_ptr<ByteSource> upstream;  // null when opened by path
  std::vector<char> block;
  std::optional<Error> upstream_error;
  std::uint64_t file_bytes = 0;
  std::unique_ptr<archive, FreeArchive> handle{archive_read_new()};
  std::uint64_t members = 0;
  std::uint64_t member_bytes = 0;
  std::uint64_t member_read = 0;
  bool member_ended = true;

  static la_ssize_t ReadBlock(archive* handle, void* self, const void** bytes);
  [[nodiscard]] bool SaysTruncated() const {
    const char* text = archive_error_string(handle.get());
    const std::string_view message = text != nullptr ? text : "";
    return message.find("runcated") != std::string_view::npos;
  }
  [[nodiscard]] std::string Reason() const {
    const char* text = archive_error_string(handle.get());
    return text != nullptr ? text : "unknown reason";
  }
};

la_ssize_t ArchiveReader::Impl::ReadBlock(archive* handle, void* self, const void** bytes) {
  auto& impl = *static_cast<Impl*>(self);
  auto got = impl.upstream->Read(impl.block);
  if (!got) {
    impl.upstream_error = std::move(got).error();
    archive_set_error(handle, EIO, "upstream");
    return -1;
  }
  *bytes = impl.block.data();
  return static_cast<la_ssize_t>(*got);
}

ArchiveReader::ArchiveReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ArchiveReader::~ArchiveReader() = default;

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::OpenPath(const std::string& path, const DecodeContext& context) {
  auto impl = std::make_unique<Impl>(context);
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) impl->file_bytes = static_cast<std::uint64_t>(info.st_size);
  archive_read_support_format_zip(impl->handle.get());
  archive_read_support_format_tar(impl->handle.get());
  if (archive_read_open_filename(impl->handle.get(), path.c_str(), kArchiveBlock) != ARCHIVE_OK) {
    return Fail(DiagnosticCode::LogUnreadable, "cannot open the archive `" + path + "`: " + impl->Reason());
  }
  return std::unique_ptr<ArchiveReader>(new ArchiveReader(std::move(impl)));
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::OpenStream(std::unique_ptr<ByteSource> upstream,
                                                                 const DecodeContext& context) {
  auto impl = std::make_unique<Impl>(context);
  impl->upstream = std::move(upstream);
  impl->block.resize(kArchiveBlock);
  archive_read_support_format_zip(impl->handle.get());
  archive_read_support_format_tar(impl->handle.get());
  if (archive_read_open(impl->handle.get(), impl.get(), nullptr, Impl::ReadBlock, nullptr) != ARCHIVE_OK) {
    if (impl->upstream_error) return tl::unexpected<Error>(*impl->upstream_error);
    return Fail(DiagnosticCode::BadCodec, "cannot open the archive `" + context.place + "`: " + impl->Reason());
  }
  return std::unique_ptr<ArchiveReader>(new ArchiveReader(std::move(impl)));
}

Result<std::optional<ArchiveMember>> ArchiveReader::Next() {
  Impl& impl = *impl_;
  impl.member_ended = true;
  const Utf8Locale utf8;
  while (true) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(impl.handle.get(), &entry);
    if (result == ARCHIVE_EOF) return std::optional<ArchiveMember>();
    if (result == ARCHIVE_RETRY) continue;
    if (impl.upstream_error) return tl::unexpected<Error>(*impl.upstream_error);
    if (result < ARCHIVE_WARN) {
      const StreamEnd end = impl.SaysTruncated() && impl.members > 0 ? StreamEnd::Cut : StreamEnd::Damaged;
      ADVISE_TRY([[maybe_unused]] const auto reported, ReportEnd(impl.context, end, 0, impl.members, bytes_consumed()));
      return std::optional<ArchiveMember>();
    }
    if (++impl.members > kMaxMembers) {
      return Fail(DiagnosticCode::LimitExceeded, "`" + impl.context.place + "` holds more than a million members");
    }
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) continue;
    const la_int64_t size = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : 0;
    impl.member_bytes = static_cast<std::uint64_t>(std::max<la_int64_t>(size, 0));
    impl.member_read = 0;
    impl.member_ended = false;
    return std::optional(ArchiveMember{EntryName(entry, impl.members), impl.member_bytes});
  }
}

Result<std::size_t> ArchiveReader::Read(std::span<char> out) {
  Impl& impl = *impl_;
  if (impl.member_ended) return std::size_t{0};
  la_ssize_t got = ARCHIVE_RETRY;
  while (got == ARCHIVE_RETRY) got = archive_read_data(impl.handle.get(), out.data(), out.size());
  if (got > 0) {
    impl.member_read += static_cast<std::uint64_t>(got);
    ADVISE_TRY([[maybe_unused]] const auto checked, CheckRatio(impl.context, impl.member_read, bytes_consumed()));
    return static_cast<std::size_t>(got);
  }
  impl.member_ended = true;
  if (got == 0) return std::size_t{0};
  if (impl.upstream_error) return tl::unexpected<Error>(*impl.upstream_error);
  const StreamEnd end = impl.SaysTruncated() ? StreamEnd::Cut : StreamEnd::Damaged;
  return ReportEnd(impl.context, end, 0, impl.member_read, impl.member_read);
}

std::uint64_t ArchiveReader::bytes_consumed() const {
  return impl_->upstream != nullptr ? impl_->upstream->bytes_consumed() : impl_->file_bytes;
}

double ArchiveReader::member_progress() const {
  if (impl_->member_bytes == 0) return 0;
  return std::min(1.0, static_cast<double>(impl_->member_read) / static_cast<double>(impl_->member_bytes));
}

void ArchiveReader::SetPlace(std::string place) { impl_->context.place = std::move(place); }

namespace {

class Member final : public ByteSource {
 public:
  explicit Member(std::shared_ptr<ArchiveReader> reader) : reader_(std::move(reader)) {}
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override { return reader_->Read(out); }
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return reader_->bytes_consumed(); }

 private:
  std::shared_ptr<ArchiveReader> reader_;  // shared: the opener goes on to the next member with the same reader
};

}  // namespace

std::unique_ptr<ByteSource> MemberSource(std::shared_ptr<ArchiveReader> reader) {
  return std::make_unique<Member>(std::move(reader));
}

}  // namespace advise::ingest
