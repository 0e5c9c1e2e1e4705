// bare_loop LOG: the floor that the ingest is measured against. Reads a plain log in blocks, splits it into lines,
// parses each with simdjson On-Demand, and adds up the fields of TaskEnd that advise keeps; no model, no accumulables,
// no checks.
#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

namespace {

namespace od = simdjson::ondemand;

constexpr std::size_t kBlock = std::size_t{4} << 20;
constexpr std::size_t kPadding = 64;

std::int64_t Add(od::object& object, std::initializer_list<const char*> keys) {
  std::int64_t sum = 0;
  for (const char* key : keys) {
    std::int64_t value = 0;
    if (object.find_field(std::string_view(key)).get_int64().get(value) == simdjson::SUCCESS) sum += value;
  }
  return sum;
}

std::int64_t TaskEnd(od::object event) {
  std::int64_t sum = Add(event, {"Stage ID", "Stage Attempt ID"});
  od::object part;
  if (event.find_field("Task Info").get_object().get(part) == simdjson::SUCCESS) {
    sum += Add(part, {"Task ID", "Index", "Attempt", "Partition ID", "Launch Time"});
    std::string_view text;
    for (const char* key : {"Executor ID", "Host", "Locality"}) {
      if (part.find_field(std::string_view(key)).get_string().get(text) == simdjson::SUCCESS)
        sum += static_cast<std::int64_t>(text.size());
    }
    bool flag = false;
    if (part.find_field("Speculative").get_bool().get(flag) == simdjson::SUCCESS) sum += flag;
    sum += Add(part, {"Getting Result Time", "Finish Time"});
  }
  if (event.find_field("Task Metrics").get_object().get(part) != simdjson::SUCCESS) return sum;
  sum += Add(part, {"Executor Deserialize Time", "Executor Deserialize CPU Time", "Executor Run Time",
                    "Executor CPU Time", "Peak Execution Memory", "Result Size", "JVM GC Time",
                    "Result Serialization Time", "Memory Bytes Spilled", "Disk Bytes Spilled"});
  od::object inner;
  if (part.find_field("Shuffle Read Metrics").get_object().get(inner) == simdjson::SUCCESS) {
    sum +=
        Add(inner, {"Remote Blocks Fetched", "Local Blocks Fetched", "Fetch Wait Time", "Remote Bytes Read",
                    "Remote Bytes Read To Disk", "Local Bytes Read", "Total Records Read", "Remote Requests Duration"});
  }
  if (part.find_field("Shuffle Write Metrics").get_object().get(inner) == simdjson::SUCCESS) {
    sum += Add(inner, {"Shuffle Bytes Written", "Shuffle Write Time", "Shuffle Records Written"});
  }
  if (part.find_field("Input Metrics").get_object().get(inner) == simdjson::SUCCESS)
    sum += Add(inner, {"Bytes Read", "Records Read"});
  if (part.find_field("Output Metrics").get_object().get(inner) == simdjson::SUCCESS)
    sum += Add(inner, {"Bytes Written", "Records Written"});
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const int file = open(argv[1], O_RDONLY);
  if (file < 0) return 3;
  const std::unique_ptr<char[]> buffer(new char[2 * kBlock + kPadding]);
  od::parser parser;
  std::size_t carried = 0;
  std::int64_t sum = 0;
  std::int64_t tasks = 0;
  while (true) {
    const ssize_t got = read(file, buffer.get() + carried, kBlock);
    if (got <= 0) break;
    const std::size_t filled = carried + static_cast<std::size_t>(got);
    std::size_t at = 0;
    while (const void* end = std::memchr(buffer.get() + at, '\n', filled - at)) {
      const std::size_t stop = static_cast<std::size_t>(static_cast<const char*>(end) - buffer.get());
      od::document document;
      od::object event;
      std::string_view name;
      if (parser.iterate(buffer.get() + at, stop - at, stop - at + kPadding).get(document) == simdjson::SUCCESS &&
          document.get_object().get(event) == simdjson::SUCCESS &&
          event.find_field("Event").get_string().get(name) == simdjson::SUCCESS && name == "SparkListenerTaskEnd") {
        sum += TaskEnd(event);
        ++tasks;
      }
      at = stop + 1;
    }
    carried = filled - at;
    if (carried > kBlock) return 1;  // lines of the bench are small
    std::memmove(buffer.get(), buffer.get() + at, carried);
  }
  close(file);
  std::printf("%lld task ends, checksum %lld\n", static_cast<long long>(tasks), static_cast<long long>(sum));
  return 0;
}
