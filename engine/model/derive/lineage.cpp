// source_fingerprint: the files that a stage reads. sc.textFile and its like name their RDD by the path; source_rdd is
// for those that have no such name.
//
// lineage_fingerprint: what a stage computes, without ids. The hash of an RDD covers its name, the name of its scope,
// its call site, its number of partitions and the hashes of its parents in order, across shuffles too: two stages are
// equal only if everything that leads to them is. Each RDD is hashed once, so the cost is that of reading the RDD
// table.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "model/derive/derive.h"
#include "support/fnv_hash.h"

namespace advise::model {
namespace {

// By position in model.rdds, which is sorted by id. A parent is made before its child, so its id is smaller and its
// hash known; a parent that is not (a checkpoint) or not in the log counts as "some RDD".
std::vector<std::uint64_t> HashRdds(const JobModel& model) {
  constexpr std::uint64_t kSomeRdd = 1;
  std::vector<std::uint64_t> hashes;
  hashes.reserve(model.rdds.size());
  for (const RawRdd& rdd : model.rdds) {
    FnvHash hash;
    hash.Add(model.strings.Get(rdd.name));
    hash.Add(model.strings.Get(rdd.scope_name));
    hash.Add(model.strings.Get(rdd.call_site));
    hash.Add(static_cast<std::uint64_t>(rdd.partitions));
    for (const std::int64_t parent : rdd.parents) {
      const RawRdd* const found = parent < rdd.id ? model.FindRdd(parent) : nullptr;
      hash.Add(found != nullptr ? hashes[static_cast<std::size_t>(found - model.rdds.data())] : kSomeRdd);
    }
    hashes.push_back(hash.value());
  }
  return hashes;
}

// The RDDs without parents; nullopt unless all of them are named by a path and nothing else leads into the stage.
std::optional<std::uint64_t> HashSources(const JobModel& model, std::size_t stage) {
  if (!model.stages.parents.Get(stage).empty() || !model.stages.parent_ids.Get(stage).empty()) return std::nullopt;
  FnvHash hash;
  bool any = false;
  for (const std::int64_t id : model.stages.rdd_ids.Get(stage)) {
    const RawRdd* const rdd = model.FindRdd(id);
    if (rdd == nullptr || !rdd->parents.empty()) continue;
    const std::string_view name = model.strings.Get(rdd->name);
    if (name.find('/') == std::string_view::npos) return std::nullopt;
    hash.Add(name);
    hash.Add(static_cast<std::uint64_t>(rdd->partitions));
    any = true;
  }
  return any ? std::optional(hash.value()) : std::nullopt;
}

// Spark names an RDD by its class until the program names it: "ParallelCollectionRDD".
bool IsClassOfRdd(std::string_view name) {
  constexpr std::string_view kEnd = "RDD";
  return name.size() > kEnd.size() && name.ends_with(kEnd) &&
         std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

// The class that all RDDs without parents have; nullopt: there is none, or they have several.
std::optional<std::string_view> SourceClass(const JobModel& model, std::size_t stage) {
  std::optional<std::string_view> common;
  for (const std::int64_t id : model.stages.rdd_ids.Get(stage)) {
    const RawRdd* const rdd = model.FindRdd(id);
    if (rdd == nullptr || !rdd->parents.empty()) continue;
    const std::string_view name = model.strings.Get(rdd->name);
    if (!IsClassOfRdd(name) || (common && *common != name)) return std::nullopt;
    common = name;
  }
  return common;
}

}  // namespace

void DeriveLineage(JobModel& model) {
  constexpr int kParentIdsSince = 14;  // without parents every stage would equal every other of its name
  if (model.version.known && model.version.since_code() < kParentIdsSince) return;
  const std::vector<std::uint64_t> hashes = HashRdds(model);
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    const std::span<const std::int64_t> rdds = model.stages.rdd_ids.Get(stage);
    const RawRdd* const last = rdds.empty() ? nullptr : model.FindRdd(rdds.front());
    if (last == nullptr) continue;
    const std::uint64_t hash = hashes[static_cast<std::size_t>(last - model.rdds.data())];
    model.stages.lineage_fingerprint.Set(stage, model.strings.Intern(HexText(hash)));
    if (const auto kind = SourceClass(model, stage)) model.stages.source_rdd.Set(stage, model.strings.Intern(*kind));
    if (const auto sources = HashSources(model, stage))
      model.stages.source_fingerprint.Set(stage, model.strings.Intern(HexText(*sources)));
  }
}

}  // namespace advise::model
