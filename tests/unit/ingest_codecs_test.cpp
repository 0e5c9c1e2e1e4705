// The decoders against streams that the libraries pack here: whole, in many pieces, cut anywhere, damaged anywhere,
// hostile.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ingest/codecs/codec.h"
#include "ingest_codec_samples.h"

namespace advise::ingest {
namespace {

using namespace testing;
using namespace std::string_view_literals;

struct Sample {
  std::string name;
  std::string codec;
  std::string packed;
  std::string text;
  bool has_checksum;  // damage can never pass unnoticed
};

std::vector<Sample> Samples(std::size_t lines) {
  const std::string text = EventText(lines);
  const std::string more = EventText(lines / 2);
  const std::string skippable = "\x5a\x2a\x4d\x18" + Little32(5) + "hello";
  std::string noise;
  for (unsigned i = 0, x = 1; i < 3000; ++i) noise += static_cast<char>((x = x * 1'103'515'245U + 12'345U) >> 16U);
  return {
      {"zstd, one frame", "zstd", ZstdFrame(text), text, false},
      {"zstd, a frame a flush", "zstd", InBlocks(text, 333, ZstdFrame), text, false},
      {"zstd, skippable frames around", "zstd", skippable + ZstdFrame(text) + skippable + ZstdFrame(more), text + more,
       false},
      {"lz4, closed", "lz4", Lz4Block(text), text, true},
      {"lz4, live: no end mark", "lz4", Lz4Block(text, false, 500), text, true},
      {"lz4, two streams", "lz4", Lz4Block(text, true, 900) + Lz4Block(more), text + more, true},
      {"lz4, stored blocks", "lz4", Lz4Block(noise), noise, true},
      {"lz4 frame", "lz4-frame", Lz4Frame(text), text, false},
      {"lz4 frames, two", "lz4-frame", Lz4Frame(text) + skippable + Lz4Frame(more), text + more, false},
      {"snappy", "snappy", SnappyJava(text), text, false},
      {"snappy, small blocks", "snappy", SnappyJava(text, 100), text, false},
      {"snappy, appended stream", "snappy", SnappyJava(text, 800) + SnappyJava(more), text + more, false},
      {"lzf", "lzf", Lzf(text), text, false},
      {"lzf, small chunks, some stored", "lzf", Lzf(text, 700) + Lzf(noise, 900), text + noise, false},
      {"gzip", "gzip", Gzip(text), text, true},
      {"gzip, two members", "gzip", Gzip(text) + Gzip(more), text + more, true},
      {"bzip2, two streams", "bzip2", Bzip2(text) + Bzip2(more), text + more, true},
      {"xz, two streams", "xz", Xz(text) + Xz(more), text + more, true},
  };
}

struct Outcome {
  Decoded decoded;
  IngestStats stats;
};

Outcome Decode(std::string packed, std::string_view codec_name, std::size_t step = SIZE_MAX,
               std::size_t span = 1 << 16) {
  Outcome outcome;
  const Limits limits;
  for (const Codec& codec : AllCodecs()) {
    if (codec.name != codec_name) continue;
    const auto source =
        codec.make(std::make_unique<MemorySource>(std::move(packed), step), {limits, outcome.stats, "sample"});
    outcome.decoded = ReadAll(*source, span);
  }
  return outcome;
}

TEST_CASE("ingest/codecs: whole streams come out whole, whatever the reads") {
  for (const Sample& sample : Samples(60)) {
    CAPTURE(sample.name);
    CHECK(SniffCodec(sample.packed.substr(0, kSniffBytes)).name == sample.codec);
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
      for (const std::size_t span : {std::size_t{1}, std::size_t{13}, std::size_t{4096}, std::size_t{4} << 20}) {
        CAPTURE(step);
        CAPTURE(span);
        const Outcome outcome = Decode(sample.packed, sample.codec, step, span);
        CHECK(outcome.decoded.text == sample.text);
        CHECK(!outcome.decoded.error);
        for (const StatInfo& stat : AllStats()) CHECK(outcome.stats.count(stat.id) == 0);
      }
    }
  }
}

TEST_CASE("ingest/codecs: megabytes in the blocks that Spark writes") {
  for (const Sample& sample : Samples(30'000)) {
    CAPTURE(sample.name);
    const Outcome outcome = Decode(sample.packed, sample.codec, SIZE_MAX, 1 << 20);
    CHECK((outcome.decoded.text == sample.text));
    CHECK(!outcome.decoded.error);
  }
}

TEST_CASE("ingest/codecs: cut anywhere, the decoded prefix is delivered and the cut is counted") {
  for (const Sample& sample : Samples(20)) {
    CAPTURE(sample.name);
    std::size_t longest = 0;
    for (std::size_t size = 0; size < sample.packed.size(); ++size) {
      CAPTURE(size);
      const Outcome outcome = Decode(sample.packed.substr(0, size), sample.codec);
      REQUIRE(!outcome.decoded.error);
      REQUIRE(sample.text.starts_with(outcome.decoded.text));
      REQUIRE(outcome.stats.count(Stat::DamagedBlock) == 0);
      REQUIRE(outcome.stats.count(Stat::TrailingBytes) == 0);
      REQUIRE(outcome.decoded.text.size() >= longest);  // more input never gives less
      longest = outcome.decoded.text.size();
      // A cut between frames or blocks cannot be seen.
      const bool is_seen = outcome.stats.count(Stat::CutContainer) == 1;
      if (!is_seen && size > 0)
        REQUIRE(Decode(sample.packed.substr(0, size), sample.codec, 1, 1).decoded.text.size() == longest);
    }
  }
}

TEST_CASE("ingest/codecs: one damaged byte never crashes, and with a checksum never lies") {
  for (const Sample& sample : Samples(20)) {
    CAPTURE(sample.name);
    for (std::size_t at = 0; at < sample.packed.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
        CAPTURE(at);
        std::string damaged = sample.packed;
        damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
        const Outcome outcome = Decode(std::move(damaged), sample.codec);
        REQUIRE(outcome.decoded.text.size() <= Limits{}.ratio_free_bytes);
        if (outcome.decoded.error) REQUIRE(outcome.decoded.error->code == DiagnosticCode::BadCodec);
        // The others with a checksum deliver text before they reach it.
        if (sample.codec == "lz4") REQUIRE(sample.text.starts_with(outcome.decoded.text));
        if (sample.has_checksum && !outcome.decoded.error && outcome.decoded.text != sample.text) {
          std::uint64_t noted = 0;
          for (const Stat stat : {Stat::DamagedBlock, Stat::CutContainer, Stat::TrailingBytes})
            noted += outcome.stats.count(stat);
          REQUIRE(noted == 1);
        }
      }
    }
  }
}

TEST_CASE("ingest/codecs: a damaged block behind good ones is counted with its place") {
  const std::string text = EventText(40);
  std::string packed = Lz4Block(text, true, 1000);
  const std::size_t second = packed.find("LZ4Block", 1);
  packed[second + 30] ^= 1;
  const Outcome outcome = Decode(packed, "lz4");
  CHECK(outcome.decoded.text == text.substr(0, 1000));
  CHECK(outcome.stats.count(Stat::DamagedBlock) == 1);
  CHECK(outcome.stats.example(Stat::DamagedBlock) == "sample, compressed byte " + std::to_string(second));
}

TEST_CASE("ingest/codecs: nothing readable at all is an error") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"zstd", "\x28\xb5\x2f\xfd" + std::string(50, '\xff')},
      {"lz4", "LZ4Block" + std::string(50, '\xff')},
      {"lz4-frame", "\x04\x22\x4d\x18" + std::string(50, '\xff')},
      {"snappy", std::string("\x82SNAPPY\0"sv) + std::string(50, '\xff')},
      {"lzf", std::string("ZV\1"sv) + std::string(500, '\xff') + std::string(100'000, '\0')},
      {"gzip", "\x1f\x8b" + std::string(50, '\xff')},
      {"bzip2", "BZh9" + std::string(50, '\xff')},
      {"xz", std::string("\xfd\x37zXZ\0"sv) + std::string(50, '\xff')},
  };
  for (const auto& row : rows) {
    const auto& codec = row.first;
    const auto& packed = row.second;
    CAPTURE(codec);
    const Outcome outcome = Decode(packed, codec);
    REQUIRE(outcome.decoded.error);
    CHECK(outcome.decoded.error->code == DiagnosticCode::BadCodec);
  }
}

TEST_CASE("ingest/codecs: bytes behind the stream are counted, zero padding is not") {
  const std::string text = EventText(5);
  const std::vector<std::pair<std::string, std::string>> rows = {{"zstd", ZstdFrame(text)},
                                                                 {"lz4", Lz4Block(text)},
                                                                 {"lz4-frame", Lz4Frame(text)},
                                                                 {"gzip", Gzip(text)},
                                                                 {"bzip2", Bzip2(text)}};
  for (const auto& row : rows) {
    const auto& codec = row.first;
    const auto& packed = row.second;
    CAPTURE(codec);
    const Outcome padded = Decode(packed + std::string(1000, '\0'), codec);
    CHECK(padded.decoded.text == text);
    CHECK(padded.stats.count(Stat::TrailingBytes) == 0);
    const Outcome trailing = Decode(packed + "what is this", codec);
    CHECK(trailing.decoded.text == text);
    CHECK(trailing.stats.count(Stat::TrailingBytes) == 1);
  }
}

TEST_CASE("ingest/codecs: lengths in hostile headers allocate nothing") {
  const std::string full(4, '\xff');
  const std::string plausible_token(1, '\x2f');
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"lz4", "LZ4Block" + plausible_token + Little32(0xffffffff) + Little32(0xffffffff) + full},
      {"lz4", "LZ4Block" + plausible_token + Little32(30) + Little32(32 << 20) + full + std::string(30, 'x')},
      {"lz4",
       "LZ4Block" + std::string(1, '\x1f') + Little32(32 << 20) + Little32(32 << 20) + full + std::string(30, 'x')},
      {"snappy", std::string("\x82SNAPPY\0\0\0\0\1\0\0\0\1"sv) + Big32(0x7fffffff) + "\xff\xff\xff\xff\x0f" +
                     std::string(20, 'x')},
      {"snappy", std::string("\x82SNAPPY\0\0\0\0\1\0\0\0\1"sv) + Big32(20) + "\xff\xff\xff\x7f" + std::string(30, 'x')},
  };
  for (const auto& row : rows) {
    const auto& codec = row.first;
    const auto& packed = row.second;
    const Outcome outcome = Decode(packed, codec);
    CHECK(outcome.decoded.text.empty());
    const bool noted = outcome.decoded.error.has_value() || outcome.stats.count(Stat::CutContainer) == 1;
    CHECK(noted);
  }
}

TEST_CASE("ingest/codecs: decompression bombs are refused, honest repetition is not") {
  const std::string zeros(std::size_t{72} << 20, '\0');
  const std::vector<std::pair<std::string, std::string>> bombs = {
      {"zstd", ZstdFrame(zeros)}, {"gzip", Gzip(zeros)}, {"bzip2", Bzip2(zeros)}, {"xz", Xz(zeros)}};
  const Limits limits;
  for (const auto& row : bombs) {
    const auto& codec = row.first;
    const auto& packed = row.second;
    CAPTURE(codec);
    CAPTURE(packed.size());
    const Outcome outcome = Decode(packed, codec);
    const bool is_bomb = zeros.size() / packed.size() > limits.ratio + limits.ratio / 50;
    CHECK(outcome.decoded.error.has_value() == is_bomb);
    if (outcome.decoded.error) CHECK(outcome.decoded.error->code == DiagnosticCode::LimitExceeded);
    if (is_bomb)
      CHECK(outcome.decoded.text.size() <= std::max(limits.ratio_free_bytes, packed.size() * limits.ratio) + (1 << 20));
  }
  const std::string small(limits.ratio_free_bytes, '\0');
  const Outcome small_outcome = Decode(ZstdFrame(small), "zstd");
  CHECK(!small_outcome.decoded.error);
  CHECK((small_outcome.decoded.text == small));
}

TEST_CASE("ingest/codecs: first bytes decide") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"plain", "{\"Event\":\"SparkListenerLogStart\"}"},
      {"plain", ""},
      {"plain", "ZVx"},
      {"plain", "BZhuge names"},
      {"plain", "LZ4Bloc"},
      {"zip", Zip({{"a", "b"}})},
      {"zip", std::string("PK\5\6"sv) + std::string(18, '\0')},
      {"tar", Tar({{"a", "b"}})},
      {"zstd", "\x50\x2a\x4d\x18"},
      {"unsupported", "7z\xbc\xaf\x27\x1c"},
      {"unsupported", "Rar!\x1a\x07"},
  };
  for (const auto& row : rows) {
    const auto& codec = row.first;
    const auto& head = row.second;
    CAPTURE(head);
    CHECK(SniffCodec(std::string_view(head).substr(0, kSniffBytes)).name == codec);
  }
}

}  // namespace
}  // namespace advise::ingest
