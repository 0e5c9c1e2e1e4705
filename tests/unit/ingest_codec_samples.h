// Packs texts the way Spark and people do, for the tests of the decoders: small encoders of Spark's framings around the
// libraries' compressors, and sources in memory.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzf.h>
#include <lzma.h>
#include <snappy.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/codecs/codec.h"
#include "support/check.h"

namespace advise::ingest::testing {

// Gives at most `step` bytes a read, as pipes do.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes, std::size_t step = SIZE_MAX) : bytes_(std::move(bytes)), step_(step) {}
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override {
    const std::size_t n = std::min({out.size(), step_, bytes_.size() - at_});
    std::memcpy(out.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return at_; }

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

inline std::string Little32(std::size_t value) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((value >> shift) & 0xffU);
  return bytes;
}
inline std::string Big32(std::size_t value) {
  std::string bytes = Little32(value);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}
inline std::string Big16(std::size_t value) { return Big32(value).substr(2); }

// Lines like an event log's: compressible, but no two alike.
inline std::string EventText(std::size_t lines) {
  std::string text = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.1\"}\n";
  for (std::size_t i = 0; i < lines; ++i) {
    text += "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":" + std::to_string(i / 7) +
            ",\"Task Info\":{\"Task ID\":" + std::to_string(i) +
            ",\"Launch Time\":" + std::to_string(1'700'000'000'000 + i * i * 31 % 100'003) + "}}\n";
  }
  return text;
}

template <class F>
std::string InBlocks(std::string_view text, std::size_t block, const F& pack) {
  std::string packed;
  for (std::size_t at = 0; at < text.size(); at += block) packed += pack(text.substr(at, block));
  return packed;
}

inline std::string ZstdFrame(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);  // as Spark's streaming writer
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

inline std::string Lz4Block(std::string_view text, bool end_mark = true, std::size_t block = 32 << 10) {
  constexpr std::size_t kBlockLog = 15;
  const auto level = static_cast<char>(kBlockLog - 10);
  std::string packed = InBlocks(text, block, [&](std::string_view raw) {
    std::string body(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(raw.size()))), '\0');
    body.resize(static_cast<std::size_t>(
        LZ4_compress_default(raw.data(), body.data(), static_cast<int>(raw.size()), static_cast<int>(body.size()))));
    const bool stored = body.size() >= raw.size();
    if (stored) body = raw;
    const auto token = static_cast<char>((stored ? 0x10 : 0x20) | level);
    return "LZ4Block" + std::string(1, token) + Little32(body.size()) + Little32(raw.size()) +
           Little32(XXH32(raw.data(), raw.size(), 0x9747b28c) & 0x0fffffffU) + body;
  });
  if (end_mark) packed += "LZ4Block" + std::string(1, static_cast<char>(0x10 | level)) + std::string(12, '\0');
  return packed;
}

inline std::string Lz4Frame(std::string_view text) {
  std::string out(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), nullptr));
  return out;
}

inline std::string SnappyJava(std::string_view text, std::size_t block = 32 << 10) {
  using namespace std::string_view_literals;
  return std::string("\x82SNAPPY\0\0\0\0\1\0\0\0\1"sv) + InBlocks(text, block, [](std::string_view raw) {
           std::string body(snappy::MaxCompressedLength(raw.size()), '\0');
           std::size_t size = 0;
           snappy::RawCompress(raw.data(), raw.size(), body.data(), &size);
           body.resize(size);
           return Big32(size) + body;
         });
}

inline std::string Lzf(std::string_view text, std::size_t block = 65'535) {
  using namespace std::string_view_literals;
  return InBlocks(text, block, [](std::string_view raw) {
    std::string body(raw.size(), '\0');
    const unsigned size =
        lzf_compress(raw.data(), static_cast<unsigned>(raw.size()), body.data(), static_cast<unsigned>(raw.size() - 1));
    if (size == 0) return std::string("ZV\0"sv) + Big16(raw.size()) + std::string(raw);
    body.resize(size);
    return std::string("ZV\1"sv) + Big16(size) + Big16(raw.size()) + body;
  });
}

inline std::string Gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string Bzip2(std::string_view text) {
  auto size = static_cast<unsigned>(text.size() + text.size() / 50 + 1024);
  std::string out(size, '\0');
  BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()), static_cast<unsigned>(text.size()), 9, 0,
                           0);
  out.resize(size);
  return out;
}

inline std::string Xz(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                          reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
  out.resize(size);
  return out;
}

struct MemberText {
  std::string name;
  std::string bytes;
};

inline std::string Archive(bool zip, const std::vector<MemberText>& members) {
  std::string out(std::size_t{4} << 20, '\0');
  for (const MemberText& member : members) out.append(member.bytes.size() + member.name.size() + 4096, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  if (zip) {
    archive_write_set_format_zip(writer);
  } else {
    archive_write_set_format_pax_restricted(writer);
  }
  archive_write_set_bytes_per_block(writer, 512);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const MemberText& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, member.bytes.data(), member.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}
inline std::string Zip(const std::vector<MemberText>& members) { return Archive(true, members); }
inline std::string Tar(const std::vector<MemberText>& members) { return Archive(false, members); }

// All that comes out, and how it ended.
struct Decoded {
  std::string text;
  std::optional<Error> error;
};
inline Decoded ReadAll(ByteSource& source, std::size_t span) {
  Decoded decoded;
  std::vector<char> buffer(span);
  while (true) {
    const auto got = source.Read(buffer);
    if (!got) {
      decoded.error = got.error();
      return decoded;
    }
    if (*got == 0) return decoded;
    decoded.text.append(buffer.data(), *got);
  }
}

}  // namespace advise::ingest::testing
