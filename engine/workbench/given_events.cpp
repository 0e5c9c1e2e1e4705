// Givens → events. What a test does not say stays out of the events: the builder knows that they are an excerpt.
#include "workbench/given_events.h"

#include <algorithm>
#include <optional>
#include <set>

namespace advise::workbench {
namespace {

using metrics::Entity;
using model::kMissing;
using model::kMissingEnum;
using rules::BoundTest;
using Name = GivenNames::Name;

constexpr std::string_view kUsualSpark = "3.5.0";

// Unique names. A retry has the id of the attempt before it and the next number.
class Naming {
 public:
  Naming(const BoundTest& test, const GivenRows& given) : test_(test), given_(given), names_(given.rows.size()) {
    for (const rules::GivenLink& link : test.links) {
      if (link.kind == metrics::EdgeKind::Retries) earlier_.emplace(link.to, link.from);
    }
  }

  std::vector<Name> All() && {
    for (std::uint32_t row = 0; row < names_.size(); ++row) NameRow(row);
    return std::move(names_);
  }

 private:
  void NameRow(std::uint32_t row) {
    const GivenRow& given = given_.rows[row];
    const Entity entity = given.type.entity;
    const bool numbered = entity == Entity::Job || entity == Entity::Stage || entity == Entity::SqlExecution;
    if (!numbered && entity != Entity::Executor && entity != Entity::Host) return;
    if (!seen_.insert(row).second) return;
    Name name;
    const auto retry = entity == Entity::Stage ? earlier_.find(row) : earlier_.end();
    if (retry != earlier_.end()) {
      NameRow(retry->second);
      name = names_[retry->second];
      ++name.attempt;
    }
    const std::int64_t next = next_[entity]++;
    if (numbered && name.id == kMissing) name.id = given.Number("id") != kMissing ? given.Number("id") : next;
    if (entity == Entity::Stage && given.Number("attempt") != kMissing) name.attempt = given.Number("attempt");
    if (entity == Entity::Host) name.text = given.Text("name").value_or(test_.givens[row].name);
    if (entity == Entity::Executor) {
      name.text = given.Text("id").value_or(std::string_view());
      if (name.text.empty() || name.text == "<driver>") name.text = std::to_string(next + 1);
    }
    while (!taken_.insert({entity, name}).second) {
      if (!numbered) {
        name.text += "'";
      } else {
        ++(retry != earlier_.end() ? name.attempt : name.id);
      }
    }
    names_[row] = std::move(name);
  }

  const BoundTest& test_;
  const GivenRows& given_;
  std::vector<Name> names_;
  std::map<std::uint32_t, std::uint32_t> earlier_;  // given → the attempt before it
  std::map<Entity, std::int64_t> next_;
  std::set<std::pair<Entity, Name>> taken_;
  std::set<std::uint32_t> seen_;
};

// How an attempt ended. What says it: its end reason, its status, or a flag.
struct TaskFate {
  bool running = false;
  std::uint8_t reason = static_cast<std::uint8_t>(model::EndReason::Success);
};
TaskFate FateOf(const GivenRow& task) {
  const auto status = task.Text("status");
  const auto says = [&](std::string_view flag, std::string_view word) {
    return task.Flag(flag) == true || (status && *status == word);
  };
  if (says("running", "RUNNING")) return {true, kMissingEnum};
  if (const auto reason = task.Text("end_reason")) {
    const auto names = model::EnumNames<model::EndReason>();
    return {false, static_cast<std::uint8_t>(std::ranges::find(names, *reason) - names.begin())};
  }
  if (says("killed", "KILLED")) return {false, static_cast<std::uint8_t>(model::EndReason::TaskKilled)};
  if (says("failed", "FAILED") || task.Flag("succeeded") == false) return {false, kMissingEnum};
  return {};
}

class EventTeller {
 public:
  EventTeller(const BoundTest& test, const GivenRows& given, model::JobModelBuilder& builder)
      : test_(test), given_(given), builder_(builder) {
    names_.names = Naming(test, given).All();
  }

  GivenNames Tell() {
    CollectTasks();
    StartApplication();
    ForEach(Entity::Executor, &EventTeller::AddExecutor);
    if (given_.Has(Entity::PlanNode) && !given_.Has(Entity::SqlExecution)) builder_.On(model::SqlStart{.id = 0});
    ForEach(Entity::SqlExecution, &EventTeller::StartQuery);
    ForEach(Entity::Job, &EventTeller::StartJob);
    ForEach(Entity::Stage, &EventTeller::SubmitStage);
    TellTasks();
    ForEach(Entity::Stage, &EventTeller::CompleteStage);
    ForEach(Entity::Job, &EventTeller::EndJob);
    ForEach(Entity::SqlExecution, &EventTeller::EndQuery);
    ForEach(Entity::Executor, &EventTeller::RemoveExecutor);
    if (!given_.app.GivesMissing("end")) builder_.On(model::ApplicationEnd{given_.end, given_.app.Number("exit_code")});
    return std::move(names_);
  }

 private:
  void ForEach(Entity entity, void (EventTeller::*tell)(std::uint32_t) const) const {
    for (std::uint32_t row = 0; row < given_.rows.size(); ++row) {
      if (given_.rows[row].type.entity == entity) (this->*tell)(row);
    }
  }
  [[nodiscard]] bool IsStatus(std::uint32_t row, std::initializer_list<std::string_view> words) const {
    const auto status = given_.rows[row].Text("status");
    return status && std::ranges::find(words, *status) != words.end();
  }
  [[nodiscard]] const Name& NameOf(std::uint32_t row) const { return names_.names[row]; }
  [[nodiscard]] std::int64_t IdOfOther(const GivenRow& row, std::string_view relation) const {
    const auto other = row.Other(relation);
    return other ? NameOf(*other).id : kMissing;
  }

  // ---------------------------------------------------------------- the application, executors, queries
  void StartApplication() const {
    const GivenRow& app = given_.app;
    if (!app.Gives("spark") || app.Text("spark")) builder_.On(model::LogStart{app.Text("spark").value_or(kUsualSpark)});
    builder_.On(model::ApplicationStart{.name = app.Text("name"),
                                        .id = app.Text("id").value_or("app"),
                                        .attempt = app.Text("attempt"),
                                        .user = app.Text("user"),
                                        .time = app.GivesMissing("start") ? kMissing : given_.start});
    model::EnvironmentUpdate environment;
    if (const auto master = app.Text("master")) environment.spark.emplace_back("spark.master", *master);
    for (const auto& [key, value] : test_.settings) environment.spark.emplace_back(key, value);
    builder_.On(environment);
  }

  // Where it ran, by the host's name; empty: unknown.
  [[nodiscard]] std::string_view HostOf(const GivenRow& row) const {
    const auto host = row.Other("host");
    return host ? std::string_view(NameOf(*host).text) : std::string_view();
  }

  void AddExecutor(std::uint32_t at) const {
    const GivenRow& row = given_.rows[at];
    model::ExecutorAdded added;
    added.id = NameOf(at).text;
    added.host = HostOf(row);
    added.time = row.Gives("added") ? row.Number("added") : given_.start;
    added.cores = row.Number("cores");
    added.resource_profile = row.Number("resource_profile");
    builder_.On(added);
    if (row.Number("memory") != kMissing)
      builder_.On(model::BlockManagerAdded{.executor = NameOf(at).text, .memory = row.Number("memory")});
  }
  void RemoveExecutor(std::uint32_t at) const {
    const GivenRow& row = given_.rows[at];
    if (row.Number("removed") == kMissing && !row.Text("remove_reason")) return;
    builder_.On(model::ExecutorRemoved{row.Number("removed"), NameOf(at).text, row.Text("remove_reason")});
  }

  void StartQuery(std::uint32_t at) const {
    const GivenRow& row = given_.rows[at];
    model::SqlStart start;
    start.id = NameOf(at).id;
    start.root_id = row.Other("root") ? IdOfOther(row, "root") : row.Number("root_id");
    start.time = TimesOf(row, "start", "end", "duration").from;
    start.description = row.Text("description");
    start.details = row.Text("details");
    builder_.On(start);
  }
  void EndQuery(std::uint32_t at) const {
    const GivenRow& row = given_.rows[at];
    builder_.On(model::SqlEnd{NameOf(at).id, TimesOf(row, "start", "end", "duration").to, row.Text("error")});
  }

  // ---------------------------------------------------------------- jobs and stages
  void StartJob(std::uint32_t row) const {
    const GivenRow& job = given_.rows[row];
    model::JobStart start;
    start.id = NameOf(row).id;
    start.time = TimesOf(job, "start", "end", "duration").from;
    start.description = job.Text("description");
    start.group = job.Text("group");
    start.pool = job.Text("pool");
    start.call_site = job.Text("call_site");
    start.sql_execution = IdOfOther(job, "sql_execution");
    start.has_stage_infos = true;
    for (std::uint32_t stage = 0; stage < given_.rows.size(); ++stage) {
      if (given_.rows[stage].type.entity != Entity::Stage) continue;
      if (given_.rows[stage].Other("job") != row && !job.Lists("stages", stage)) continue;
      const bool listed = std::ranges::find(start.stage_ids, NameOf(stage).id) != start.stage_ids.end();
      if (listed) continue;  // a later attempt
      start.stage_ids.push_back(NameOf(stage).id);
      start.stages.push_back(Info(stage, false));
    }
    builder_.On(start);
  }
  void EndJob(std::uint32_t at) const {
    const GivenRow& row = given_.rows[at];
    const std::string_view status = row.Text("status").value_or("SUCCEEDED");
    if (status == "RUNNING") return;
    model::JobEnd end;
    end.id = NameOf(at).id;
    end.time = TimesOf(row, "start", "end", "duration").to;
    end.succeeded = status == "SUCCEEDED";
    end.has_result = status != "UNKNOWN";
    end.failure = row.Text("failure").value_or(std::string_view());
    builder_.On(end);
  }

  void SubmitStage(std::uint32_t row) const {
    if (!IsStatus(row, {"PENDING", "SKIPPED"})) builder_.On(model::StageSubmitted{.info = Info(row, false)});
  }
  void CompleteStage(std::uint32_t row) const {
    if (!IsStatus(row, {"PENDING", "SKIPPED", "ACTIVE"})) builder_.On(model::StageCompleted{.info = Info(row, true)});
  }

  [[nodiscard]] model::StageInfo Info(std::uint32_t row, bool completed) const {
    const GivenRow& stage = given_.rows[row];
    const GivenTimes times = TimesOf(stage, "submitted", "completed", "duration");
    model::StageInfo info;
    info.id = NameOf(row).id;
    info.attempt = NameOf(row).attempt;
    info.name = stage.Text("name").value_or(std::string_view());
    info.task_count = stage.Gives("task_count") ? stage.Number("task_count") : TasksAnnounced(row);
    info.submitted = times.from;
    if (completed) info.completed = times.to;
    info.resource_profile = stage.Number("resource_profile");
    if (const auto failure = stage.Text("failure_reason"); failure || IsStatus(row, {"FAILED"}))
      info.failure = failure.value_or(std::string_view());
    for (const rules::GivenLink& link : test_.links) {
      if (link.kind == metrics::EdgeKind::Shuffle && link.to == row) info.parent_ids.push_back(NameOf(link.from).id);
    }
    return info;
  }

  // As many tasks as their indices say; of a stage without tasks it is unknown.
  [[nodiscard]] std::int64_t TasksAnnounced(std::uint32_t stage) const {
    const auto indices = indices_.find(stage);
    return indices == indices_.end() ? kMissing : static_cast<std::int64_t>(indices->second.size());
  }

  // ---------------------------------------------------------------- tasks
  void CollectTasks() {
    std::map<std::uint32_t, std::int64_t> next;
    for (const GivenRow& task : given_.tasks) {
      const auto stage = task.Other("stage");
      index_of_.push_back(stage ? next[*stage]++ : 0);
      if (task.Number("index") != kMissing) index_of_.back() = task.Number("index");
      if (stage) indices_[*stage].insert(index_of_.back());
    }
  }

  [[nodiscard]] model::TaskInfo InfoOfTask(std::size_t place) const {
    const GivenRow& task = given_.tasks[place];
    const auto stage = task.Other("stage");
    const auto executor = task.Other("executor");
    const GivenTimes times = TimesOf(task, "launch", "finish", "duration");
    model::TaskInfo info;
    info.stage_id = stage ? NameOf(*stage).id : kNoStage;
    info.stage_attempt = stage ? NameOf(*stage).attempt : 0;
    info.id = static_cast<std::int64_t>(place);
    info.index = index_of_[place];
    info.attempt = task.Gives("attempt") ? task.Number("attempt") : 0;
    info.launch = times.from;
    if (executor) info.executor = NameOf(*executor).text;
    info.host = HostOf(task);
    if (info.host.empty() && executor) info.host = HostOf(given_.rows[*executor]);
    if (const auto locality = task.Text("locality")) {
      const auto names = model::EnumNames<model::Locality>();
      info.locality = static_cast<std::uint8_t>(std::ranges::find(names, *locality) - names.begin());
    }
    info.speculative = task.Flag("speculative").value_or(false);
    return info;
  }

  void TellTasks() {
    std::vector<bool> running;
    for (std::size_t place = 0; place < given_.tasks.size(); ++place) {
      running.push_back(FateOf(given_.tasks[place]).running);
      if (running.back() || given_.tasks[place].Flag("started") != false)
        builder_.On(model::TaskStart{InfoOfTask(place)});
    }
    // Rows come with the ends; attempts that run come last.
    const auto ended = static_cast<std::uint32_t>(std::ranges::count(running, false));
    std::uint32_t next_ended = 0;
    std::uint32_t next_running = ended;
    for (std::size_t place = 0; place < running.size(); ++place) {
      names_.task_rows.push_back(running[place] ? next_running++ : next_ended++);
      if (!running[place]) EndTask(place);
    }
  }

  void EndTask(std::size_t place) const {
    const GivenRow& task = given_.tasks[place];
    model::TaskEnd end;
    end.info = InfoOfTask(place);
    end.info.finish = TimesOf(task, "launch", "finish", "duration").to;
    end.info.duration = task.Number("duration");
    end.reason = FateOf(task).reason;
    end.failure = task.Text("failure").value_or(std::string_view());
#define ADVISE_METRIC(name) end.metrics[static_cast<std::size_t>(model::TaskMetric::name)] = task.Number(#name);
    ADVISE_TASK_METRICS(ADVISE_METRIC)
#undef ADVISE_METRIC
    end.has_metrics = std::ranges::any_of(end.metrics, [](std::int64_t metric) { return metric != kMissing; });
    builder_.On(end, {}, {});
  }

  // The stage of attempts that name none: no given has it, and the overlay takes it away again.
  static constexpr std::int64_t kNoStage = -1;

  const BoundTest& test_;
  const GivenRows& given_;
  model::JobModelBuilder& builder_;
  GivenNames names_;
  std::vector<std::int64_t> index_of_;                       // one an attempt
  std::map<std::uint32_t, std::set<std::int64_t>> indices_;  // of the attempts of a stage
};

}  // namespace

GivenNames TellEvents(const BoundTest& test, const GivenRows& given, model::JobModelBuilder& builder) {
  return EventTeller(test, given, builder).Tell();
}

}  // namespace advise::workbench
