// Jobs of givens hold what jobs of logs hold: over the tests of all packs of the repository.
#include "workbench/given_model.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "metrics/catalogue.h"
#include "model/derive/derive.h"
#include "rules/packs/load.h"
#include "unit/ledger_adds_up.h"

namespace advise::test {
namespace {

using metrics::Entity;
using model::JobModel;

bool GivesAny(const rules::BoundTest& test, Entity entity, const std::set<std::string_view>& names) {
  return std::ranges::any_of(test.givens, [&](const rules::GivenEntity& given) {
    return given.type.entity == entity && std::ranges::any_of(given.values, [&](const rules::GivenValue& value) {
             return names.contains(metrics::Get(value.attribute).name);
           });
  });
}

// Every row of `set` is in order, stands once, and leads back over `one`.
template <class One, class Many>
void CheckTwoEnds(const One& one, const Many& many) {
  std::size_t members = 0;
  for (std::size_t row = 0; row < many.size(); ++row) {
    const auto set = many.Get(row);
    CHECK(std::ranges::adjacent_find(set, std::greater_equal()) == set.end());
    for (const auto member : set) CHECK(one.Get(member.index).index == row);
    members += set.size();
  }
  std::size_t owned = 0;
  for (std::size_t row = 0; row < one.size(); ++row) {
    if (one.Has(row)) ++owned;
  }
  CHECK(members == owned);
}

void CheckTasks(const rules::BoundTest& test, const JobModel& m) {
  CheckTwoEnds(m.tasks.stage, m.stages.tasks);
  CheckTwoEnds(m.tasks.executor, m.executors.tasks);
  for (std::size_t stage = 0; stage < m.stages.size(); ++stage) {
    const auto tasks = m.stages.tasks.Get(stage);
    for (const model::TaskRow winner : m.stages.winners.Get(stage)) {
      CHECK(m.tasks.winner.Get(winner.index));
      CHECK(std::ranges::binary_search(tasks, winner));
    }
    if (tasks.empty() || GivesAny(test, Entity::Stage, {"completed_tasks", "failed_tasks", "killed_tasks"})) continue;
    const std::int64_t running =
        std::ranges::count_if(tasks, [&](model::TaskRow task) { return m.tasks.running.Get(task.index); });
    CHECK(m.stages.completed_tasks.Get(stage) + m.stages.failed_tasks.Get(stage) + m.stages.killed_tasks.Get(stage) +
              running ==
          static_cast<std::int64_t>(tasks.size()));
  }
}

void CheckGraph(const JobModel& m) {
  std::size_t edges = 0;
  for (std::size_t stage = 0; stage < m.stages.size(); ++stage) {
    for (const model::StageRow parent : m.stages.parents.Get(stage))
      CHECK(std::ranges::binary_search(m.stages.children.Get(parent.index), model::StageRow(stage)));
    edges += m.stages.parents.Get(stage).size();
  }
  CHECK(m.shuffles.size() == edges);
  CHECK(m.node_metric_begin.size() == m.plan_nodes.size() + 1);
  CHECK(m.raw_sql.size() == m.sql_executions.size());
}

// As of logs (model_critical_path_test.cpp).
void CheckPath(const rules::BoundTest& test, const JobModel& m) {
  if (!m.app.critical_path.Has(0) || GivesAny(test, Entity::App, {"critical_path", "duration"}) ||
      GivesAny(test, Entity::Stage, {"critical_time", "share_of_app"}))
    return;
  std::int64_t sum = 0;
  for (std::size_t stage = 0; stage < m.stages.size(); ++stage) sum += m.stages.critical_time.Get(stage);
  for (std::size_t gap = 0; gap < m.gaps.size(); ++gap) sum += m.gaps.critical_time.Get(gap);
  CHECK(sum == m.app.duration.Get(0));
  CHECK(m.app.critical_path.Get(0) == m.app.duration.Get(0));
}

// The ledger is not made of givens (given_model.cpp); where it is, it adds up.
void CheckLedger(const rules::BoundTest& test, JobModel& m) {
  if (GivesAny(test, Entity::App, {"start", "end"}) || test.givens.empty()) return;
  for (std::size_t gap = 0; gap < m.gaps.size(); ++gap) {
    if (!m.gaps.start.Has(gap) || !m.gaps.duration.Has(gap)) return;
  }
  model::DeriveLedger(m);
  CheckAddsUp(m);
}

}  // namespace

TEST_CASE("workbench: jobs of givens hold what jobs of logs hold") {
  const std::filesystem::path root = ADVISE_SOURCE_DIR;
  for (const char* pack : {"tests/packs/core", "tests/packs/hard", "tests/packs/example"}) {
    SourceManager sources;
    Diagnostics diagnostics;
    rules::CompileOptions options;
    options.tests = true;
    const rules::RuleSet set =
        rules::Compile(sources, {(root / "rulepacks/core").string(), (root / pack).string()}, options, diagnostics);
    CHECK(set.tests.size() > 400);
    for (const rules::BoundTest& test : set.tests) {
      if (!test.broken.empty() || !test.log.empty()) continue;
      CAPTURE(test.name);
      workbench::GivenModel given = workbench::MakeModel(test);
      CHECK(given.rows.size() == test.givens.size());
      CheckTasks(test, given.model);
      CheckGraph(given.model);
      CheckPath(test, given.model);
      CheckLedger(test, given.model);
    }
  }
}

}  // namespace advise::test
