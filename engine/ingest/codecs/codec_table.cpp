// The list of codecs and the sniffing of first bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "ingest/codecs/codec.h"

namespace advise::ingest {
namespace {

using namespace std::string_view_literals;

bool IsZstd(std::string_view head) {
  // Skippable frames (50…5f 2a 4d 18) may precede the first data frame. The lz4 frame format has the same ones, but no
  // tool puts one first.
  return head.starts_with("\x28\xb5\x2f\xfd"sv) ||
         (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xf0U) == 0x50U &&
          head.substr(1, 3) == "\x2a\x4d\x18"sv);
}
bool IsLz4Block(std::string_view head) { return head.starts_with("LZ4Block"sv); }
bool IsLz4Frame(std::string_view head) { return head.starts_with("\x04\x22\x4d\x18"sv); }
bool IsSnappyJava(std::string_view head) { return head.starts_with("\x82SNAPPY\0"sv); }
bool IsLzf(std::string_view head) { return head.starts_with("ZV\0"sv) || head.starts_with("ZV\1"sv); }
bool IsGzip(std::string_view head) { return head.starts_with("\x1f\x8b"sv); }
bool IsBzip2(std::string_view head) {
  return head.size() >= 4 && head.starts_with("BZh"sv) && head[3] >= '1' && head[3] <= '9';
}
bool IsXz(std::string_view head) { return head.starts_with("\xfd\x37zXZ\0"sv); }
bool IsZip(std::string_view head) { return head.starts_with("PK\3\4"sv) || head.starts_with("PK\5\6"sv); }

// The magic "ustar" is missing in old archives, so the header's checksum decides: the sum of its 512 bytes with the
// checksum field (148…155, octal) taken as blanks.
bool IsTar(std::string_view head) {
  constexpr std::size_t kHeader = 512;
  constexpr std::size_t kField = 148;
  constexpr std::size_t kFieldSize = 8;
  if (head.size() < kHeader || head[0] == '\0') return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < kHeader; ++i) {
    const bool in_field = i >= kField && i < kField + kFieldSize;
    sum += in_field ? unsigned{' '} : static_cast<unsigned char>(head[i]);
  }
  std::array<char, kFieldSize + 1> field{};
  std::copy_n(head.begin() + kField, kFieldSize, field.begin());
  char* end = nullptr;
  const unsigned long stated = std::strtoul(field.data(), &end, 8);
  return end != field.data() && stated == sum;
}

bool IsForeign(std::string_view head) {
  return head.starts_with("7z\xbc\xaf\x27\x1c"sv) || head.starts_with("Rar!\x1a\x07"sv) ||
         head.starts_with("\x1f\x9d"sv) || head.starts_with("\x02\x21\x4c\x18"sv) ||
         head.starts_with("\xff\x06\0\0sNaPpY"sv);
}

constexpr std::array kCodecs = {
    Codec{"zstd", CodecKind::Stream, IsZstd, MakeZstd},
    Codec{"lz4", CodecKind::Stream, IsLz4Block, MakeLz4Block},
    Codec{"snappy", CodecKind::Stream, IsSnappyJava, MakeSnappyJava},
    Codec{"lzf", CodecKind::Stream, IsLzf, MakeLzf},
    Codec{"gzip", CodecKind::Stream, IsGzip, MakeGzip},
    Codec{"bzip2", CodecKind::Stream, IsBzip2, MakeBzip2},
    Codec{"xz", CodecKind::Stream, IsXz, MakeXz},
    Codec{"lz4-frame", CodecKind::Stream, IsLz4Frame, MakeLz4Frame},
    Codec{"zip", CodecKind::Container, IsZip, nullptr},
    Codec{"tar", CodecKind::Container, IsTar, nullptr},
    // 7z, rar, compress, the lz4 command's old format, the snappy framing format.
    Codec{"unsupported", CodecKind::Foreign, IsForeign, nullptr},
    Codec{"plain", CodecKind::Plain, [](std::string_view) { return true; }, nullptr},
};

}  // namespace

std::span<const Codec> AllCodecs() { return kCodecs; }

const Codec& SniffCodec(std::string_view head) {
  return *std::find_if(kCodecs.begin(), kCodecs.end(), [&](const Codec& codec) { return codec.sniff(head); });
}

}  // namespace advise::ingest
