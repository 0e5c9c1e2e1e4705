// Which files make up which log, and their text: made-up folders and archives, and every file of the corpus against the
// slow reader in Python that came with it.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/codecs/part_source.h"
#include "ingest/log_source.h"
#include "ingest_codec_samples.h"

namespace advise::ingest {
namespace {

using namespace testing;
namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (fs::temp_directory_path() / "advise-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string Write(const std::string& name, const std::string& bytes) const {
    const fs::path path = path_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path.string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string Event(int number) {
  return "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":" + std::to_string(number) + "}\n";
}

std::string Databricks(int rollover, const std::string& context = "4990884153077848559") {
  return "{\"Event\":\"DBCEventLoggingListenerMetadata\",\"Spark "
         "Version\":\"3.1.2\",\"Timestamp\":1642530108255,\"Rollover Number\":" +
         std::to_string(rollover) + ",\"SparkContext Id\":" + context + "}\n" + Event(rollover);
}

std::vector<LogInput> Find(const std::string& path) {
  auto logs = FindLogs(path, Limits{});
  if (!logs) {
    FAIL_CHECK(logs.error().message);
    return {};
  }
  return std::move(*logs);
}

struct Reading {
  Decoded decoded;
  IngestStats stats;
  std::vector<std::string> codecs;
};
Reading Open(const LogInput& input, std::size_t span = 1 << 16) {
  Reading reading;
  auto source = OpenLog(input, Limits{}, reading.stats, reading.codecs);
  if (source) {
    reading.decoded = ReadAll(**source, span);
    CHECK((*source)->bytes_consumed() <= 1 << 30);
  } else {
    reading.decoded.error = source.error();
  }
  return reading;
}

std::vector<std::int64_t> Numbers(const LogInput& log) {
  std::vector<std::int64_t> numbers;
  for (const LogPart& part : log.parts) numbers.push_back(part.number);
  return numbers;
}

using Numbered = std::vector<std::int64_t>;

// The rows that are not 0, as "code=count".
std::string Noted(const IngestStats& stats) {
  std::string text;
  for (const StatInfo& stat : AllStats()) {
    if (stats.count(stat.id) == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::string(stat.code) + "=" + std::to_string(stats.count(stat.id));
  }
  return text;
}

TEST_CASE("ingest/log_source: single files of every codec") {
  const TempFolder folder;
  const std::string text = EventText(300);
  const std::vector<std::pair<std::string, std::string>> rows = {{"plain", text},
                                                                 {"zstd", InBlocks(text, 999, ZstdFrame)},
                                                                 {"lz4", Lz4Block(text)},
                                                                 {"snappy", SnappyJava(text)},
                                                                 {"lzf", Lzf(text)},
                                                                 {"gzip", Gzip(text)},
                                                                 {"bzip2", Bzip2(text)},
                                                                 {"xz", Xz(text)},
                                                                 {"lz4-frame", Lz4Frame(text)}};
  for (const auto& row : rows) {
    const auto& codec = row.first;
    const auto& packed = row.second;
    CAPTURE(codec);
    const std::string path = folder.Write("app-1.zstd.inprogress", packed);  // the name lies
    const auto logs = Find(path);
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].layout == LogLayout::Single);
    CHECK(logs[0].display_path == path);
    CHECK(logs[0].in_progress);
    REQUIRE(logs[0].parts.size() == 1);
    CHECK(logs[0].parts[0].bytes == packed.size());
    for (const std::size_t span : {std::size_t{5}, std::size_t{4} << 20}) {
      const Reading reading = Open(logs[0], span);
      CHECK(reading.decoded.text == text);
      CHECK(reading.codecs == std::vector{codec});
      CHECK(Noted(reading.stats).empty());
    }
  }
}

TEST_CASE("ingest/log_source: what cannot be read says why") {
  const TempFolder folder;
  const auto code = [](const std::string& path) {
    auto logs = FindLogs(path, Limits{});
    if (!logs) return std::string(Info(logs.error().code).code);
    const Reading reading = Open(logs->front());
    return reading.decoded.error ? std::string(Info(reading.decoded.error->code).code) : std::string("fine");
  };
  CHECK(code(folder.path() + "/nothing") == "log-not-found");
  CHECK(code(folder.path() + "/nothing!here") == "log-not-found");
  CHECK(code("hdfs://name/log") == "log-not-found");
  CHECK(code(folder.path()) == "log-empty");
  CHECK(code(folder.Write("empty", "")) == "fine");  // the ingest says that it is empty
  CHECK(code(folder.Write("text", "no log")) == "fine");
  CHECK(code(folder.path()) == "log-empty");
  CHECK(code(folder.Write("bad.zst", "\x28\xb5\x2f\xfd" + std::string(99, '\xff'))) == "bad-codec");
  CHECK(code(folder.Write("x.7z", "7z\xbc\xaf\x27\x1c whatever")) == "unknown-codec");
  CHECK(code(folder.Write("none.zip", Zip({{"readme.txt", "nothing here"}}))) == "log-empty");
  const std::string layered = Gzip(Gzip(Gzip(Gzip(EventText(3)))));
  CHECK(code(folder.Write("four", layered)) == "fine");
  CHECK(code(folder.Write("five", Gzip(layered))) == "limit-exceeded");
}

TEST_CASE("ingest/log_source: a folder of many logs") {
  const TempFolder folder;
  const std::string text = EventText(3);
  folder.Write("b/app-2.lz4", Lz4Block(text));
  folder.Write("app-1", text);
  folder.Write("app-10.inprogress", "\r\n  {\"Timestamp\":1, \"Event\" : \"SparkListenerApplicationEnd\"}");
  folder.Write("broken.zst", "\x28\xb5\x2f\xfd" + std::string(99, '\xff'));
  folder.Write("live.zst", std::string("\x28\xb5\x2f\xfd"));
  folder.Write(".app-1.crc", text);
  folder.Write(".hidden/app-3", text);
  folder.Write("app-4.crc", text);
  folder.Write("readme.md", "a log has lines with the key \"Event\": x");
  folder.Write("empty", "");
  folder.Write("data.json.gz", Gzip("{\"event\": 1}"));
  folder.Write("data.bin", std::string(5000, '\0'));
  folder.Write("zips/history.zip", Zip({{"app-7_1", text}, {"app-7_2.gz", Gzip(text)}}));
  fs::create_symlink(folder.path() + "/app-1", folder.path() + "/latest");
  fs::create_directory_symlink(folder.path(), folder.path() + "/b/loop");
  fs::create_symlink(folder.path() + "/nowhere", folder.path() + "/dangling");
  const auto logs = Find(folder.path() + "//");
  std::vector<std::string> names;
  for (const LogInput& log : logs) names.push_back(log.display_path.substr(folder.path().size() + 1));
  CHECK(names == std::vector<std::string>{"app-1", "app-10.inprogress", "b/app-2.lz4", "broken.zst", "live.zst",
                                          "zips/history.zip!app-7_1", "zips/history.zip!app-7_2.gz"});
  for (const LogInput& log : logs) CHECK(log.layout == LogLayout::Single);
}

TEST_CASE("ingest/log_source: symbolic links within the folder are followed, those that lead out of it are told") {
  const TempFolder elsewhere;
  const TempFolder folder;
  elsewhere.Write("app-1", EventText(3));
  elsewhere.Write("more/app-2", EventText(3));
  folder.Write("app-3", EventText(3));
  fs::create_symlink(elsewhere.path() + "/app-1", folder.path() + "/link");
  fs::create_directory_symlink(elsewhere.path() + "/more", folder.path() + "/more");
  const auto logs = Find(folder.path());
  REQUIRE(logs.size() == 1);
  CHECK(logs[0].display_path == folder.path() + "/app-3");
  CHECK(logs[0].stats.count(Stat::LinkOut) == 2);
  CHECK(logs[0].stats.example(Stat::LinkOut) == "link");
}

TEST_CASE("ingest/log_source: rolled folders") {
  const TempFolder temp;
  const std::string folder = temp.path() + "/eventlog_v2_app-1";
  const auto write = [&](const std::string& name, const std::string& bytes) {
    temp.Write("eventlog_v2_app-1/" + name, bytes);
  };
  for (int i = 1; i <= 11; ++i) {
    const std::string name = "events_" + std::to_string(i) + "_app-1";
    if (i % 2 == 0) {
      write(name + ".zstd", ZstdFrame(Event(i)));
    } else {
      write(name, Event(i));
    }
  }
  write("appstatus_app-1", "");
  std::string text;
  for (int i = 1; i <= 11; ++i) text += Event(i);

  SUBCASE("numeric order, mixed codecs") {
    const auto logs = Find(folder);
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].layout == LogLayout::Rolling);
    CHECK(logs[0].display_path == folder);
    CHECK(!logs[0].in_progress);
    CHECK(Numbers(logs[0]) == Numbered{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(Noted(logs[0].stats).empty());
    const Reading reading = Open(logs[0], 11);
    CHECK(reading.decoded.text == text);
    CHECK(reading.codecs == std::vector<std::string>{"plain", "zstd"});
  }
  SUBCASE("parts without a final line end are kept apart") {
    write("events_3_app-1", Event(3).substr(0, 20));
    const Reading reading = Open(Find(folder).at(0), 1);
    CHECK(reading.decoded.text.find(Event(3).substr(0, 20) + "\n" + Event(4)) != std::string::npos);
  }
  SUBCASE("in progress, status missing") {
    fs::rename(folder + "/appstatus_app-1", folder + "/appstatus_app-1.inprogress");
    CHECK(Find(folder).at(0).in_progress);
    CHECK(Noted(Find(folder).at(0).stats).empty());
    fs::remove(folder + "/appstatus_app-1.inprogress");
    CHECK(!Find(folder).at(0).in_progress);
    CHECK(Noted(Find(folder).at(0).stats) == "no-appstatus=1");
  }
  SUBCASE("gaps") {
    fs::remove(folder + "/events_1_app-1");
    fs::remove(folder + "/events_5_app-1");
    fs::remove(folder + "/events_6_app-1.zstd");
    const LogInput log = Find(folder).at(0);
    CHECK(Noted(log.stats) == "missing-part=3");
    CHECK(log.stats.example(Stat::MissingPart) == "part 1");
  }
  SUBCASE("compacted: what lies before is dropped") {
    write("events_4_app-1.zstd.compact", ZstdFrame(Event(400)));
    const LogInput log = Find(folder).at(0);
    CHECK(Numbers(log) == Numbered{4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(log.parts[0].compact);
    CHECK(Noted(log.stats) == "compacted=1");
    CHECK(Open(log).decoded.text.starts_with(Event(400) + Event(5)));
  }
  SUBCASE("a part twice") {
    write("events_3_app-1.gz", Gzip(Event(3)));
    const LogInput log = Find(folder).at(0);
    CHECK(log.parts.size() == 11);
    CHECK(Noted(log.stats) == "duplicate-part=1");
  }
  SUBCASE("a part of another application") {
    write("events_12_app-2", Event(12));
    const auto logs = Find(folder);
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].parts.size() == 11);
    CHECK(Noted(logs[0].stats) == "foreign-part=1");
  }
  SUBCASE("damaged parts cost only themselves") {
    write("events_1_app-1", "\x28\xb5\x2f\xfd" + std::string(99, '\xff'));
    const LogInput log = Find(folder).at(0);
    fs::remove(folder + "/events_7_app-1");  // between finding and reading
    const Reading reading = Open(log);
    CHECK(!reading.decoded.error);
    CHECK(reading.decoded.text.size() == text.size() - Event(1).size() - Event(7).size());
    CHECK(Noted(reading.stats) == "damaged-block=1 missing-part=1");
  }
  SUBCASE("nothing readable") {
    for (const auto& entry : fs::directory_iterator(folder))
      std::ofstream(entry.path(), std::ios::binary) << "\x28\xb5\x2f\xfd" << std::string(99, '\xff');
    const Reading reading = Open(Find(folder).at(0));
    REQUIRE(reading.decoded.error);
    CHECK(reading.decoded.error->code == DiagnosticCode::BadCodec);
  }
  SUBCASE("beside other logs, below a folder, renamed") {
    temp.Write("app-0", EventText(2));
    CHECK(Find(temp.path()).size() == 2);
    fs::rename(folder, temp.path() + "/renamed");
    const auto logs = Find(temp.path() + "/renamed");
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].layout == LogLayout::Rolling);
    CHECK(Open(logs[0]).decoded.text == text);
  }
  SUBCASE("as a history server's zip") {
    const std::string zip =
        temp.Write("eventLogs-app-1.zip", Zip({{"eventlog_v2_app-1/", ""},
                                               {"eventlog_v2_app-1/events_2_app-1", Event(2)},
                                               {"eventlog_v2_app-1/events_1_app-1.zstd", ZstdFrame(Event(1))},
                                               {"eventlog_v2_app-1/appstatus_app-1.inprogress", ""}}));
    const auto logs = Find(zip);
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].layout == LogLayout::Rolling);
    CHECK(logs[0].display_path == zip);
    CHECK(logs[0].in_progress);
    const Reading reading = Open(logs[0]);
    CHECK(reading.decoded.text == Event(1) + Event(2));
    CHECK(reading.codecs == std::vector<std::string>{"zip", "zstd"});
  }
}

TEST_CASE("ingest/log_source: folders of Spark 1.0-1.2") {
  const TempFolder temp;
  temp.Write("app-1/EVENT_LOG_1", Event(1));
  temp.Write("app-1/EVENT_LOG_2", SnappyJava(Event(2)));
  temp.Write("app-1/EVENT_LOG_10", Event(10));
  temp.Write("app-1/SPARK_VERSION_1.1.0", "");
  temp.Write("app-1/COMPRESSION_CODEC_org.apache.spark.io.SnappyCompressionCodec", "");
  LogInput log = Find(temp.path()).at(0);
  CHECK(log.layout == LogLayout::Legacy12);
  CHECK(log.version_hint == "1.1.0");
  CHECK(log.in_progress);
  CHECK(Numbers(log) == Numbered{1, 2, 10});
  CHECK(Noted(log.stats) == "missing-part=7");
  CHECK(Open(log).decoded.text == Event(1) + Event(2) + Event(10));
  temp.Write("app-1/APPLICATION_COMPLETE", "");
  CHECK(!Find(temp.path()).at(0).in_progress);
}

TEST_CASE("ingest/log_source: Databricks parts by their Rollover Number") {
  const TempFolder temp;
  temp.Write("eventlog-2022-01-14--17-00.gz", Gzip(Databricks(0)));
  temp.Write("eventlog-2022-01-14--16-30.gz", Gzip(Databricks(1)));  // the clock was set back
  temp.Write("eventlog", Databricks(2));
  SUBCASE("whole") {
    const LogInput log = Find(temp.path()).at(0);
    CHECK(log.layout == LogLayout::Databricks);
    CHECK(Numbers(log) == Numbered{0, 1, 2});
    CHECK(Noted(log.stats).empty());
    CHECK(Open(log).decoded.text == Databricks(0) + Databricks(1) + Databricks(2));
  }
  SUBCASE("first and middle parts missing") {
    fs::remove(temp.path() + "/eventlog-2022-01-14--17-00.gz");
    temp.Write("eventlog", Databricks(4));
    CHECK(Noted(Find(temp.path()).at(0).stats) == "missing-part=3");
  }
  SUBCASE("two parts in one file are not missing") {
    fs::remove(temp.path() + "/eventlog-2022-01-14--16-30.gz");
    std::string filler;
    for (int i = 0; i < 40'000; ++i) filler += Event(i);
    temp.Write("eventlog-2022-01-14--17-00.gz", Gzip(Databricks(0) + filler + Databricks(1)));
    const LogInput log = Find(temp.path()).at(0);
    CHECK(Numbers(log) == Numbered{0, 2});
    CHECK(Noted(log.stats).empty());
  }
  SUBCASE("copies, also in a folder below") {
    temp.Write("eventlog-copy", Databricks(1));
    temp.Write("extra/eventlog-2022-01-14--17-00.gz", Gzip(Databricks(0)));
    const auto logs = Find(temp.path());
    REQUIRE(logs.size() == 1);
    CHECK(Numbers(logs[0]) == Numbered{0, 1, 2});
    CHECK(logs[0].parts[1].path.ends_with("eventlog-2022-01-14--16-30.gz"));
    CHECK(Noted(logs[0].stats) == "duplicate-part=2");
  }
  SUBCASE("another SparkContext") {
    temp.Write("eventlog-2022-01-14--18-00.gz", Gzip(Databricks(3, "5990884153077848559")));
    const auto logs = Find(temp.path());
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].parts.size() == 3);
    CHECK(Noted(logs[0].stats) == "foreign-part=1");
    CHECK(logs[0].stats.example(Stat::ForeignPart) == "eventlog-2022-01-14--18-00.gz");
  }
  SUBCASE("a part without its header line") {
    temp.Write("eventlog", Databricks(3));
    temp.Write("eventlog-2022-01-14--17-30", Event(17));
    const LogInput log = Find(temp.path()).at(0);
    CHECK(Numbers(log) == Numbered{0, 0, 1, 3});  // by name behind part 0, whose successor is taken
    CHECK(Noted(log.stats) == "missing-part=1 unnumbered-part=1");
  }
  SUBCASE("files of other names are told by the header") {
    temp.Write("other/b.json", Databricks(0, "7"));
    temp.Write("other/a.json", Databricks(1, "7"));
    temp.Write("other/c.json", Databricks(0, "8"));
    const auto logs = Find(temp.path());
    REQUIRE(logs.size() == 3);
    CHECK(logs[1].display_path == temp.path() + "/other");
    CHECK(Numbers(logs[1]) == Numbered{0, 1});
    CHECK(logs[2].layout == LogLayout::Single);
  }
  SUBCASE("numbers that no double and no loop can hold") {
    temp.Write("eventlog",
               "{\"Event\":\"DBCEventLoggingListenerMetadata\",\"Rollover Number\":9223372036854775807,\"SparkContext "
               "Id\":4990884153077848559}\n");
    const LogInput log = Find(temp.path()).at(0);
    CHECK(log.parts.size() == 3);
    CHECK(log.stats.count(Stat::MissingPart) == 9'223'372'036'854'775'805U);
  }
}

TEST_CASE("ingest/log_source: lone files named eventlog are single logs") {
  const TempFolder temp;
  temp.Write("a/eventlog", EventText(2));
  temp.Write("b/eventlog-gpu-dsv1.zstd", ZstdFrame(EventText(2)));
  temp.Write("b/eventlog-gpu-dsv2.zstd", ZstdFrame(EventText(2)));
  const auto logs = Find(temp.path());
  REQUIRE(logs.size() == 3);
  for (const LogInput& log : logs) CHECK(log.layout == LogLayout::Single);
}

TEST_CASE("ingest/log_source: archives") {
  const TempFolder temp;
  const std::string text = EventText(50);
  const std::vector<MemberText> members = {{"logs/z-app", text},
                                           {"logs/a-app.lz4", Lz4Block(text)},
                                           {"__MACOSX/logs/._z-app", text},
                                           {"logs/.DS_Store", text},
                                           {"notes.txt", "none"},
                                           {"logs/\xc3\xa4pp", text}};
  const std::vector<std::pair<std::string, std::string>> rows = {{"zip", Zip(members)},
                                                                 {"tar", Tar(members)},
                                                                 {"gzip tar", Gzip(Tar(members))},
                                                                 {"zstd tar", ZstdFrame(Tar(members))},
                                                                 {"gzip zip", Gzip(Zip(members))},
                                                                 {"bzip2 tar", Bzip2(Tar(members))}};
  for (const auto& row : rows) {
    const auto& kind = row.first;
    const auto& packed = row.second;
    CAPTURE(kind);
    const std::string path = temp.Write("archive", packed);
    const auto logs = Find(path);
    REQUIRE(logs.size() == 3);
    // In the order of the archive: it is read once.
    CHECK(logs[0].display_path == path + "!logs/z-app");
    CHECK(logs[1].display_path == path + "!logs/a-app.lz4");
    CHECK(logs[2].display_path == path + "!logs/\xc3\xa4pp");
    std::uint64_t bytes = 0;
    for (const LogInput& log : logs) {
      bytes += log.parts[0].bytes;
      const Reading reading = Open(log, 1000);
      CHECK(reading.decoded.text == text);
      CHECK(Noted(reading.stats).empty());
      CHECK(reading.codecs.front() == kind.substr(0, kind.find(' ')));
    }
    CHECK(bytes <= packed.size());
    const auto named = Find(path + "!logs/z-app");
    REQUIRE(named.size() == 1);
    CHECK(Open(named[0]).decoded.text == text);
    CHECK(Find(path + "!logs").size() == 3);
    CHECK(!FindLogs(path + "!nothing", Limits{}));
  }
}

TEST_CASE("ingest/log_source: archives in archives") {
  const TempFolder temp;
  const std::string text = EventText(50);
  const std::string path = temp.Write(
      "outer.zip", Zip({{"inner.tar", Tar({{"x/app-1.gz", Gzip(text)}, {"x/app-2", text}})}, {"app-3", text}}));
  const auto logs = Find(path);
  REQUIRE(logs.size() == 3);
  CHECK(logs[0].display_path == path + "!inner.tar!x/app-1.gz");
  CHECK(logs[2].display_path == path + "!app-3");
  for (const LogInput& log : logs) CHECK(Open(log).decoded.text == text);
}

TEST_CASE("ingest/log_source: an archive in an archive is unpacked once for all its logs") {
  const TempFolder temp;
  std::vector<MemberText> inside;
  for (std::size_t i = 0; i < 20; ++i) inside.push_back({"log-" + std::to_string(i), EventText(i + 1)});
  const std::string path = temp.Write(
      "outer.tgz", Gzip(Tar({{"first", EventText(50)}, {"inner.tgz", Gzip(Tar(inside))}, {"last", EventText(60)}})));
  PartOpener opener{Limits{}};
  std::vector<std::string> codecs;
  const auto text_of = [&](const std::string& member) {
    codecs.clear();
    auto source = opener.Open(path, member, codecs);
    REQUIRE(source.has_value());
    std::string text(1 << 16, '\0');
    std::size_t size = 0;
    while (true) {
      const auto read = (*source)->Read(std::span(text).subspan(size));
      REQUIRE(read.has_value());
      if (*read == 0) return text.substr(0, size);
      size += *read;
    }
  };
  CHECK(text_of("first") == EventText(50));
  for (std::size_t i = 0; i < 20; ++i) CHECK(text_of("inner.tgz!log-" + std::to_string(i)) == EventText(i + 1));
  CHECK(codecs == std::vector<std::string>{"gzip", "tar"});
  CHECK(text_of("last") == EventText(60));
  CHECK(opener.times_opened() == 1);
  // Going back starts again, and finds it.
  CHECK(text_of("inner.tgz!log-3") == EventText(4));
  CHECK(text_of("inner.tgz!log-2") == EventText(3));
  CHECK(opener.times_opened() == 3);
}

TEST_CASE("ingest/log_source: zip names marked as UTF-8 in the C locale") {
  const TempFolder temp;
  std::string zip = Zip({{"\xc3\xa4pp", EventText(2)}});
  zip[7] |= 0x08;  // bit 11 of the flags, in the local header and in the directory
  zip[zip.find("PK\1\2") + 9] |= 0x08;
  const std::string path = temp.Write("archive.zip", zip);
  CHECK(Open(Find(path + "!\xc3\xa4pp").at(0)).decoded.text == EventText(2));
}

TEST_CASE("ingest/log_source: Databricks parts in a .tgz, stored out of order") {
  const TempFolder temp;
  const std::string path =
      temp.Write("cluster.tgz", Gzip(Tar({{"c/eventlog", Databricks(2)},
                                          {"c/eventlog-2022-01-14--18-00.gz", Gzip(Databricks(1))},
                                          {"c/eventlog-2022-01-14--17-00.gz", Gzip(Databricks(0))}})));
  const auto logs = Find(path);
  REQUIRE(logs.size() == 1);
  const Reading reading = Open(logs[0]);
  CHECK(reading.decoded.text == Databricks(0) + Databricks(1) + Databricks(2));
  CHECK(reading.codecs == std::vector<std::string>{"gzip", "tar"});
}

TEST_CASE("ingest/log_source: cut archives give what they hold") {
  const TempFolder temp;
  const std::string text = EventText(50);
  const std::string tar = Tar({{"app-1", text}, {"app-2", text}});
  for (std::size_t size = 700; size < tar.size(); size += 97) {
    CAPTURE(size);
    auto logs = FindLogs(temp.Write("cut.tar", tar.substr(0, size)), Limits{});
    if (!logs) continue;
    for (const LogInput& log : *logs) CHECK(text.starts_with(Open(log).decoded.text));
  }
  const std::string zip = Zip({{"app-1", text}, {"app-2", text}});
  for (std::size_t size = 4; size < zip.size(); size += 13) {
    CAPTURE(size);
    auto logs = FindLogs(temp.Write("cut.zip", zip.substr(0, size)), Limits{});
    if (!logs) continue;
    for (const LogInput& log : *logs) CHECK(text.starts_with(Open(log).decoded.text));
  }
}

TEST_CASE("ingest/log_source: standard input and pipes") {
  const TempFolder temp;
  const std::string text = EventText(300);
  const auto from_stdin = [&](const std::string& packed) {
    const std::string path = temp.Write("input", packed);
    const int saved = dup(STDIN_FILENO);
    const int file = open(path.c_str(), O_RDONLY);
    dup2(file, STDIN_FILENO);
    close(file);
    const LogInput log = Find("-").at(0);
    CHECK(log.layout == LogLayout::Stdin);
    Reading reading = Open(log);
    dup2(saved, STDIN_FILENO);
    close(saved);
    return reading;
  };
  CHECK(from_stdin(text).decoded.text == text);
  CHECK(from_stdin(Lz4Block(text)).decoded.text == text);
  const Reading zipped = from_stdin(Zip({{"a", text}}));
  REQUIRE(zipped.decoded.error);
  CHECK(zipped.decoded.error->code == DiagnosticCode::UnknownCodec);

  int ends[2] = {};
  REQUIRE(pipe(ends) == 0);
  const std::string packed = Gzip(EventText(20));
  REQUIRE(write(ends[1], packed.data(), packed.size()) == static_cast<ssize_t>(packed.size()));
  close(ends[1]);
  const LogInput log = Find("/dev/fd/" + std::to_string(ends[0])).at(0);  // what a shell's <(…) passes
  Reading reading;
  auto source = OpenLog(log, Limits{}, reading.stats, reading.codecs);
  close(ends[0]);
  REQUIRE(source);
  CHECK(ReadAll(**source, 1 << 16).text == EventText(20));
}

// ---- the corpus

std::string Corpus() {
  const char* set = std::getenv("ADVISE_CORPUS");
  std::string path = set != nullptr ? set : "";
#ifdef ADVISE_SOURCE_DIR
  if (path.empty()) path = std::string(ADVISE_SOURCE_DIR) + "/../shared/corpus";
#endif
  return !path.empty() && fs::exists(path + "/MANIFEST.tsv") && fs::exists(path + "/scan.py") ? path : std::string();
}

// The corpus' files; a file of an archive has several rows.
std::map<std::string, std::vector<std::string>> CorpusFiles(const std::string& corpus) {
  std::map<std::string, std::vector<std::string>> files;
  std::ifstream manifest(corpus + "/MANIFEST.tsv");
  std::string line;
  std::getline(manifest, line);
  while (std::getline(manifest, line)) {
    const std::string path = line.substr(0, line.find('\t'));
    files[path.substr(0, path.find('!'))].push_back(path);
  }
  return files;
}

// Files of no codec are their own text; Python would only take time.
std::string PythonSays(const std::string& corpus, const std::string& file) {
  std::ifstream plain(file, std::ios::binary);
  if (plain.peek() == '{') return {std::istreambuf_iterator<char>(plain), {}};
  const std::string command = "python3 '" + corpus + "/scan.py' --cat '" + file + "'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::vector<char> buffer(1 << 16);
  while (const std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), got);
  pclose(pipe);
  return text;
}

TEST_CASE("ingest/log_source: the corpus byte for byte as its reader in Python") {
  const std::string corpus = Corpus();
  if (corpus.empty()) {
    MESSAGE("skipped: no corpus (set ADVISE_CORPUS)");
    return;
  }
  std::size_t compared = 0;
  for (const auto& row : CorpusFiles(corpus)) {
    const auto& file = row.first;
    const auto& rows = row.second;
    CAPTURE(file);
    std::string text;
    for (const std::string& path : rows) {
      const auto logs = Find(corpus + "/" + path);
      REQUIRE(logs.size() == 1);
      const Reading reading = Open(logs[0], std::size_t{4} << 20);
      CHECK(!reading.decoded.error);
      CHECK(Noted(reading.stats).empty());
      text += reading.decoded.text;
      ++compared;
    }
    CHECK((text == PythonSays(corpus, corpus + "/" + file)));
  }
  MESSAGE("compared " << compared << " logs and other files");
}

TEST_CASE("ingest/log_source: every event log of the corpus is found, nothing else") {
  const std::string corpus = Corpus();
  if (corpus.empty()) {
    MESSAGE("skipped: no corpus (set ADVISE_CORPUS)");
    return;
  }
  std::set<std::string> found;
  for (const LogInput& log : Find(corpus)) {
    for (const LogPart& part : log.parts) {
      found.insert(part.path.substr(corpus.size() + 1) + (part.member.empty() ? "" : "!" + part.member));
    }
  }
  std::ifstream manifest(corpus + "/MANIFEST.tsv");
  std::string line;
  std::getline(manifest, line);
  while (std::getline(manifest, line)) {
    std::istringstream columns(line);
    std::string path;
    std::string skip;
    std::string kind;
    std::getline(columns, path, '\t');
    std::getline(columns, skip, '\t');
    std::getline(columns, skip, '\t');
    std::getline(columns, kind, '\t');
    CAPTURE(path);
    // The manifest does not count files of a lone Databricks header as event logs; they are parts for us.
    const bool is_header_only = path.find("synccomputing-spark_log_parser/bad/") == 0 && kind == "other";
    if (!is_header_only) CHECK(found.contains(path) == (kind == "eventlog"));
  }
}

TEST_CASE("ingest/log_source: Databricks parts of the corpus, good and bad") {
  const std::string corpus = Corpus();
  if (corpus.empty()) {
    MESSAGE("skipped: no corpus (set ADVISE_CORPUS)");
    return;
  }
  struct Row {
    std::string file;
    Numbered numbers;
    std::string noted;
  };
  const std::vector<Row> rows = {
      {"databricks-rollover.zip", {0, 1, 2}, ""},
      {"databricks.zip", {0}, ""},
      {"bad/duplicate-part.tgz", {0, 1, 2, 3}, "duplicate-part=1"},
      {"bad/missing-dbc-event.zip", {0, 1, 2, 3}, "unnumbered-part=1"},
      {"bad/missing-first-part.zip", {1, 2, 3}, "missing-part=1"},
      {"bad/missing-part.zip", {0, 2, 3}, "missing-part=1"},
      {"bad/non-unique-context-id.zip", {0, 1, 2, 3}, "foreign-part=1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file);
    const auto logs = Find(corpus + "/synccomputing-spark_log_parser/" + row.file);
    REQUIRE(logs.size() == 1);
    CHECK(logs[0].layout == LogLayout::Databricks);
    CHECK(Numbers(logs[0]) == row.numbers);
    CHECK(Noted(logs[0].stats) == row.noted);
  }
}

}  // namespace
}  // namespace advise::ingest
