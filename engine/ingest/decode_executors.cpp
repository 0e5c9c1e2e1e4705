// Executors, block managers, exclusions, polled memory.
#include "ingest/json_decoder.h"

#include <utility>
#include <vector>

namespace advise::ingest {

// {"name":"gpu","addresses":["0","1"]}
bool Decoder::ResourceAddresses(od::value resource_value, std::string& addresses) {
  od::object object;
  if (!IsObject(resource_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  od::array array;
  if (!KeyIs(raw, "addresses") || !IsArray(value, array)) continue;
  for (auto element : array) {
    od::value item;
    if (std::move(element).get(item) != simdjson::SUCCESS) return false;
    if (!addresses.empty()) addresses += ',';
    addresses += Str(item);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::ExecutorAdded(od::object event) {
  model::ExecutorAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Executor ID")) {
    out.id = Str(value);
  } else if (KeyIs(raw, "Executor Info")) {
    od::object info;
    if (!IsObject(value, info)) continue;
    ADVISE_FOR_FIELDS_AS(info, key, part)
    if (KeyIs(key, "Host")) {
      out.host = Str(part);
    } else if (KeyIs(key, "Total Cores")) {
      out.cores = Int(part);
    } else if (KeyIs(key, "Log Urls")) {
      if (!Pairs(part, out.log_urls)) return false;
    } else if (KeyIs(key, "Attributes")) {
      if (!Pairs(part, out.attributes)) return false;
    } else if (KeyIs(key, "Resources")) {
      od::object resources;
      if (!IsObject(part, resources)) continue;
      for (auto resource_result : resources) {
        od::field resource;
        std::string_view name;
        if (std::move(resource_result).get(resource) != simdjson::SUCCESS) return false;
        if (resource.unescaped_key().get(name) != simdjson::SUCCESS) return false;
        const std::string_view kept = batch->arena.Copy(name);
        std::string addresses;
        if (!ResourceAddresses(resource.value(), addresses)) return false;
        out.resources.emplace_back(kept, batch->arena.Copy(addresses));
      }
    } else if (KeyIs(key, "Resource Profile Id")) {
      out.resource_profile = Int(part);
    } else if (KeyIs(key, "Registration Time")) {
      out.registration_time = Int(part);
    } else if (KeyIs(key, "Request Time")) {
      out.request_time = Int(part);
    }
    ADVISE_END_FIELDS
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ExecutorRemoved(od::object event) {
  model::ExecutorRemoved out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Executor ID")) {
    out.id = Str(value);
  } else if (KeyIs(raw, "Removed Reason")) {
    out.reason = OptionalStr(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::BlockManagerId(od::value object_value, std::string_view& executor, std::string_view& host,
                             std::int64_t& port) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Executor ID")) {
    executor = Str(value);
  } else if (KeyIs(raw, "Host")) {
    host = Str(value);
  } else if (KeyIs(raw, "Port")) {
    port = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::BlockManagerAdded(od::object event) {
  model::BlockManagerAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Block Manager ID")) {
    if (!BlockManagerId(value, out.executor, out.host, out.port)) return false;
  } else if (KeyIs(raw, "Maximum Memory")) {
    out.memory = Int(value);
  } else if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Maximum Onheap Memory")) {
    out.on_heap = Int(value);
  } else if (KeyIs(raw, "Maximum Offheap Memory")) {
    out.off_heap = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::Exclusion(od::object event, bool excluded) {
  model::Exclusion out;
  out.excluded = excluded;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "executorId")) {
    out.executor = OptionalStr(value);
  } else if (KeyIs(raw, "hostId")) {
    out.host = OptionalStr(value);
  } else if (KeyIs(raw, "stageId")) {
    out.stage_id = Int(value);
  } else if (KeyIs(raw, "stageAttemptId")) {
    out.stage_attempt = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::StageExecutorMetrics(od::object event) {
  model::StageExecutorMetrics out;
  bool any = false;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Executor ID")) {
    out.executor = Str(value);
  } else if (KeyIs(raw, "Stage ID")) {
    out.stage_id = Int(value);
  } else if (KeyIs(raw, "Stage Attempt ID")) {
    out.stage_attempt = Int(value);
  } else if (KeyIs(raw, "Executor Metrics")) {
    if (!ExecutorMetrics(value, out.metrics, any)) return false;
  }
  ADVISE_END_FIELDS
  return any ? Add(out) : true;
}

// Only the driver's is ever logged (spark.eventLog.logStageExecutorMetrics); task metrics of running tasks in it are
// not used: the TaskEnd repeats them.
bool Decoder::ExecutorMetricsUpdate(od::object event) {
  std::string_view executor;
  std::vector<model::StageExecutorMetrics> entries;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Executor ID")) {
    executor = Str(value);
  } else if (KeyIs(raw, "Executor Metrics Updated")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {
      od::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return false;
      model::StageExecutorMetrics entry;
      bool any = false;
      for (auto entry_result : object) {
        od::field field;
        if (std::move(entry_result).get(field) != simdjson::SUCCESS) return false;
        const char* const key = field.key().raw();
        if (KeyIs(key, "Stage ID")) {
          entry.stage_id = Int(field.value());
        } else if (KeyIs(key, "Stage Attempt ID")) {
          entry.stage_attempt = Int(field.value());
        } else if (KeyIs(key, "Executor Metrics")) {
          if (!ExecutorMetrics(field.value(), entry.metrics, any)) return false;
        }
      }
      if (any) entries.push_back(entry);
    }
  }
  ADVISE_END_FIELDS
  for (model::StageExecutorMetrics& entry : entries) {
    entry.executor = executor;
    Add(entry);
  }
  return true;
}

}  // namespace advise::ingest
