// Named limits against hostile or broken input. Each says why it exists and which diagnostic it raises; none is reached
// by a real log that we know of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace advise {

struct Limits {
  // Longest line of an event log. Real ones reach some MB (plans, class paths). A longer line is skipped and counted.
  std::size_t line_bytes = std::size_t{256} << 20;
  // Nesting of JSON in one line; real plans reach 500 levels. A deeper line is skipped and counted.
  std::size_t json_nesting = 1024;
  // Decoded bytes per compressed byte, judged only after `ratio_free_bytes` have come out: decompression bombs.
  // LimitExceeded.
  std::size_t ratio = 1000;
  std::size_t ratio_free_bytes = std::size_t{64} << 20;
  // Stage attempts and task attempts of one application; later ones are skipped and counted.
  std::size_t stages = 5'000'000;
  std::size_t tasks = 200'000'000;
  // What an event makes of the model, in bytes for each byte of its line, above `event_free_bytes` of a chunk of the
  // log. Real events stay below 8. One that makes more (a plan of empty objects) is skipped and counted.
  std::size_t event_growth = 16;
  std::size_t event_free_bytes = std::size_t{256} << 10;
  // Attempts of one stage: each knows all others and reads those of its parents, so the model grows with their product.
  // Spark gives up a stage after four that fail in a row. Later ones are skipped and counted.
  std::size_t stage_attempts = 100;
  // Parents of stage attempts besides the last attempt of each parent, for each stage attempt of the log. Counted.
  std::size_t stage_edges_per_row = 64;
  // Stages in which plan nodes ran or are read, for each plan node and stage of the log, besides one for each
  // accumulator that a stage updated: neighbours in the plan, and nodes with the same metric, have all stages of each
  // other. Nodes beyond it are in no stage. Counted.
  std::size_t node_stages_per_row = 64;
  // Jobs that one job comes directly after: of two times n jobs at once it would be n for each. The others are counted.
  std::size_t jobs_before = 256;
  // Live jobs that list one stage: each counts its tasks. The start of another is skipped and counted.
  std::size_t jobs_of_stage = 1'000;
  // Live executors of one host that an exclusion of the host is told to; the others are counted.
  std::size_t executors_of_host = 256;
  // Work of rules on one log, in steps: each row, member and finding that is looked at is one. A rule may take
  // `rule_steps`, and so many more for each row of the log that one which looks at everything a few times is never
  // given up, however large the log is; all rules together what the pack may take. A rule that takes more is given up
  // and told as not evaluated. The rules of the core pack take 12 steps a row in all (measured on a log of 108,000
  // tasks).
  std::uint64_t rule_steps = 20'000'000;
  std::uint64_t rule_steps_per_row = 100;
  std::uint64_t pack_steps = 200'000'000;
  std::uint64_t pack_steps_per_row = 1'000;
  // Findings of one rule, and of all rules; nobody reads more, and each takes a kilobyte. More: the rule is given up.
  std::size_t rule_findings = 100'000;
  std::size_t pack_findings = 300'000;
  // Combinations of rows that a rule keeps while it is evaluated, besides one for each row of the log. More: given up.
  std::size_t rule_candidates = 1'000'000;
  // Parts of one expression, and of all expressions of all rules, once names and definitions are filled in: these can
  // double it each. Nobody writes one of this size by hand; the core pack has 40,000 parts in all. LimitExceeded.
  std::size_t expression_parts = 20'000;
  std::size_t rule_parts = 1'000'000;
  // Rule files: nesting of brackets and `not`, size of one file.
  std::size_t rule_nesting = 200;
  std::size_t rule_bytes = std::size_t{16} << 20;
};

}  // namespace advise
