// Counters of ingest_stats.def: what was wrong or remarkable with the log as input. Bad input is counted and explained,
// never fatal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace advise::ingest {

enum class StatSeverity : std::uint8_t { Info, Notice, DataLoss };

enum class Stat : std::uint8_t {
#define ADVISE_INGEST_STAT(name, code, severity, text) name,
#include "ingest/ingest_stats.def"
#undef ADVISE_INGEST_STAT
  Count
};

struct StatInfo {
  Stat id;
  std::string_view code;
  StatSeverity severity;
  std::string_view text;
};

const StatInfo& Info(Stat stat);
std::span<const StatInfo> AllStats();

// Counts per row, with the place of the first case ("line 17", "events_3_…") for the user to look at.
class IngestStats {
 public:
  // `example` is kept for the first case only.
  void Add(Stat stat, std::uint64_t count = 1, std::string_view example = {});
  // Adds the other's counts; its examples count only where this has none (so merge in input order).
  void Merge(const IngestStats& other);
  [[nodiscard]] std::uint64_t count(Stat stat) const { return counts_[static_cast<std::size_t>(stat)]; }
  [[nodiscard]] const std::string& example(Stat stat) const { return examples_[static_cast<std::size_t>(stat)]; }

 private:
  static constexpr std::size_t kCount = static_cast<std::size_t>(Stat::Count);
  std::array<std::uint64_t, kCount> counts_{};
  std::array<std::string, kCount> examples_{};
};

}  // namespace advise::ingest
