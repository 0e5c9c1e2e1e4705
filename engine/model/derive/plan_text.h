// What the text of a plan node says: SparkPlanInfo.simpleString (TreeNode.simpleString: the node's name, then its
// arguments joined by ", ") in the dialects of Spark 2.0 to 4.x and of other engines. The text may be cut anywhere
// (spark.sql.debug.maxToStringFields, spark.sql.maxMetadataStringLength): what is cut off is missing, not an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/column.h"

namespace advise::model {

// "a#12L = b#7" → "a = b".
std::string WithoutExpressionIds(std::string_view text);

// The arguments after the node's name, split at top-level commas. Views into `simple_string`.
std::vector<std::string_view> NodeArguments(std::string_view simple_string, std::string_view node_name);

struct JoinText {
  std::optional<std::string> keys;        // "a = c, b = d"
  std::optional<std::string> type;        // Inner, LeftOuter …, ExistenceJoin
  std::optional<std::string> build_side;  // left, right
  std::optional<std::string> condition;   // as written
};
JoinText ParseJoin(std::string_view simple_string, std::string_view node_name);

struct ExchangeText {
  std::optional<std::string>
      partitioning;  // hashpartitioning, rangepartitioning, SinglePartition, RoundRobinPartitioning …
  std::optional<std::string> keys;
  std::int64_t partitions = kMissing;
};
ExchangeText ParseExchange(std::string_view simple_string, std::string_view node_name);

struct AggregateText {
  std::optional<std::string> keys;       // empty: one group
  std::optional<std::string> functions;  // without expression ids
  // partial, merge or final where the functions' names tell (partial_sum, merge_sum, Photon's finalmerge_sum); else
  // empty: final or complete, which only the plan around the node tells.
  std::string_view mode;
};
AggregateText ParseAggregate(std::string_view simple_string);

// Sort and TakeOrderedAndProject: sort order. Window: partition columns; empty: one partition.
std::optional<std::string> ParseSortKeys(std::string_view simple_string, std::string_view node_name);
std::optional<std::string> ParseOrderBy(std::string_view simple_string);
std::optional<std::string> ParseWindowPartition(std::string_view simple_string, std::string_view node_name);

// The condition of a Filter, as written.
std::optional<std::string> ParseFilter(std::string_view simple_string, std::string_view node_name);

struct ScanText {
  std::optional<std::string> format;          // lower case: parquet, orc, csv, json, text, hive, iceberg
  std::optional<std::string> location;        // paths, without the file index around them
  std::optional<std::string> pushed_filters;  // without the brackets
  std::optional<std::string> partition_filters;
  std::optional<std::string> read_schema;
  std::int64_t partitions = kMissing;  // numPartitions of a JDBC scan
};
// Metadata comes first; what it lacks (Databricks, data source V2) is taken from the text.
ScanText ParseScan(std::string_view simple_string, std::string_view node_name,
                   const std::vector<std::pair<std::string_view, std::string_view>>& metadata);

struct ShuffleReadText {
  bool coalesced = false;
  bool skewed = false;
};
// "AQEShuffleRead coalesced and skewed", "CustomShuffleReader local".
ShuffleReadText ParseShuffleRead(std::string_view simple_string);

}  // namespace advise::model
