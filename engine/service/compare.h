// Two logs beside each other: what differs between the runs, as plain data. The first is "before", the second "after".
// Queries and stages are matched by what the user knows them by, their text or call site, and by their turn among those
// of the same text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "service/analyst.h"

namespace advise::service {

// A value of both runs; nullopt: its log does not hold it.
template <class T>
using Both = std::array<std::optional<T>, 2>;

struct ComparedSetting {
  std::string key;
  Both<std::string> value;  // nullopt: not set
};
struct ComparedAccount {
  std::string account;
  std::array<std::int64_t, 2> ms{};
};
// Findings of one rule that are numbered in a report.
struct ComparedRule {
  std::string rule;
  std::array<std::vector<std::string>, 2> ids;
  std::string title;                         // of the first one
  std::array<std::int64_t, 2> claimed_ms{};  // what they hold of the ledger
};
struct ComparedQuery {
  std::string description;
  Both<std::int64_t> id;
  Both<std::int64_t> duration_ms;
};
struct ComparedStage {
  std::string name;
  Both<std::string> key;  // "12.0"
  Both<std::int64_t> duration_ms;
  Both<std::int64_t> tasks;
  Both<std::int64_t> input_bytes;
  Both<std::int64_t> shuffle_read_bytes;
  Both<std::int64_t> shuffle_write_bytes;
  Both<std::int64_t> spill_bytes;
};

// Lists hold what differs most first, and at most `most` entries.
struct Comparison {
  std::array<std::string, 2> logs;
  std::array<const report::AppInfo*, 2> apps{};
  std::array<std::string, 2> spark;       // version; empty: unknown
  std::vector<ComparedSetting> settings;  // by key; keys that are different in every run are left out (kOfOneRun)
  std::size_t more_settings = 0;
  std::vector<ComparedAccount> accounts;  // of the ledgers, all that either has
  std::vector<ComparedRule> rules;
  std::vector<ComparedQuery> queries;
  std::size_t more_queries = 0;
  std::vector<ComparedStage> stages;
  std::size_t more_stages = 0;
  std::vector<std::string> caveats;  // sentences: why the two may not be comparable
};

// Both outlive the result.
Comparison Compare(const Analysis& before, const Analysis& after, std::size_t most = 30);

// One object; values of both runs are {"a": …, "b": …}.
void WriteCompareJson(const Comparison& comparison, std::ostream& out);

}  // namespace advise::service
