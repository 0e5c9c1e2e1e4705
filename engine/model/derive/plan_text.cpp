// Hand parsing: the texts are no language with a grammar, only names, brackets and commas, and any of them may be cut.
// Sources: toString and simpleString of SortMergeJoinExec, BroadcastHashJoinExec, ShuffleExchangeExec,
// HashAggregateExec, FileSourceScanExec.metadata, BatchScanExec, AQEShuffleReadExec; the corpus for what Databricks and
// RAPIDS print.
#include "model/derive/plan_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "model/derive/node_kinds.h"
#include "support/text.h"

namespace advise::model {
namespace {

bool IsWordChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_'; }

std::string_view TrimSpaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool IsListText(std::string_view text) { return text.starts_with('['); }

std::vector<std::string_view> SplitTopLevel(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(TrimSpaces(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  const std::string_view last = TrimSpaces(text.substr(begin));
  if (!last.empty() || !parts.empty()) parts.push_back(last);
  return parts;
}

// What stands between the bracket at `open` and its partner; to the end where the text is cut.
std::string_view Bracketed(std::string_view text, std::size_t open) {
  const char opening = text[open];
  const char closing = opening == '[' ? ']' : ')';
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == opening) ++depth;
    if (text[i] == closing && --depth == 0) return text.substr(open + 1, i - open - 1);
  }
  return text.substr(open + 1);
}

// The list after `label`, as "keys=[…]".
std::optional<std::string_view> ListAfter(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t open = at + label.size();
  if (open >= text.size() || text[open] != '[') return std::nullopt;
  return Bracketed(text, open);
}

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || number < 0) return std::nullopt;
  return number;
}

// A sort order ends "ASC NULLS FIRST", "DESC NULLS LAST" and so on.
bool IsSortOrder(std::string_view expression) {
  return expression.find(" ASC") != std::string_view::npos || expression.find(" DESC") != std::string_view::npos;
}

// ---------------------------------------------------------------- joins
bool IsJoinType(std::string_view text) {
  static constexpr std::string_view kTypes[] = {"Inner",     "Cross",    "LeftOuter", "RightOuter",
                                                "FullOuter", "LeftSemi", "LeftAnti",  "LeftSingle"};
  return std::find(std::begin(kTypes), std::end(kTypes), text) != std::end(kTypes);
}

std::string PairKeys(std::string_view left_list, std::string_view right_list) {
  const std::vector<std::string_view> left = SplitTopLevel(left_list);
  const std::vector<std::string_view> right = SplitTopLevel(right_list);
  // A cut list cannot be paired.
  if (left.size() != right.size()) return WithoutExpressionIds(left_list) + " = " + WithoutExpressionIds(right_list);
  std::string keys;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (i > 0) keys += ", ";
    // "... 3 more fields" on both sides says it once.
    keys += WithoutExpressionIds(left[i]);
    if (left[i] != right[i] || !left[i].starts_with("...")) keys += " = " + WithoutExpressionIds(right[i]);
  }
  return keys;
}

// ---------------------------------------------------------------- scans
// Keys of FileSourceScanExec.metadata and of FileScan.description. "PushedFilers" is what Spark 3.0 and 3.1 print.
enum class ScanField { Format, Location, PushedFilters, PartitionFilters, ReadSchema, Other, Count };
struct ScanFieldName {
  std::string_view name;
  ScanField field;
};
constexpr ScanFieldName kScanFields[] = {
    {"Format", ScanField::Format},
    {"Location", ScanField::Location},
    {"InputPaths", ScanField::Location},  // 2.0
    {"PushedFilters", ScanField::PushedFilters},
    {"PushedFilers", ScanField::PushedFilters},
    {"PartitionFilters", ScanField::PartitionFilters},
    {"ReadSchema", ScanField::ReadSchema},
    {"Batched", ScanField::Other},
    {"DataFilters", ScanField::Other},
    {"RuntimeFilters", ScanField::Other},
    {"SelectedBucketsCount", ScanField::Other},
    {"Bucketed", ScanField::Other},
    {"PushedAggregation", ScanField::Other},
    {"PushedGroupBy", ScanField::Other},
    {"PushedGroupByExpressions", ScanField::Other},
    {"PushedLimit", ScanField::Other},
    {"PushedTopN", ScanField::Other},
    {"PushedSample", ScanField::Other},
};
using ScanFields = std::array<std::optional<std::string_view>, static_cast<std::size_t>(ScanField::Count)>;

std::optional<ScanField> ScanFieldOf(std::string_view name) {
  for (const ScanFieldName& row : kScanFields) {
    if (row.name == name) return row.field;
  }
  return std::nullopt;
}

void SetFirst(ScanFields& fields, ScanField field, std::string_view value) {
  std::optional<std::string_view>& slot = fields[static_cast<std::size_t>(field)];
  if (!slot) slot = value;
}

// "…, Format: Parquet, Location: InMemoryFileIndex[…], …": a value reaches to the next known key.
void ReadScanFields(std::string_view text, ScanFields& fields) {
  std::optional<ScanField> open;
  std::size_t value_begin = 0;
  for (std::size_t colon = text.find(": "); colon != std::string_view::npos; colon = text.find(": ", colon + 1)) {
    std::size_t word = colon;
    while (word > 0 && IsWordChar(text[word - 1])) --word;
    const std::optional<ScanField> field = ScanFieldOf(text.substr(word, colon - word));
    if (!field || (word > 0 && text[word - 1] != ' ')) continue;
    if (open) {
      std::string_view value = TrimSpaces(text.substr(value_begin, word - value_begin));
      if (value.ends_with(',')) value.remove_suffix(1);
      SetFirst(fields, *open, value);
    }
    open = field;
    value_begin = colon + 2;
  }
  if (open) SetFirst(fields, *open, TrimSpaces(text.substr(value_begin)));
}

// "[IsNotNull(a)]" → "IsNotNull(a)".
std::string WithoutBrackets(std::string_view list) { return std::string(IsListText(list) ? Bracketed(list, 0) : list); }

// "InMemoryFileIndex(1 paths)[hdfs://…]" → "hdfs://…".
std::string Paths(std::string_view location) {
  const std::size_t open = location.find('[');
  if (open == std::string_view::npos) return std::string(location);
  // Only the name of a file index, perhaps with a count, may stand before: s3://bucket/[a] is no index.
  const std::string_view index = location.substr(0, open);
  const bool is_index =
      std::all_of(index.begin(), index.end(), [](char c) { return IsWordChar(c) || c == '(' || c == ')' || c == ' '; });
  return std::string(is_index ? Bracketed(location, open) : location);
}

std::string FormatName(std::string_view written) {
  std::string name = Lower(written);
  if (name.starts_with("gpu")) name.erase(0, 3);              // RAPIDS: gpuparquet
  if (name.ends_with("format")) name.erase(name.size() - 6);  // 2.0: ParquetFormat
  return name;
}

// Iceberg's SparkScan.description: "… [filters=id IS NOT NULL, id = 1, groupedBy=]".
std::optional<std::string_view> IcebergFilters(std::string_view text) {
  static constexpr std::string_view kLabel = "[filters=";
  const std::size_t at = text.find(kLabel);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view filters = text.substr(at + kLabel.size());
  const std::size_t end = filters.find("groupedBy=");
  if (end == std::string_view::npos) return std::nullopt;
  filters = TrimSpaces(filters.substr(0, end));
  if (filters.ends_with(',')) filters.remove_suffix(1);
  return filters;
}

// "Scan parquet db.t" → "parquet". A relation object ("Scan JDBCRelation(t)", "Scan ExistingRDD") is no format.
std::optional<std::string_view> FormatInName(std::string_view node_name) {
  const std::string_view name = OperatorName(node_name);
  const std::size_t space = name.find(' ');
  if (space == std::string_view::npos || !name.substr(0, space).ends_with("Scan") || name.starts_with("BatchScan"))
    return std::nullopt;
  std::string_view word = TrimSpaces(name.substr(space + 1));
  word = word.substr(0, word.find(' '));
  if (word.empty() || !std::all_of(word.begin(), word.end(), [](char c) { return IsWordChar(c) && Lower(c) == c; }))
    return std::nullopt;
  return word;
}

}  // namespace

std::string WithoutExpressionIds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && i + 1 < text.size() && IsDigit(text[i + 1])) {
      ++i;
      while (i + 1 < text.size() && IsDigit(text[i + 1])) ++i;
      // L marks a long column.
      if (i + 1 < text.size() && text[i + 1] == 'L' && (i + 2 == text.size() || !IsWordChar(text[i + 2]))) ++i;
      continue;
    }
    out.push_back(text[i]);
  }
  return out;
}

std::vector<std::string_view> NodeArguments(std::string_view text, std::string_view node_name) {
  if (!node_name.empty() && text.starts_with(node_name)) {
    text.remove_prefix(node_name.size());
  } else {
    text.remove_prefix(std::min(text.size(), text.find_first_of(" ([")));
  }
  return SplitTopLevel(TrimSpaces(text));
}

JoinText ParseJoin(std::string_view simple_string, std::string_view node_name) {
  JoinText join;
  const std::vector<std::string_view> arguments = NodeArguments(simple_string, node_name);
  std::size_t next = 0;
  if (arguments.size() >= 2 && IsListText(arguments[0]) && IsListText(arguments[1])) {
    join.keys = PairKeys(Bracketed(arguments[0], 0), Bracketed(arguments[1], 0));
    next = 2;
  }
  for (; next < arguments.size(); ++next) {
    std::string_view argument = arguments[next];
    if (IsJoinType(argument)) {
      join.type = std::string(argument);
    } else if (argument.starts_with("ExistenceJoin(")) {
      join.type = "ExistenceJoin";
    } else if (argument == "BuildLeft" || argument == "GpuBuildLeft") {
      join.build_side = "left";
    } else if (argument == "BuildRight" || argument == "GpuBuildRight") {
      join.build_side = "right";
    } else if (argument == "true" || argument == "false" || argument.empty() ||
               argument.find("=#") != std::string_view::npos || argument.starts_with("[plan_id=") ||
               argument.starts_with("[loreId=")) {
      continue;  // null-aware, skew join; [id=#7]
    } else if (!join.condition) {
      join.condition = std::string(argument);
    }
  }
  return join;
}

ExchangeText ParseExchange(std::string_view simple_string, std::string_view node_name) {
  ExchangeText exchange;
  const std::vector<std::string_view> arguments = NodeArguments(simple_string, node_name);
  if (arguments.empty() || arguments[0].empty()) return exchange;
  const std::string_view text = arguments[0];
  const std::size_t open = text.find('(');
  std::string name(text.substr(0, open));
  if (name.starts_with("gpu")) name.erase(0, 3);  // RAPIDS: gpuhashpartitioning, gpusinglepartitioning$
  if (name == "singlepartitioning$" || name == "singlepartitioning") name = "SinglePartition";
  if (name == "roundrobinpartitioning") name = "RoundRobinPartitioning";
  if (name == "SinglePartition") exchange.partitions = 1;
  exchange.partitioning = std::move(name);
  if (open == std::string_view::npos) return exchange;

  // hashpartitioning(a, b, 200): the last argument counts partitions, unless the list is cut.
  const std::string_view inside = Bracketed(text, open);
  const std::vector<std::string_view> parts = SplitTopLevel(inside);
  std::size_t keys = parts.size();
  if (keys > 0) {
    if (const std::optional<std::int64_t> count = WholeNumber(parts[keys - 1])) {
      exchange.partitions = *count;
      --keys;
    }
  }
  std::string text_of_keys;
  for (std::size_t i = 0; i < keys; ++i) {
    if (i > 0) text_of_keys += ", ";
    text_of_keys += WithoutExpressionIds(parts[i]);
  }
  if (keys > 0) exchange.keys = std::move(text_of_keys);
  return exchange;
}

AggregateText ParseAggregate(std::string_view simple_string) {
  AggregateText aggregate;
  std::optional<std::string_view> keys = ListAfter(simple_string, "keys=");
  if (!keys) keys = ListAfter(simple_string, "key=");
  if (keys) aggregate.keys = WithoutExpressionIds(*keys);
  const std::optional<std::string_view> functions = ListAfter(simple_string, "functions=");
  if (!functions) return aggregate;
  aggregate.functions = WithoutExpressionIds(*functions);
  // A plan with distinct aggregates merges some and begins others in one node: partial says more.
  bool merges = false;
  for (const std::string_view function : SplitTopLevel(*functions)) {
    if (function.starts_with("partial_")) aggregate.mode = "partial";
    if (function.starts_with("finalmerge_") && aggregate.mode.empty()) aggregate.mode = "final";
    if (function.starts_with("merge_")) merges = true;
  }
  if (merges && aggregate.mode.empty()) aggregate.mode = "merge";
  return aggregate;
}

std::optional<std::string> ParseSortKeys(std::string_view simple_string, std::string_view node_name) {
  for (const std::string_view argument : NodeArguments(simple_string, node_name)) {
    if (IsListText(argument)) {
      const std::string_view keys = Bracketed(argument, 0);
      if (IsSortOrder(keys)) return WithoutExpressionIds(keys);  // Comet prints its output columns first
    }
  }
  return std::nullopt;
}

std::optional<std::string> ParseOrderBy(std::string_view simple_string) {
  std::optional<std::string_view> keys = ListAfter(simple_string, "orderBy=");
  if (!keys) keys = ListAfter(simple_string, "sortOrder=");  // Photon
  if (!keys) return std::nullopt;
  return WithoutExpressionIds(*keys);
}

// Window [expressions], [partition], [order]: an empty list is not printed (TreeNode.argString).
std::optional<std::string> ParseWindowPartition(std::string_view simple_string, std::string_view node_name) {
  const std::vector<std::string_view> arguments = NodeArguments(simple_string, node_name);
  if (arguments.empty() || !IsListText(arguments[0])) return std::nullopt;
  if (arguments.size() < 2 || !IsListText(arguments[1])) return std::string();
  const std::string_view second = Bracketed(arguments[1], 0);
  const bool third_is_order = arguments.size() > 2 && IsListText(arguments[2]);
  if (!third_is_order && IsSortOrder(second)) return std::string();
  return WithoutExpressionIds(second);
}

std::optional<std::string> ParseFilter(std::string_view simple_string, std::string_view node_name) {
  std::vector<std::string_view> arguments = NodeArguments(simple_string, node_name);
  const Engine engine = EngineOf(node_name);
  // Comet prints its output columns first; RAPIDS ends with ", true" and "[loreId=118]".
  if (engine == Engine::Comet && arguments.size() > 1 && IsListText(arguments[0])) arguments.erase(arguments.begin());
  while (engine == Engine::Rapids && arguments.size() > 1 &&
         (arguments.back() == "true" || arguments.back() == "false" || arguments.back().starts_with("[loreId="))) {
    arguments.pop_back();
  }
  if (arguments.empty() || arguments[0].empty()) return std::nullopt;
  // All arguments are views of one text: "a INSET 1, 2" has top-level commas.
  const char* const begin = arguments.front().data();
  return std::string(begin, arguments.back().data() + arguments.back().size());
}

ScanText ParseScan(std::string_view simple_string, std::string_view node_name,
                   const std::vector<std::pair<std::string_view, std::string_view>>& metadata) {
  ScanFields fields;
  for (const auto& [key, value] : metadata) {
    if (const std::optional<ScanField> field = ScanFieldOf(key)) SetFirst(fields, *field, value);
  }
  ReadScanFields(simple_string, fields);
  const auto field = [&fields](ScanField which) { return fields[static_cast<std::size_t>(which)]; };

  ScanText scan;
  if (const auto value = field(ScanField::Location)) scan.location = Paths(*value);
  if (const auto value = field(ScanField::PushedFilters)) scan.pushed_filters = WithoutBrackets(*value);
  if (const auto value = field(ScanField::PartitionFilters)) scan.partition_filters = WithoutBrackets(*value);
  if (const auto value = field(ScanField::ReadSchema)) scan.read_schema = std::string(*value);
  if (const auto value = field(ScanField::Format)) {
    scan.format = FormatName(value->substr(0, value->find(' ')));
  } else if (const auto named = FormatInName(node_name)) {
    scan.format = FormatName(*named);
  }
  if (const auto filters = IcebergFilters(simple_string)) {
    if (!scan.pushed_filters) scan.pushed_filters = std::string(*filters);
    if (!scan.format) scan.format = "iceberg";
  }
  static constexpr std::string_view kJdbcPartitions = "[numPartitions=";
  if (const std::size_t at = simple_string.find(kJdbcPartitions); at != std::string_view::npos) {
    scan.partitions = WholeNumber(Bracketed(simple_string, at).substr(kJdbcPartitions.size() - 1)).value_or(kMissing);
  }
  return scan;
}

ShuffleReadText ParseShuffleRead(std::string_view simple_string) {
  return {simple_string.find("coalesced") != std::string_view::npos,
          simple_string.find("skewed") != std::string_view::npos};
}

}  // namespace advise::model
