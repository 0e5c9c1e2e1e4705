// What a test states directly, on the rows that the builder made of its events: what no event carries (shares, sums
// without tasks, times of tasks whose start is unknown), rows that no event makes, relations that it links. Plan nodes,
// gaps, cached RDDs and incidents are stated as they are: in a log they come out of plan texts, times of all tasks,
// RDDs and lines of text, which no test wants to write.
#pragma once

#include "workbench/given_events.h"
#include "workbench/given_model.h"

namespace advise::workbench {

class GivenOverlay {
 public:
  // Finds the rows of `made` that the events have made, and adds the others.
  GivenOverlay(const rules::BoundTest& test, const GivenRows& given, const GivenNames& names, GivenModel& made);

  // Between the derive steps, in this order.
  void StateRows();      // before the first: what is derived from it follows
  void StateWinners();   // after DeriveTasksOfStages; executors of stages, too
  void StateParents();   // after DeriveStageGraph; partitions, too
  void StateShuffles();  // after DeriveShuffles
  void StateAgain();     // after the last: what is given wins, and what follows from shares and times alone

 private:
  void FindRows();
  std::uint32_t AddRow(std::uint32_t given);
  void StateCells(bool again);
  void StateTasks();
  void StateLinks();
  void StateMetrics();
  void Feed(std::uint32_t from, std::uint32_t to);
  void Follow();
  void FollowShare(metrics::Entity entity, std::uint32_t row, model::IntColumn& time, model::RealColumn& share);
  [[nodiscard]] bool Gives(metrics::Entity entity, std::uint32_t row, std::string_view name) const;

  const rules::BoundTest& test_;
  const GivenRows& given_;
  const GivenNames& names_;
  GivenModel& made_;
  model::JobModel& model_ = made_.model;
};

}  // namespace advise::workbench
