// The texts of a first pack. tests/cli/new holds them against check, fmt and test.
#include "workbench/new_pack.h"

#include <algorithm>

#include "support/version.h"

namespace advise::workbench {
namespace {

constexpr std::string_view kRules =
    R"rules(## What our jobs should not do. `advise check .` compiles this file, `advise test --rules .` runs its tests,
## `advise --rules . app.log` uses it beside the built-in rules.
pack NAME version v0.1.0
  requires advise >= vVERSION

# A parameter is what another team may want to change: `advise --set spill_floor=4GiB`, or `override NAME { … }`.
## Spilling less than this is not worth a message.
param spill_floor: Bytes = 1GiB range 64MiB..64GiB
## Bytes of shuffle that one task should read.
param good_partition: Bytes = 128MiB range 16MiB..1GiB

# A symptom says that something is odd. Its head names the finding: one for each stage for which the condition holds.
## Tasks wrote sort or aggregation data to disk, because it did not fit in memory.
symptom big_spill(s: Stage) {
  match (s:Stage)
  let spilled = sum(s.tasks.disk_bytes_spilled)
  where spilled > spill_floor
  evidence spilled
  title "Stage {s.id} spills {spilled} to disk"
  message "The tasks of stage {s.id} wrote {spilled} to disk and read it again."
}

# A cause says why. What is rare about a few tasks alone would be another cause: hence the median.
## The usual task reads more than it can hold: with more, smaller partitions nothing would spill.
cause large_partitions(s: Stage) {
  for big_spill(s)
  let read = s.winners.shuffle_read
  where p50(read) > 2 * good_partition
  explains big_spill(s)
  confidence high
  costs s.wall_spill
  rules out "one heavy key" when max(read) < 4 * p50(read)
    because "the largest partition is {max(read)}, the median {p50(read)}"
  evidence p50(read)
  title "Partitions of stage {s.id} are too large"
  message "The median task of stage {s.id} reads {p50(read)}; {good_partition} is a good size."
}

# An advice says what to do, and how the run would then look. It sees the names of the cause that it is for.
## More partitions, each of a good size.
advice more_partitions(s: Stage) {
  for large_partitions(s)
  let n = ceil(sum(read) / good_partition)
  where n > s.partitions
  effect { set s.partitions = n }
  fix "Raise the number of shuffle partitions from {s.partitions} to {n}."
  change conf "spark.sql.shuffle.partitions" = n scope session
  effort low  risk low
}

# Each rule deserves two tests: one in which it fires, and the near miss in which it must not.
test "every task reads 1 GiB and spills" {
  given s: Stage {
    tasks.shuffle_read = [1GiB x 100]
    tasks.disk_bytes_spilled = [500MiB x 100]
  }
  expect big_spill(s) suppressed by large_partitions(s)
  expect large_partitions(s) because big_spill
  expect more_partitions(s) message matches "from 100 to 800"
}

test "one task reads most: its spill has another cause" {
  given s: Stage {
    tasks.shuffle_read = [20MiB x 99, 20GiB]
    tasks.disk_bytes_spilled = [0B x 99, 15GiB]
  }
  expect big_spill(s)
  expect not large_partitions(s), not more_partitions(s)
}
)rules";

constexpr std::string_view kExplanation = R"template(---
rule: NAME.large_partitions
words: [stage, partition, spill]
---
# Partitions that do not fit in memory
## What happens
The median task of stage {s.id} reads {p50(read)} and writes what does not fit in memory to disk.
### novice
A stage divides its data into partitions, and one task works on each. A task that cannot hold its partition in memory
puts parts of it on disk and reads them again.
## What it is not
- `one heavy key` Not one key that holds most rows: the partitions are alike.
## What to do
### novice
More partitions make each of them smaller.
)template";

constexpr std::string_view kWorkflow =
    R"yaml(# Checks the rules with every change. `advise` has to be on the path of the runner.
name: rules
on: [push, pull_request]
jobs:
  rules:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: advise fmt --check .
      - run: advise check --format github .
      - run: advise test --rules . --fail-on-empty
)yaml";

std::string Filled(std::string_view text, std::string_view name) {
  // The first version that has what the pack says is the one that writes it.
  const std::string version(kVersion.substr(0, kVersion.rfind('.')));
  std::string filled(text);
  const auto replace = [&](std::string_view what, std::string_view with) {
    for (std::size_t at = filled.find(what); at != std::string::npos; at = filled.find(what, at + with.size()))
      filled.replace(at, what.size(), with);
  };
  replace("NAME", name);
  replace("VERSION", version);
  return filled;
}

}  // namespace

bool IsPackName(std::string_view name) {
  bool first = true;  // of a part
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    if (c == '.' ? first : !letter && (first || !digit)) return false;
    first = c == '.';
  }
  return !first;
}

std::vector<NewFile> NewPack(std::string_view name) {
  const std::string file(name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1));
  return {{file + ".rules", Filled(kRules, name)},
          {"explain/large_partitions.md", Filled(kExplanation, name)},
          {".github/workflows/rules.yml", Filled(kWorkflow, name)}};
}

}  // namespace advise::workbench
