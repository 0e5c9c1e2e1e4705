// SQL executions and their plans.
#include "ingest/json_decoder.h"

#include <utility>
#include <vector>

namespace advise::ingest {

bool Decoder::PlanMetrics(od::value array_value, std::vector<model::PlanMetric>& metrics) {
  od::array array;
  if (!IsArray(array_value, array)) return true;
  for (auto element : array) {
    od::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
    if (!Spend(kPlanMetricBytes)) return false;
    model::PlanMetric metric;
    ADVISE_FOR_FIELDS(object)
    if (KeyIs(raw, "name")) {
      metric.name = ShortStr(value);
    } else if (KeyIs(raw, "accumulatorId")) {
      metric.accumulator = Int(value);
    } else if (KeyIs(raw, "metricType")) {
      metric.type = ShortStr(value);
    }
    ADVISE_END_FIELDS
    metrics.push_back(metric);
  }
  return true;
}

// Adds the node and everything below it in pre-order. Recursion is bounded by Limits::json_nesting.
bool Decoder::Plan(od::value object_value, std::int32_t parent, std::size_t depth,
                   std::vector<model::PlanNodeInfo>& nodes) {
  if (depth * 2 > limits_.json_nesting) {  // a level of the plan is two of the JSON: the array and the object
    too_deep = true;
    return false;
  }
  od::object object;
  if (!IsObject(object_value, object)) return true;
  if (!Spend(kPlanNodeBytes)) return false;
  const std::size_t self = nodes.size();
  nodes.emplace_back();
  nodes[self].parent = parent;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "nodeName")) {
    nodes[self].name = Str(value);
  } else if (KeyIs(raw, "simpleString")) {
    nodes[self].simple_string = Str(value);
  } else if (KeyIs(raw, "children")) {
    od::array children;
    if (!IsArray(value, children)) continue;
    for (auto element : children) {
      od::value child;
      if (std::move(element).get(child) != simdjson::SUCCESS) return false;
      if (!Plan(child, static_cast<std::int32_t>(self), depth + 1, nodes)) return false;
    }
  } else if (KeyIs(raw, "metadata")) {
    if (!Pairs(value, nodes[self].metadata)) return false;
  } else if (KeyIs(raw, "metrics")) {
    if (!PlanMetrics(value, nodes[self].metrics)) return false;
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::SqlStart(od::object event) {
  model::SqlStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "rootExecutionId")) {
    out.root_id = Int(value);
  } else if (KeyIs(raw, "description")) {
    out.description = OptionalStr(value);
  } else if (KeyIs(raw, "details")) {
    out.details = OptionalStr(value);
  } else if (KeyIs(raw, "physicalPlanDescription") && detail_ == Detail::Rest) {
    out.plan_description = OptionalStr(value);
  } else if (KeyIs(raw, "sparkPlanInfo")) {
    if (!Plan(value, -1, 1, out.plan)) return false;
  } else if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "modifiedConfigs")) {
    if (!Pairs(value, out.modified_conf)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::SqlEnd(od::object event) {
  model::SqlEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "errorMessage")) {
    out.error = OptionalStr(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::SqlPlanUpdate(od::object event) {
  model::SqlPlanUpdate out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "physicalPlanDescription") && detail_ == Detail::Rest) {
    out.plan_description = OptionalStr(value);
  } else if (KeyIs(raw, "sparkPlanInfo")) {
    if (!Plan(value, -1, 1, out.plan)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::SqlMetricUpdates(od::object event) {
  model::SqlMetricUpdates out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "sqlPlanMetrics")) {
    if (!PlanMetrics(value, out.metrics)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::DriverAccumUpdates(od::object event) {
  model::DriverAccumUpdates out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "accumUpdates")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {  // [id, value] pairs
      std::vector<std::int64_t> pair;
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS || !Ints(item, pair)) return false;
      if (!Spend(kIntBytes)) return false;
      if (pair.size() == 2) out.updates.push_back({pair[0], pair[1]});
    }
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

}  // namespace advise::ingest
