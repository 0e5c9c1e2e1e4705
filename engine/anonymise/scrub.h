// Texts of a log with the names in them replaced. What is not known to be Spark's own is replaced.
#pragma once

#include <string>
#include <string_view>

#include "anonymise/pseudonyms.h"

namespace advise::anonymise {

// Notes the columns that a plan text names for certain (`name#12`, `name:type` of a schema) and the table of a scan.
void CollectPlanNames(std::string_view text, Pseudonyms& names);
void CollectSchemaNames(std::string_view schema, Pseudonyms& names);
// "Scan parquet db.orders": the table is noted.
void CollectTable(std::string_view node_name, Pseudonyms& names);

// A node name, simple string, keys, condition or filter.
std::string ScrubPlan(std::string_view text, Pseudonyms& names);
// "gs://bucket/a, gs://bucket/b": schemes stay.
std::string ScrubPaths(std::string_view text, Pseudonyms& names);
// "collect at Job.scala:45", "show at <console>:40"; any other text is a label.
std::string ScrubCallSite(std::string_view text, Pseudonyms& names);
// A message about a failure: known names get their pseudonyms, words that are not Spark's become "…".
std::string ScrubMessage(std::string_view text, Pseudonyms& names);
// The lines of a call stack that are Spark's or the JDK's.
std::string ScrubStack(std::string_view text);
// Spark's and the vendors' keys stay: "spark.sql.shuffle.partitions"; of others only the place ("spark.hadoop.").
std::string ScrubSettingKey(std::string_view key, Pseudonyms& names);
// "3.5.3-amzn-1", "11.3.x-scala2.12": numbers and known suffixes.
std::string ScrubVersion(std::string_view version);
// A metric of a plan node: Spark's own, of which a few hold a table or source.
std::string ScrubMetricName(std::string_view name, Pseudonyms& names);
// "sum", "nsTiming"; a metric of a data source has its class behind "v2Custom_".
std::string ScrubMetricType(std::string_view type, Pseudonyms& names);
// The value of a setting.
std::string ScrubSetting(std::string_view key, std::string_view value, Pseudonyms& names);

}  // namespace advise::anonymise
