// Jobs, stages and their RDDs.
#include "ingest/json_decoder.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace advise::ingest {

// Scope is JSON text inside a string: {"id":"12","name":"WholeStageCodegen (3)","parent":{…}}.
void Decoder::Scope(std::string_view json, model::RddInfo& info) {
  scope_buffer_.assign(json);
  scope_buffer_.append(kLinePadding, '\0');
  od::document document;
  od::object object;
  if (scope_parser_.iterate(scope_buffer_.data(), json.size(), scope_buffer_.size()).get(document) != simdjson::SUCCESS)
    return;
  if (document.get_object().get(object) != simdjson::SUCCESS) return;
  for (auto field_result : object) {
    od::field field;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return;
    const char* const raw = field.key().raw();
    if (KeyIs(raw, "id")) {
      info.scope_id = ShortStr(field.value());
    } else if (KeyIs(raw, "name")) {
      info.scope_name = ShortStr(field.value());
    }
  }
}

bool Decoder::RddInfo(od::value object_value, model::RddInfo& info) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "RDD ID")) {
    info.id = Int(value);
  } else if (KeyIs(raw, "Name")) {
    info.name = Str(value);
  } else if (KeyIs(raw, "Scope")) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) Scope(text, info);
  } else if (KeyIs(raw, "Callsite")) {
    info.call_site = ShortStr(value);
  } else if (KeyIs(raw, "Parent IDs")) {
    if (!Ints(value, info.parents)) return false;
  } else if (KeyIs(raw, "Storage Level")) {
    if (!StorageLevel(value, info.use_memory, info.use_disk, info.use_off_heap, info.deserialized, info.replication))
      return false;
  } else if (KeyIs(raw, "Barrier")) {
    info.barrier = Bool(value);
  } else if (KeyIs(raw, "Number of Partitions")) {
    info.partitions = Int(value);
  } else if (KeyIs(raw, "Number of Cached Partitions")) {
    info.cached_partitions = Int(value);
  } else if (KeyIs(raw, "Memory Size")) {
    info.memory = Int(value);
  } else if (KeyIs(raw, "Disk Size")) {
    info.disk = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::StageAccumulables(od::value array_value, model::StageInfo& info) {
  od::array array;
  if (!IsArray(array_value, array)) return true;
  for (auto element : array) {
    od::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
    if (detail_ == Detail::Rest) {
      if (!NamedAccumulator(object, info.accumulators)) return false;
      if (object.reset().error() != simdjson::SUCCESS) return false;
    }
    if (!StageTotal(object, info.totals)) return false;
  }
  return true;
}

// An entry that is none of them says nothing.
bool Decoder::StageTotal(od::object object, model::StageTotalValues& totals) {
  od::value value;
  simdjson::error_code error = object.find_field_unordered("Name").get(value);
  if (error == simdjson::NO_SUCH_FIELD) return true;
  if (error != simdjson::SUCCESS) return false;
  std::string_view name;
  constexpr std::string_view kInternal = "internal.metrics.";
  if (value.get_string().get(name) != simdjson::SUCCESS || !name.starts_with(kInternal)) return true;
  const auto found = std::ranges::find(model::kStageTotalNames, name.substr(kInternal.size()));
  if (found == std::end(model::kStageTotalNames)) return true;
  error = object.find_field_unordered("Value").get(value);
  if (error == simdjson::NO_SUCH_FIELD) return true;
  if (error != simdjson::SUCCESS) return false;
  const auto which = static_cast<model::StageTotal>(found - std::begin(model::kStageTotalNames));
  const std::int64_t total = Int(value);
  const bool again = std::ranges::find(totals, which, &model::StageTotalValues::value_type::first) != totals.end();
  if (total != kMissing && !again) totals.emplace_back(which, total);
  return true;
}

bool Decoder::StageInfo(od::value object_value, model::StageInfo& info) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Stage ID")) {
    info.id = Int(value);
  } else if (KeyIs(raw, "Stage Attempt ID")) {
    info.attempt = std::max<std::int64_t>(0, Int(value));
  } else if (KeyIs(raw, "Stage Name")) {
    info.name = Str(value);
  } else if (KeyIs(raw, "Number of Tasks")) {
    info.task_count = Int(value);
  } else if (KeyIs(raw, "RDD Info")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS) return false;
      if (!Spend(kRddBytes)) return false;
      model::RddInfo rdd;
      if (!RddInfo(item, rdd)) return false;
      info.rdds.push_back(std::move(rdd));
    }
  } else if (KeyIs(raw, "Parent IDs")) {
    if (!Ints(value, info.parent_ids)) return false;
  } else if (KeyIs(raw, "Details")) {
    info.details = Str(value);
  } else if (KeyIs(raw, "Submission Time")) {
    info.submitted = Int(value);
  } else if (KeyIs(raw, "Completion Time")) {
    info.completed = Int(value);
  } else if (KeyIs(raw, "Failure Reason")) {
    info.failure = OptionalStr(value);
  } else if (KeyIs(raw, "Accumulables")) {
    if (!StageAccumulables(value, info)) return false;
  } else if (KeyIs(raw, "Resource Profile Id")) {
    info.resource_profile = Int(value);
  } else if (KeyIs(raw, "Shuffle Push Enabled")) {
    info.push_enabled = Bool(value);
  } else if (KeyIs(raw, "Shuffle Push Mergers Count")) {
    info.mergers = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::JobStart(od::object event) {
  model::JobStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Job ID")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Submission Time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Stage Infos")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    out.has_stage_infos = true;
    for (auto element : array) {
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS) return false;
      if (!Spend(kStageBytes)) return false;
      model::StageInfo stage;
      if (!StageInfo(item, stage)) return false;
      out.stages.push_back(std::move(stage));
    }
  } else if (KeyIs(raw, "Stage IDs")) {
    if (!Ints(value, out.stage_ids)) return false;
  } else if (KeyIs(raw, "Properties")) {
    od::object properties;
    if (!IsObject(value, properties)) continue;
    ADVISE_FOR_FIELDS_AS(properties, key, part)
    if (KeyIs(key, "spark.job.description")) {
      out.description = OptionalStr(part);
    } else if (KeyIs(key, "spark.jobGroup.id")) {
      out.group = OptionalStr(part);
    } else if (KeyIs(key, "spark.job.tags")) {
      out.tags = OptionalStr(part);
    } else if (KeyIs(key, "spark.scheduler.pool")) {
      out.pool = OptionalStr(part);
    } else if (KeyIs(key, "callSite.short")) {
      out.call_site = OptionalStr(part);
    } else if (KeyIs(key, "spark.sql.execution.id")) {
      out.sql_execution = Int(part);
    }
    ADVISE_END_FIELDS
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::JobEnd(od::object event) {
  model::JobEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Job ID")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Completion Time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Job Result")) {
    od::object result;
    if (!IsObject(value, result)) continue;
    ADVISE_FOR_FIELDS_AS(result, key, part)
    if (KeyIs(key, "Result")) {
      out.has_result = true;
      out.succeeded = Str(part) == "JobSucceeded";
    } else if (KeyIs(key, "Exception")) {
      od::object exception;
      if (!IsObject(part, exception)) continue;
      ADVISE_FOR_FIELDS_AS(exception, detail, said)
      if (KeyIs(detail, "Message")) out.failure = Str(said);
      ADVISE_END_FIELDS
    }
    ADVISE_END_FIELDS
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::StageSubmitted(od::object event) {
  model::StageSubmitted out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Stage Info")) {
    if (!StageInfo(value, out.info)) return false;
  } else if (KeyIs(raw, "Properties")) {
    od::object properties;
    if (!IsObject(value, properties)) continue;
    ADVISE_FOR_FIELDS_AS(properties, key, part)
    if (KeyIs(key, "spark.job.description")) {
      out.description = OptionalStr(part);
    } else if (KeyIs(key, "spark.scheduler.pool")) {
      out.pool = OptionalStr(part);
    }
    ADVISE_END_FIELDS
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::StageCompleted(od::object event) {
  model::StageCompleted out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Stage Info") && !StageInfo(value, out.info)) return false;
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

}  // namespace advise::ingest
