// Findings, near misses and recommendations of one log in the terms of labels.
#include "workbench/found.h"

#include <algorithm>

namespace advise::workbench {
namespace {

using model::Entity;
using model::JobModel;

// Keeps each value once, in the order of their appearance.
template <class T>
void AddOnce(std::vector<T>& list, T value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
}

class Places {
 public:
  Places(const JobModel& model, FoundFinding& found) : model_(model), found_(found) {}

  void Add(Entity entity, std::uint32_t row) {
    switch (entity) {
      case Entity::Stage: Stage(model::StageRow(row)); break;
      case Entity::Job: Job(model::JobRow(row)); break;
      case Entity::SqlExecution: Sql(model::SqlRow(row)); break;
      case Entity::PlanNode: Node(model::NodeRow(row)); break;
      case Entity::Task: Task(model::TaskRow(row)); break;
      case Entity::Executor: AddOnce(found_.executors, Text(model_.executors.id, row)); break;
      case Entity::Shuffle: Stage(model_.shuffles.to.Get(model::ShuffleRow(row).index)); break;
      case Entity::Gap: Sql(model_.gaps.sql_execution.Get(row)); break;
      default: break;
    }
  }

 private:
  template <class Column>
  std::string Text(const Column& column, std::uint32_t row) {
    return column.Has(row) ? std::string(model_.strings.Get(column.Get(row))) : std::string();
  }

  void Stage(model::StageRow stage) {
    if (!stage.valid()) return;
    if (model_.stages.id.Has(stage.index)) AddOnce(found_.stages, model_.stages.id.Get(stage.index));
    if (const model::JobRow job = model_.stages.job.Get(stage.index); job.valid() && model_.jobs.id.Has(job.index))
      AddOnce(found_.jobs, model_.jobs.id.Get(job.index));
    Sql(model_.stages.sql_execution.Get(stage.index));
  }

  void Job(model::JobRow job) {
    if (!job.valid()) return;
    if (model_.jobs.id.Has(job.index)) AddOnce(found_.jobs, model_.jobs.id.Get(job.index));
    for (const model::StageRow stage : model_.jobs.stages.Get(job.index)) Stage(stage);
    Sql(model_.jobs.sql_execution.Get(job.index));
  }

  void Task(model::TaskRow task) {
    if (!task.valid()) return;
    Stage(model_.tasks.stage.Get(task.index));
  }

  void Node(model::NodeRow node) {
    if (!node.valid()) return;
    AddOnce(found_.nodes, Text(model_.plan_nodes.name, node.index));
    for (const model::StageRow stage : model_.plan_nodes.stages.Get(node.index)) Stage(stage);
    for (const model::StageRow stage : model_.plan_nodes.read_stages.Get(node.index)) Stage(stage);
    Sql(model_.plan_nodes.sql_execution.Get(node.index));
  }

  void Sql(model::SqlRow sql) {
    if (!sql.valid()) return;
    if (model_.sql_executions.id.Has(sql.index)) AddOnce(found_.sql, model_.sql_executions.id.Get(sql.index));
    std::string description = Text(model_.sql_executions.description, sql.index);
    if (!description.empty()) AddOnce(found_.queries, std::move(description));
  }

  const JobModel& model_;
  FoundFinding& found_;
};

}  // namespace

std::vector<FoundFinding> DescribeFindings(const JobModel& model, const std::vector<diagnose::Finding>& findings) {
  std::vector<FoundFinding> described;
  std::size_t rank = 0;
  for (const diagnose::Finding& finding : findings) {
    FoundFinding found;
    found.id = finding.id;
    found.rule = finding.rule;
    found.layer = finding.layer;
    found.severity = finding.severity;
    if (!finding.explained_by && finding.severity > diagnose::Severity::Info) found.rank = ++rank;
    Places places(model, found);
    for (const diagnose::SubjectPart& part : finding.subject) places.Add(part.entity, part.row);
    found.bound_ms = finding.impact.high;
    described.push_back(std::move(found));
  }
  return described;
}

}  // namespace advise::workbench
