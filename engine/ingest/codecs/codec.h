// The codecs an event log may be packed in, told apart by their first bytes and never by the file name: logs get
// renamed, unpacked and re-compressed. One .cpp a codec; libraries do the work, Spark's own framings are thin shells
// around them. Byte layouts: reference eventlog-format.md section 1; each .cpp repeats its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ingest/byte_source.h"
#include "ingest/ingest_stats.h"
#include "support/limits.h"

namespace advise::ingest {

// What every decoder needs to know about its surroundings. Limits and stats must outlive the decoder.
struct DecodeContext {
  const Limits& limits;
  IngestStats& stats;
  std::string place;  // the part's name, for messages and as the example of a counter
};

enum class CodecKind : std::uint8_t {
  Plain,
  Stream,     // one stream of bytes in, one out
  Container,  // holds members; see archive.h
  Foreign,    // known by its magic, not supported
};

struct Codec {
  std::string_view name;  // as printed in log.codec
  CodecKind kind;
  bool (*sniff)(std::string_view head);
  // Null unless kind is Stream.
  std::unique_ptr<ByteSource> (*make)(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
};

// Bytes that SniffCodec wants to see (a tar header); fewer are fine when the stream is shorter.
inline constexpr std::size_t kSniffBytes = 512;

// Codecs and archives inside each other, for instance gzip, tar, gzip: 3. More is refused (LimitExceeded): nobody packs
// logs like that, and each layer multiplies what a hostile file can cost.
inline constexpr int kMaxLayers = 4;

// All codecs in the order in which they are tried; plain is the last and takes everything.
std::span<const Codec> AllCodecs();
const Codec& SniffCodec(std::string_view head);

// One factory a codec.
std::unique_ptr<ByteSource> MakeZstd(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeLz4Block(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeLz4Frame(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeSnappyJava(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeLzf(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeGzip(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeBzip2(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);
std::unique_ptr<ByteSource> MakeXz(std::unique_ptr<ByteSource> upstream, const DecodeContext& context);

}  // namespace advise::ingest
