// Storage levels and block updates.
#include "ingest/json_decoder.h"

#include <algorithm>

namespace advise::ingest {

bool Decoder::StorageLevel(od::value level_value, bool& memory, bool& disk, bool& off_heap, bool& deserialized,
                           std::int64_t& replication) {
  od::object object;
  if (!IsObject(level_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Use Disk")) {
    disk = Bool(value);
  } else if (KeyIs(raw, "Use Memory")) {
    memory = Bool(value);
  } else if (KeyIs(raw, "Use Off Heap") || KeyIs(raw, "Use ExternalBlockStore") || KeyIs(raw, "Use Tachyon")) {
    off_heap = Bool(value);
  } else if (KeyIs(raw, "Deserialized")) {
    deserialized = Bool(value);
  } else if (KeyIs(raw, "Replication")) {
    replication = std::max<std::int64_t>(0, Int(value));
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::UnpersistRdd(od::object event) {
  model::UnpersistRdd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "RDD ID")) out.rdd = Int(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::BlockUpdated(od::object event) {
  model::BlockUpdated out;
  ADVISE_FOR_FIELDS(event)
  if (!KeyIs(raw, "Block Updated Info")) continue;
  od::object info;
  if (!IsObject(value, info)) continue;
  ADVISE_FOR_FIELDS_AS(info, key, part)
  if (KeyIs(key, "Block Manager ID")) {
    std::string_view host;
    std::int64_t port = kMissing;
    if (!BlockManagerId(part, out.executor, host, port)) return false;
  } else if (KeyIs(key, "Block ID")) {
    out.block = Str(part);
  } else if (KeyIs(key, "Storage Level")) {
    bool deserialized = false;
    std::int64_t replication = 0;
    if (!StorageLevel(part, out.use_memory, out.use_disk, out.use_off_heap, deserialized, replication)) return false;
  } else if (KeyIs(key, "Memory Size")) {
    out.memory = std::max<std::int64_t>(0, Int(part));
  } else if (KeyIs(key, "Disk Size")) {
    out.disk = std::max<std::int64_t>(0, Int(part));
  }
  ADVISE_END_FIELDS
  ADVISE_END_FIELDS
  constexpr std::string_view kRdd = "rdd_";
  if (out.block.substr(0, kRdd.size()) == kRdd) {
    const std::string_view rest = out.block.substr(kRdd.size());
    out.rdd = ParseInt(rest.substr(0, rest.find('_')));
  }
  out.broadcast = out.block.substr(0, 10) == "broadcast_";
  return Add(out);
}

}  // namespace advise::ingest
