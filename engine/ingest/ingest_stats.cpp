// Counters of ingest_stats.def, each with the first place where it was met.
#include "ingest/ingest_stats.h"

namespace advise::ingest {
namespace {

constexpr StatInfo kStats[] = {
#define ADVISE_INGEST_STAT(name, code, severity, text) {Stat::name, code, StatSeverity::severity, text},
#include "ingest/ingest_stats.def"
#undef ADVISE_INGEST_STAT
};

}  // namespace

const StatInfo& Info(Stat stat) { return kStats[static_cast<std::size_t>(stat)]; }

std::span<const StatInfo> AllStats() { return kStats; }

void IngestStats::Add(Stat stat, std::uint64_t count, std::string_view example) {
  const auto i = static_cast<std::size_t>(stat);
  if (counts_[i] == 0 && examples_[i].empty()) examples_[i] = example;
  counts_[i] += count;
}

void IngestStats::Merge(const IngestStats& other) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (counts_[i] == 0 && examples_[i].empty()) examples_[i] = other.examples_[i];
    counts_[i] += other.counts_[i];
  }
}

}  // namespace advise::ingest
