// A comparison as JSON.
#include "service/compare.h"
#include "support/json_stream.h"

namespace advise::service {
namespace {

template <class T>
void Pair(JsonStream& json, std::string_view key, const Both<T>& values) {
  json.BeginObject(key);
  if constexpr (std::is_same_v<T, std::string>) {
    json.String("a", values[0]);
    json.String("b", values[1]);
  } else {
    json.Integer("a", values[0]);
    json.Integer("b", values[1]);
  }
  json.EndObject();
}

void Ids(JsonStream& json, const ComparedRule& rule) {
  json.BeginObject("findings");
  json.Strings("a", rule.ids[0]);
  json.Strings("b", rule.ids[1]);
  json.EndObject();
}

}  // namespace

void WriteCompareJson(const Comparison& comparison, std::ostream& out) {
  JsonStream json(out);
  const auto list = [&](std::string_view key, const auto& items, const auto& write) {
    json.BeginArray(key, JsonLayout::LinePerMember);
    for (const auto& item : items) {
      json.BeginObject();
      write(item);
      json.EndObject();
    }
    json.EndArray();
  };
  const auto app = [&](const auto member) {
    return Both<std::int64_t>{std::optional<std::int64_t>(comparison.apps[0]->*member),
                              std::optional<std::int64_t>(comparison.apps[1]->*member)};
  };
  json.BeginObject(JsonLayout::LinePerMember);
  WriteAdviseMember(json);
  Pair(json, "logs", Both<std::string>{comparison.logs[0], comparison.logs[1]});
  Pair(json, "app_names", Both<std::string>{comparison.apps[0]->name, comparison.apps[1]->name});
  Pair(json, "spark_version", Both<std::string>{comparison.spark[0], comparison.spark[1]});
  Pair(json, "duration_ms", Both<std::int64_t>{comparison.apps[0]->duration_ms, comparison.apps[1]->duration_ms});
  Pair(json, "slots", Both<std::int64_t>{comparison.apps[0]->slots, comparison.apps[1]->slots});
  Pair(json, "executors", app(&report::AppInfo::executors));
  Pair(json, "jobs", app(&report::AppInfo::jobs));
  Pair(json, "stage_attempts", app(&report::AppInfo::stage_attempts));
  Pair(json, "task_attempts", app(&report::AppInfo::task_attempts));
  Pair(json, "failed_tasks", app(&report::AppInfo::failed_tasks));
  json.Strings("caveats", comparison.caveats);
  list("accounts", comparison.accounts, [&](const ComparedAccount& account) {
    json.String("account", account.account);
    Pair(json, "ms", Both<std::int64_t>{account.ms[0], account.ms[1]});
  });
  list("findings", comparison.rules, [&](const ComparedRule& rule) {
    json.String("rule", rule.rule);
    json.String("title", rule.title);
    json.String("in", rule.ids[0].empty() ? "b" : rule.ids[1].empty() ? "a" : "both");
    Pair(json, "claimed_ms", Both<std::int64_t>{rule.claimed_ms[0], rule.claimed_ms[1]});
    Ids(json, rule);
  });
  list("settings", comparison.settings, [&](const ComparedSetting& setting) {
    json.String("key", setting.key);
    Pair(json, "value", setting.value);
  });
  json.Count("more_settings", comparison.more_settings);
  list("queries", comparison.queries, [&](const ComparedQuery& query) {
    json.String("description", query.description);
    Pair(json, "id", query.id);
    Pair(json, "duration_ms", query.duration_ms);
  });
  json.Count("more_queries", comparison.more_queries);
  list("stages", comparison.stages, [&](const ComparedStage& stage) {
    json.String("name", stage.name);
    Pair(json, "key", stage.key);
    Pair(json, "duration_ms", stage.duration_ms);
    Pair(json, "tasks", stage.tasks);
    Pair(json, "input_bytes", stage.input_bytes);
    Pair(json, "shuffle_read_bytes", stage.shuffle_read_bytes);
    Pair(json, "shuffle_write_bytes", stage.shuffle_write_bytes);
    Pair(json, "spill_bytes", stage.spill_bytes);
  });
  json.Count("more_stages", comparison.more_stages);
  json.EndObject();
}

}  // namespace advise::service
