// advise_ingest_probe THREADS LOG: reads the log and prints what is in it, one line. Exit status 3 if it cannot be
// read.
#include <cstdio>
#include <cstdlib>

#include "ingest/ingest.h"

int main(int argc, char** argv) {
  using namespace advise;
  if (argc != 3) {
    std::fprintf(stderr, "usage: advise_ingest_probe THREADS LOG\n");
    return 2;
  }
  ingest::IngestOptions options;
  options.threads = static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10));
  const auto logs = ingest::FindLogs(argv[2], options.limits);
  if (!logs) {
    std::fprintf(stderr, "%s\n", logs.error().message.c_str());
    return 3;
  }
  int status = 0;
  for (const ingest::LogInput& log : *logs) {
    const auto read = ingest::Ingest(log, options);
    if (!read) {
      std::fprintf(stderr, "%s\n", read.error().message.c_str());
      status = 3;
      continue;
    }
    std::printf(
        "%llu events, %zu jobs, %zu stages, %zu tasks, %zu bad lines\n", static_cast<unsigned long long>(read->events),
        read->model.jobs.size(), read->model.stages.size(), read->model.tasks.size(),
        static_cast<std::size_t>(read->stats.count(ingest::Stat::BadLine) + read->stats.count(ingest::Stat::TornLine)));
  }
  return status;
}
