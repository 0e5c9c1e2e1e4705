// What the HTML page shows beyond the blocks of the page: the ledger by account, queries, stages and executors. Plain
// data, decided here as everything of the report is (report.h); made only for formats that show it (formats.h).
//
// Times are ms from the start of the application unless a name says otherwise; texts are clean (support/clean_text.h)
// and printed by support/format.h. An empty text: the log does not hold it, or there is nothing to say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advise::report {

// What a place of the page is called in links.
struct StageRef {
  std::string key;     // "50.0"
  std::string anchor;  // "s50"; of a later attempt "s50.1"
  std::string text;    // what is said of it: "12.0 s"
};

// Kinds of account that share a colour.
enum class AccountRole : std::uint8_t { Work, Reading, Driver, Idle, Waste, Unknown };

struct AccountDetail {
  std::string account;  // as the JSON contract names it: "few_tasks"
  std::string label;    // "few tasks"
  std::string meaning;  // "slots idled because a stage had no task for them"
  AccountRole role = AccountRole::Unknown;
  std::int64_t ms = 0;
  std::string time;
  std::string share;  // of the run without the time in which nobody asked for anything; empty for that time itself
  std::vector<StageRef> stages;  // those with most of it, largest first
  std::size_t more_stages = 0;   // with less of it
  // What findings hold of it, in their order; number 0 is all that are not shown.
  struct Claim {
    int finding = 0;
    std::string time;
  };
  std::vector<Claim> claims;
  std::int64_t claimed_ms = 0;
  std::string unexplained;                   // what no finding holds; empty: nothing, or work, which needs no finding
  std::vector<StageRef> unexplained_stages;  // from 5 % of the run on: those with most of it
};

// An operator of the final plan, as Spark's own graph numbers it.
struct OperatorDetail {
  std::string anchor;  // "q24n11"
  int depth = 0;       // grows where a plan branches; a chain keeps it
  std::string name;
  std::string text;       // keys, condition or place; cut
  std::string rows;       // that it put out
  double rows_share = 0;  // of the most that an operator of the query put out
  std::string bytes;
  std::string time;  // of tasks, where Spark measures it; "block 12.0 s" of the block of generated code that it begins
  double time_share = 0;  // of all such times of the query
  std::string spill;
  std::vector<StageRef> stages;
  std::vector<int> findings;
};

struct QueryDetail {
  std::int64_t id = 0;
  std::string anchor;  // "q24"
  std::string description;
  std::string status;  // "failed", "running"; empty: succeeded
  std::optional<std::int64_t> start_ms;
  std::optional<std::int64_t> end_ms;
  std::string time;              // its duration
  std::string wall;              // what the ledger gives to it: its stages, and the pauses inside it
  std::string lost;              // of that, what is not the work of tasks
  std::int64_t lost_ms = 0;      // queries are ranked by it
  std::string verdict;           // "tail: skew 12 s, driver: planning 8.0 s"
  std::vector<StageRef> stages;  // those with most of its wall time, largest first
  std::size_t more_stages = 0;
  std::vector<int> findings;         // numbers of those that speak of it or of its stages
  std::vector<OperatorDetail> plan;  // from the result down; empty: others deserve the room
  std::size_t more_operators = 0;
  std::size_t rank = 0;  // among those with a plan: 0 is kept longest on a page that is too large
};

// One metric over the successful tasks of a stage.
struct QuantileRow {
  std::string metric;                 // "duration"
  std::array<std::string, 7> values;  // min, p5, p25, p50, p75, p95, max
};
inline constexpr std::array<std::string_view, 7> kQuantileNames = {"min", "p5", "p25", "p50", "p75", "p95", "max"};

// Tasks as dots on a grid: x is what they read (else what they wrote, else when they began), y how long they ran; both
// from zero, so that even tasks look even.
struct Scatter {
  static constexpr int kColumns = 96;
  static constexpr int kRows = 40;
  struct Dot {
    int x = 0;  // 0 .. kColumns
    int y = 0;  // 0 .. kRows, 0 below
    std::int64_t tasks = 0;
    bool failed = false;
  };
  std::vector<Dot> dots;  // by (failed, y, x)
  std::string x_name;     // "read by the task"
  std::string x_max;      // "380 MiB", at kColumns
  std::string y_max;      // "45.8 s", at kRows
  std::string summary;    // a sentence for those who do not see it
};

// Durations of a stage's successful tasks on one executor, ms.
struct ExecutorBox {
  std::string executor;
  std::int64_t tasks = 0;
  std::int64_t min = 0;
  std::int64_t p25 = 0;
  std::int64_t p50 = 0;
  std::int64_t p75 = 0;
  std::int64_t max = 0;
  std::string text;  // "p50 3.9 s, longest 4.1 s"
};

struct TailTask {
  std::string id;
  std::string executor;
  std::string duration;
  std::string read;
  std::string written;
  std::string remark;  // "failed: java.lang.OutOfMemoryError", "killed", "speculative"
};

struct StageTasks {
  std::vector<QuantileRow> quantiles;
  std::optional<Scatter> scatter;  // nullopt: fewer than two tasks ended
  std::vector<ExecutorBox> boxes;  // slowest first by their median
  std::size_t more_boxes = 0;
  std::vector<TailTask> tail;  // the longest tasks, then those that failed
  std::size_t more_failed = 0;
};

struct StageDetail {
  std::uint32_t row = 0;  // of the model
  std::string key;        // "50.0"
  std::string label;      // "stage 50"
  std::string anchor;
  std::string purpose;
  std::string query;  // anchor of its query
  bool reads_shuffle = false;
  std::string status;  // "failed", "running"; empty: complete
  std::optional<std::int64_t> start_ms;
  std::optional<std::int64_t> end_ms;
  std::string time;
  std::int64_t critical_ms = 0;
  std::string critical;
  std::string tasks;   // "200", "150 of 200"
  std::string failed;  // tasks
  std::string read;    // input and shuffle
  std::string written;
  std::string spill;
  std::string gc;
  std::vector<int> findings;
  std::optional<StageTasks> inside;  // nullopt: others deserve the room
  std::size_t rank = 0;              // among those with an inside: 0 is kept longest on a page that is too large
};

struct ExecutorDetail {
  std::string id;
  std::string host;
  std::string slots;
  std::string present;  // "2.5 s to 1m57s"
  std::string gone;     // why it was removed
  std::string tasks;
  std::string failed;
  std::string busy;   // share of its slots
  std::string gc;     // share of its run time
  std::string speed;  // 1 is usual
};

// Slots in use over time, a line of the timeline.
struct Lane {
  std::string name;           // "executor 3", "12 executors"
  std::vector<double> busy;   // by equal bins: slots in use / slots that exist, 0..1
  std::vector<bool> present;  // whether there were slots
};

// Some parts of a run in one row: micro-batches, or what began on a day.
struct FoldRow {
  std::string label;  // "batch 12", "batch 40 to 79", "day 3"
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::string parts;   // how many
  std::string median;  // of their durations
  std::string longest;
  std::string query;   // anchor of the longest
  std::string tasks;   // attempts
  std::string failed;  // of them
  std::string read;    // input
  std::string spill;
};
struct FoldDetail {
  std::string title;  // "Micro-batches of clicks", "Day by day"
  std::string of;     // what the parts are: "batches", "jobs"
  std::vector<FoldRow> rows;
};

struct Details {
  std::vector<FoldDetail> folds;        // of streams and of applications that ran for days
  std::vector<AccountDetail> accounts;  // in the ledger's order
  std::string accounts_of;              // "1m57s": what shares are of
  std::vector<QueryDetail> queries;     // what loses most first
  std::size_t more_queries = 0;
  std::size_t short_queries = 0;    // that have less than 1 ms of the run; not among the others
  std::vector<StageDetail> stages;  // by their start
  std::size_t more_stages = 0;
  std::vector<ExecutorDetail> executors;
  std::size_t more_executors = 0;
  std::vector<Lane> lanes;
};

}  // namespace advise::report
