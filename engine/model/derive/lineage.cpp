// lineage_fingerprint: what a stage computes, without ids. The hash of an RDD covers its name, the name of its scope,
// its call site, its number of partitions and the hashes of its parents in order, across shuffles too: two stages are
// equal only if everything that leads to them is. Each RDD is hashed once, so the cost is that of reading the RDD
// table.
#include <string>

#include "model/derive/derive.h"

namespace advise::model {
namespace {

// FNV-1a, 64 bit: stable over runs, compilers and machines. (http://www.isthe.com/chongo/tech/comp/fnv/)
class Hash {
 public:
  void Add(std::string_view text) {
    for (const char c : text) AddByte(static_cast<unsigned char>(c));
    AddByte(0);  // "ab" + "c" is not "a" + "bc"
  }
  void Add(std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) AddByte(static_cast<unsigned char>((number >> shift) & 0xffU));
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void AddByte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

std::string Hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = kDigits[(value >> (4 * i)) & 0xfU];
  return text;
}

// By position in model.rdds, which is sorted by id. A parent is made before its child, so its id is smaller and its
// hash known; a parent that is not (a checkpoint) or not in the log counts as "some RDD".
std::vector<std::uint64_t> HashRdds(const JobModel& model) {
  constexpr std::uint64_t kSomeRdd = 1;
  std::vector<std::uint64_t> hashes;
  hashes.reserve(model.rdds.size());
  for (const RawRdd& rdd : model.rdds) {
    Hash hash;
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
    model.stages.lineage_fingerprint.Set(stage, model.strings.Intern(Hex(hash)));
  }
}

}  // namespace advise::model
