// A recommendation: what to change, for which findings, and how. Plain data after the JSON contract of `analyze`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advise::recommend {

struct Change {
  std::string kind;  // "conf", "code", "query", "cluster"
  std::string key;   // the setting; the word of the rule's `change` clause otherwise ("sql", "executors")
  std::optional<std::string> from;   // value in the log, else the default of its version; nullopt: unknown or none
  std::string to;                    // new value, or the text to paste
  std::optional<std::string> scope;  // "session", "submit", "cluster"; nullopt for code and query
  bool from_is_default = false;      // the log does not set it
};

// Wall time saved, in ms.
struct Interval {
  std::int64_t low = 0;
  std::int64_t mid = 0;
  std::int64_t high = 0;
};
struct Saving {
  Interval alone;
  Interval in_plan;
  double share = 0;
};

struct Recommendation {
  std::string id;    // "spark.core.aqe_skew_join(12.0,3/7)"
  std::string rule;  // "spark.core.aqe_skew_join"
  std::vector<std::string> for_findings;
  std::string title;  // imperative, without full stop; empty: `fix` is short enough
  std::string fix;
  std::vector<Change> changes;
  std::string effort;  // "low", "medium", "high"; empty: not stated
  std::string risk;
  std::optional<Saving> saving;               // nullopt until the cost model exists
  std::optional<std::string> evidence_class;  // "A" to "E"
  // Whether it is part of what to do. If not, `reason` says why: "spark.sql.shuffle.partitions = 960 of … is larger".
  bool chosen = true;
  std::string reason;
  std::size_t match = 0;  // which match of MatchResults it is; for explanations
};

}  // namespace advise::recommend
