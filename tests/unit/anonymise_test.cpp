// --anonymise: a name is planted in every text of real logs, one place and one form at a time, and must not come out of
// what everything else is made of: the whole model with all that `advise model` prints, and messages about the log.
#include "anonymise/anonymise.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "advise.h"
#include "anonymise/pseudonyms.h"
#include "anonymise/scrub.h"
#include "anonymise/vocabulary.h"
#include "export/model_writer.h"

namespace advise {
namespace {

using nlohmann::ordered_json;

const std::string kCanary = "Zanzibar";

// The forms in which a name may stand in a text.
const std::vector<std::pair<std::string, std::function<std::string(const std::string&)>>> kForms = {
    {"alone", [](const std::string&) { return kCanary; }},
    {"behind", [](const std::string& text) { return text + " " + kCanary; }},
    {"before", [](const std::string& text) { return kCanary + " " + text; }},
    {"glued before", [](const std::string& text) { return kCanary + text; }},
    // a class in a package that Spark, the JDK or a vendor publishes is theirs
    {"glued behind", [](const std::string& text) { return anonymise::IsPublicClass(text) ? text : text + kCanary; }},
    {"path", [](const std::string& text) { return "/" + kCanary + "/" + text; }},
    {"url", [](const std::string&) { return "zanz://" + kCanary + "/part-1"; }},
    {"class", [](const std::string& text) { return "com.zanzibar." + kCanary + "Exception: " + text; }},
    {"file of a call site", [](const std::string&) { return "collect at " + kCanary + ".scala:7"; }},
    {"method of a call site", [](const std::string&) { return kCanary + " at Job.scala:7"; }},
    {"setting", [](const std::string&) { return "spark." + kCanary + "=" + kCanary; }},
};

// Spark's keys have places of their own; maps with other keys are one place.
bool IsMapOfMany(const std::string& name) {
  return name == "System Properties" || name == "Hadoop Properties" || name == "Classpath Entries" ||
         name == "JVM Information" || name == "metadata" || name == "Task Executor Metrics" ||
         name == "Executor Metrics" || name == "Scope";
}

// Calls `visit(place, value)` for each text and each object of an event. A place is the event and the way to the value.
void Walk(ordered_json& value, const std::string& place,
          const std::function<void(const std::string&, ordered_json&)>& visit) {
  if (value.is_array()) {
    for (ordered_json& item : value) Walk(item, place + "[]", visit);
    return;
  }
  if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      const std::string last = place.substr(place.rfind('/') + 1);
      Walk(member, place + "/" + (IsMapOfMany(last) ? "*" : key), visit);
    }
  }
  if (value.is_string() || value.is_object()) visit(place, value);
}

class EditableLog {
 public:
  explicit EditableLog(const std::string& path) {
    const auto logs = ingest::FindLogs(path, Limits());
    REQUIRE(logs);
    const auto text = ingest::ReadText(logs->front(), Limits());
    REQUIRE(text);
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      if (line.empty()) continue;
      events_.push_back(ordered_json::parse(line));
      lines_.push_back(line + "\n");
    }
  }

  std::set<std::string> Places() {
    std::set<std::string> places;
    for (ordered_json& event : events_) {
      Walk(event, event["Event"].get<std::string>(), [&places](const std::string& place, ordered_json& value) {
        places.insert(value.is_object() ? place + "/{}" : place);
      });
    }
    return places;
  }

  // The log with `change` made at the place.
  std::string With(const std::string& wanted, const std::function<std::string(const std::string&)>& change) {
    std::string text;
    const std::string event_of_place = wanted.substr(0, wanted.find('/'));
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i]["Event"] != event_of_place) {
        text += lines_[i];
        continue;
      }
      ordered_json event = events_[i];
      Walk(event, event_of_place, [&](const std::string& place, ordered_json& value) {
        if (value.is_string() && place == wanted) value = change(value.get<std::string>());
        if (value.is_object() && place + "/{}" == wanted) value[change("key")] = change("value");
      });
      text += event.dump() + "\n";
    }
    return text;
  }

 private:
  std::vector<ordered_json> events_;
  std::vector<std::string> lines_;  // of the events, as they are
};

bool Holds(std::string text, std::string word) {
  for (std::string* lowered : {&text, &word})
    std::ranges::transform(*lowered, lowered->begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find(word) != std::string::npos;
}

// What stands around the name, for the message of a failure.
std::string Around(const std::string& text) {
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = lower.find("zanzibar");
  return text.substr(at < 60 ? 0 : at - 60, 140);
}

// All that an anonymised log yields.
std::string Outputs(const std::filesystem::path& file) {
  ingest::IngestOptions options;
  options.detail = ingest::Detail::Rest;
  options.threads = 1;
  PhaseTimes times;
  const auto logs = ingest::FindLogs(file.string(), options.limits);
  if (!logs) return anonymise::AnonymousMessage(logs.error().message, file.string(), 1);
  auto log = Read(logs->front(), options, times);
  if (!log) return anonymise::AnonymousMessage(log.error().message, file.string(), 1);
  anonymise::Anonymise(log->model, log->info, 1);
  std::ostringstream out;
  exports::WriteModelJson({log->model, log->info, std::nullopt, ""}, out);
  return out.str();
}

std::filesystem::path Temporary() {
  return std::filesystem::temp_directory_path() / ("anonymise_test_" + std::to_string(getpid()) + ".log");
}

}  // namespace

// Under a sanitizer some places stand for all: it takes minutes, and what is looked for shows in every build.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t kEvery = 24;
#else
constexpr std::size_t kEvery = 1;
#endif
#else
constexpr std::size_t kEvery = 1;
#endif

TEST_CASE("a name planted in any text of a log does not come out") {
  const std::filesystem::path jobs = std::filesystem::path(ADVISE_SOURCE_DIR) / "pathological-jobs";
  const std::filesystem::path file = Temporary();
  std::set<std::string> done;
  std::vector<std::string> leaks;
  std::size_t outputs = 0;
  for (const char* name : {"job-fails/logs/faulty-3.5.9.zstd", "executor-lost/logs/faulty-3.5.9.zstd",
                           "cached-used-once/logs/faulty-3.5.9.zstd", "skewed-join/logs/faulty-3.5.9.zstd",
                           "python-udf/logs/clean-3.5.9.zstd", "task-retries/logs/clean-4.3.0.zstd"}) {
    EditableLog log((jobs / name).string());
    for (const std::string& place : log.Places()) {
      if (!done.insert(place).second || done.size() % kEvery != 0) continue;
      for (const auto& [form, change] : kForms) {
        std::ofstream(file, std::ios::binary) << log.With(place, change);
        const std::string out = Outputs(file);
        ++outputs;
        if (Holds(out, kCanary)) leaks.push_back(place + ", " + form + ": " + Around(out));
      }
    }
  }
  std::filesystem::remove(file);
  CAPTURE(outputs);
  CHECK(done.size() > 150);
  for (const std::string& leak : leaks) FAIL_CHECK(leak);
}

TEST_CASE("messages about an anonymised log name neither path nor member") {
  const std::string path = "/home/zanzibar/logs.zip";
  for (const char* message :
       {"cannot open `/home/zanzibar/logs.zip`: No such file or directory", "`zanzibar/app-1` cannot be decoded",
        "the archive `/home/zanzibar/logs.zip` holds no `zanzibar.zst`", "`a `zanzibar` b` is empty",
        "logs.zip is no log"}) {
    CAPTURE(message);
    const std::string said = anonymise::AnonymousMessage(message, path, 3);
    CHECK(!Holds(said, "zanzibar"));
    CHECK(said.find("log-3") != std::string::npos);
  }
  CHECK(anonymise::WithoutPath("`advise model LOG` lists them", path, 1) == "`advise model LOG` lists them");
}

TEST_CASE("what is Spark's own stays") {
  anonymise::Pseudonyms names;
  CHECK(anonymise::ScrubVersion("3.5.9") == "3.5.9");
  CHECK(anonymise::ScrubVersion("2.4.0-SNAPSHOT") == "2.4.0-SNAPSHOT");
  CHECK(anonymise::ScrubVersion("3.4.1-amzn-0") == "3.4.1-amzn-0");
  CHECK(anonymise::ScrubVersion("11.3.x-scala2.12") == "11.3.x-scala2.12");
  CHECK(anonymise::ScrubVersion("3.5.0-acme-7") == "3.5.0-…-7");
  CHECK(anonymise::ScrubMetricName("number of output rows", names) == "number of output rows");
  CHECK(anonymise::ScrubMetricName("avg hash probe (min, med, max)", names) == "avg hash probe (min, med, max)");
  CHECK(anonymise::ScrubMetricName("orders of acme read", names) == "… of … read");
  CHECK(anonymise::ScrubMetricType("nsTiming", names) == "nsTiming");
  CHECK(anonymise::ScrubMetricType("v2Custom_com.acme.Bytes", names) == "v2Custom_name-1");
  CHECK(anonymise::ScrubSettingKey("spark.sql.shuffle.partitions", names) == "spark.sql.shuffle.partitions");
  CHECK(anonymise::ScrubSettingKey("spark.rapids.sql.concurrentGpuTasks", names) ==
        "spark.rapids.sql.concurrentGpuTasks");
  CHECK(anonymise::ScrubSettingKey("spark.hadoop.fs.s3a.threads.max", names) == "spark.hadoop.fs.s3a.threads.max");
  CHECK(anonymise::ScrubSettingKey("spark.hadoop.fs.s3a.bucket.acme.endpoint", names) == "spark.hadoop.name-2");
  CHECK(anonymise::ScrubSettingKey("spark.acme.token", names) == "spark.name-3");
  CHECK(anonymise::ScrubCallSite("collect at Job.scala:45", names) == "collect at file-1.scala:45");
  CHECK(anonymise::ScrubCallSite("$anonfun$withThreadLocalCaptured$1 at FutureTask.java:317", names) ==
        "$anonfun$withThreadLocalCaptured$1 at FutureTask.java:317");
  CHECK(anonymise::ScrubCallSite("acmeRun at Job.scala:45", names) == "name-4 at file-1.scala:45");
  CHECK(anonymise::ScrubSetting("spark.master", "local[4]", names) == "local[4]");
  CHECK(anonymise::ScrubSetting("spark.master", "spark://acme:7077", names) == "spark://host-1");
  CHECK(anonymise::ScrubMessage("java.lang.OutOfMemoryError: Java heap space", names) ==
        "java.lang.OutOfMemoryError: Java heap space");
  CHECK(anonymise::ScrubMessage("com.acme.AcmeException: no", names) == "…: no");
}

}  // namespace advise
