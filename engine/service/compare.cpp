// Matching what two runs have in common, and ranking what differs.
#include "service/compare.h"

#include <algorithm>
#include <map>
#include <set>

#include "support/clean_text.h"
#include "support/format.h"

namespace advise::service {
namespace {

using model::JobModel;

// Keys whose values are names of the run, its hosts and ports: they differ always.
constexpr std::array<std::string_view, 10> kOfOneRun = {
    "spark.app.id",      "spark.app.startTime", "spark.app.submitTime", "spark.driver.host", "spark.driver.port",
    "spark.app.initial", "spark.executor.id",   "spark.app.attempt.id", "spark.yarn.app.id", "spark.ui.port"};

bool IsOfOneRun(std::string_view key) {
  return std::ranges::any_of(kOfOneRun, [&](std::string_view name) { return key.starts_with(name); });
}

template <class T>
void Cut(std::vector<T>& list, std::size_t most, std::size_t& more) {
  more = list.size() > most ? list.size() - most : 0;
  if (more > 0) list.resize(most);
}

// How far two values lie apart; one that only one run has counts whole.
std::uint64_t Apart(const Both<std::int64_t>& values) {
  const auto a = static_cast<std::uint64_t>(std::max<std::int64_t>(values[0].value_or(0), 0));
  const auto b = static_cast<std::uint64_t>(std::max<std::int64_t>(values[1].value_or(0), 0));
  return a > b ? a - b : b - a;
}

template <class T>
void ByDifference(std::vector<T>& list) {
  std::ranges::stable_sort(list, std::greater(), [](const T& item) { return Apart(item.duration_ms); });
}

void CompareSettings(const JobModel& a, const JobModel& b, Comparison& result) {
  std::set<std::string_view> keys;
  for (const auto& [key, value] : a.spark_properties) keys.insert(key);
  for (const auto& [key, value] : b.spark_properties) keys.insert(key);
  for (const std::string_view key : keys) {
    if (IsOfOneRun(key)) continue;
    ComparedSetting setting;
    setting.key = CleanText(key, 200);
    const std::array<const JobModel*, 2> models = {&a, &b};
    for (std::size_t i = 0; i < 2; ++i) {
      const auto found = models[i]->spark_properties.find(key);
      if (found != models[i]->spark_properties.end()) setting.value[i] = found->second;
    }
    if (setting.value[0] == setting.value[1]) continue;
    for (std::optional<std::string>& value : setting.value) {
      if (value) value = CleanText(*value, 200);
    }
    result.settings.push_back(std::move(setting));
  }
}

void CompareAccounts(const report::Report& a, const report::Report& b, Comparison& result) {
  const std::array<const report::Report*, 2> reports = {&a, &b};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!reports[i]->ledger) continue;
    for (const report::LedgerAccount& account : reports[i]->ledger->accounts) {
      auto found = std::ranges::find(result.accounts, account.account, &ComparedAccount::account);
      if (found == result.accounts.end()) found = result.accounts.insert(found, {account.account, {}});
      found->ms[i] = account.ms;
    }
  }
  std::ranges::stable_sort(result.accounts, std::greater(), [](const ComparedAccount& account) {
    return Apart({account.ms[0], account.ms[1]});
  });
}

void CompareRules(const report::Report& a, const report::Report& b, Comparison& result) {
  const std::array<const report::Report*, 2> reports = {&a, &b};
  for (std::size_t i = 0; i < 2; ++i) {
    std::map<std::string, std::int64_t> claimed;  // by finding
    if (reports[i]->ledger) {
      for (const report::LedgerAccount& account : reports[i]->ledger->accounts) {
        for (const report::LedgerAccount::Claim& claim : account.claims) claimed[claim.finding] += claim.ms;
      }
    }
    for (const report::ShownFinding& shown : reports[i]->findings) {
      if (shown.number == 0) continue;
      const diagnose::Finding& finding = shown.finding;
      auto found = std::ranges::find(result.rules, finding.rule, &ComparedRule::rule);
      if (found == result.rules.end()) found = result.rules.insert(found, {finding.rule, {}, finding.title, {}});
      found->ids[i].push_back(finding.id);
      found->claimed_ms[i] += claimed[finding.id];
    }
  }
  std::ranges::stable_sort(result.rules, std::greater(), [](const ComparedRule& rule) {
    return std::pair(rule.ids[0].empty() != rule.ids[1].empty(), Apart({rule.claimed_ms[0], rule.claimed_ms[1]}));
  });
}

template <class Column>
std::optional<std::int64_t> ValueOf(const Column& column, std::size_t row) {
  return column.Has(row) ? std::optional(column.Get(row)) : std::nullopt;
}
std::string TextOf(const JobModel& model, const model::StrColumn& column, std::size_t row) {
  return column.Has(row) ? CleanText(model.strings.Get(column.Get(row)), 200) : "";
}

// Rows of both runs under one name, in their order.
using Named = std::map<std::pair<std::string, std::size_t>, std::array<std::optional<std::size_t>, 2>>;
class Matcher {
 public:
  void Add(std::size_t run, std::string name, std::size_t row) {
    const std::size_t turn = turns_[run][name]++;
    named_[{std::move(name), turn}][run] = row;
  }
  [[nodiscard]] const Named& named() const { return named_; }

 private:
  std::array<std::map<std::string, std::size_t>, 2> turns_;
  Named named_;
};

void CompareQueries(const std::array<const JobModel*, 2>& models, Comparison& result) {
  Matcher matcher;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t row = 0; row < models[i]->sql_executions.size(); ++row)
      matcher.Add(i, TextOf(*models[i], models[i]->sql_executions.description, row), row);
  }
  for (const auto& [name, rows] : matcher.named()) {
    ComparedQuery query;
    query.description = name.first;
    for (std::size_t i = 0; i < 2; ++i) {
      if (!rows[i]) continue;
      query.id[i] = ValueOf(models[i]->sql_executions.id, *rows[i]);
      query.duration_ms[i] = ValueOf(models[i]->sql_executions.duration, *rows[i]);
    }
    result.queries.push_back(std::move(query));
  }
  ByDifference(result.queries);
}

void CompareStages(const std::array<const JobModel*, 2>& models, Comparison& result) {
  Matcher matcher;
  for (std::size_t i = 0; i < 2; ++i) {
    const model::StageTable& stages = models[i]->stages;
    for (std::size_t row = 0; row < stages.size(); ++row) {
      if (!stages.submitted_flag.Get(row)) continue;
      std::string name = TextOf(*models[i], stages.name, row);
      if (const std::int64_t attempt = ValueOf(stages.attempt, row).value_or(0); attempt > 0)
        name += ", attempt " + std::to_string(attempt);
      matcher.Add(i, std::move(name), row);
    }
  }
  for (const auto& [name, rows] : matcher.named()) {
    ComparedStage stage;
    stage.name = name.first;
    for (std::size_t i = 0; i < 2; ++i) {
      if (!rows[i]) continue;
      const model::StageTable& stages = models[i]->stages;
      const std::size_t row = *rows[i];
      stage.key[i] = TextOf(*models[i], stages.key, row);
      stage.duration_ms[i] = ValueOf(stages.duration, row);
      stage.tasks[i] = ValueOf(stages.task_count, row);
      stage.input_bytes[i] = ValueOf(stages.input_bytes, row);
      stage.shuffle_read_bytes[i] = ValueOf(stages.shuffle_read_bytes, row);
      stage.shuffle_write_bytes[i] = ValueOf(stages.shuffle_write_bytes, row);
      stage.spill_bytes[i] = ValueOf(stages.spill_bytes, row);
    }
    result.stages.push_back(std::move(stage));
  }
  ByDifference(result.stages);
}

void AddCaveats(const std::array<const report::Report*, 2>& reports, Comparison& result) {
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string which = i == 0 ? "The first log" : "The second log";
    if (reports[i]->state == report::RunState::Failed) result.caveats.push_back(which + " is of a run that failed.");
    if (reports[i]->state == report::RunState::Cut)
      result.caveats.push_back(which + " does not hold the end of its application: its times are lower bounds.");
  }
  if (reports[0]->app.name != reports[1]->app.name)
    result.caveats.emplace_back("The applications have different names: they may not do the same work.");
  if (result.spark[0] != result.spark[1]) result.caveats.emplace_back("The runs are of different versions of Spark.");
  std::array<double, 2> read{};
  for (const ComparedStage& stage : result.stages) {
    for (std::size_t i = 0; i < 2; ++i) read[i] += static_cast<double>(stage.input_bytes[i].value_or(0));
  }
  if (std::max(read[0], read[1]) > 1.2 * std::min(read[0], read[1])) {
    result.caveats.push_back(
        "The runs read different amounts of input: " + FormatBytes(static_cast<std::int64_t>(read[0])) + " and " +
        FormatBytes(static_cast<std::int64_t>(read[1])) + ".");
  }
}

}  // namespace

Comparison Compare(const Analysis& before, const Analysis& after, std::size_t most) {
  Comparison result;
  const std::array<const report::Report*, 2> reports = {&before.report, &after.report};
  const std::array<const JobModel*, 2> models = {&before.log->model, &after.log->model};
  for (std::size_t i = 0; i < 2; ++i) {
    result.logs[i] = reports[i]->log.path;
    result.apps[i] = &reports[i]->app;
    result.spark[i] = CleanText(reports[i]->log.spark_version.value_or(""), 60);
  }
  CompareSettings(*models[0], *models[1], result);
  CompareAccounts(*reports[0], *reports[1], result);
  CompareRules(*reports[0], *reports[1], result);
  CompareQueries(models, result);
  CompareStages(models, result);
  AddCaveats(reports, result);
  Cut(result.settings, 4 * most, result.more_settings);
  Cut(result.queries, most, result.more_queries);
  Cut(result.stages, most, result.more_stages);
  return result;
}

}  // namespace advise::service
