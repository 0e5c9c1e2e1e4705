// Attributes of tasks become components, rows become stages, tasks and gaps of the workload; settings have their models
// (changes.h).
#include "cost/resolve.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cost/change_models.h"
#include "model/effective_setting.h"

namespace advise::cost {
namespace {

using model::EffectRange;
using model::EffectTarget;
using model::Entity;

Range RangeOf(const EffectRange& range) { return {range.low, (range.low + range.high) / 2, range.high}; }

// What an attribute of a task is made of. `measured`: the log has it; else a share of what is left unexplained.
struct AttributeParts {
  std::string_view attribute;
  ComponentSet components;
};
std::span<const AttributeParts> TaskAttributes() {
  using enum Component;
  static const AttributeParts kParts[] = {
      {"cpu_time", Components({Cpu})},
      {"deserialize_time", Components({Deserialize})},
      {"disk_bytes_spilled", Components({Spill})},
      {"duration", ~ComponentSet()},
      {"fetch_wait_time", Components({FetchWait})},
      {"gc_time", Components({Gc})},
      {"getting_result_time", Components({GettingResult})},
      {"memory_bytes_spilled", Components({Spill})},
      // Collections have an attribute of their own, though their pauses lie in it.
      {"off_cpu_time", Components({ShuffleWrite, Spill, Input, External, OffCpu})},
      {"result_serialization_time", Components({ResultSerialization})},
      {"run_time", RunComponents()},
      {"scheduler_delay", Components({Scheduler})},
      {"shuffle_write_time", Components({ShuffleWrite})},
  };
  return kParts;
}

// How sure an effect on those parts is (predict.h): inferred parts are class D, an opinion on measured ones is bounded.
EvidenceClass EvidenceOfScale(const ComponentSet& components, const Range& factor) {
  EvidenceClass evidence = factor.low == factor.high ? EvidenceClass::A : EvidenceClass::B;
  for (std::size_t c = 0; c < kComponents; ++c) {
    if (!components[c] || components.all()) continue;
    const Evidence known = EvidenceOf(static_cast<Component>(c));
    if (known == Evidence::Bounded) evidence = std::max(evidence, EvidenceClass::B);
    if (known == Evidence::Inferred && components != RunComponents()) evidence = EvidenceClass::D;
  }
  return evidence;
}

class Resolver {
 public:
  Resolver(const model::JobModel& model, const Workload& workload)
      : model_(model), workload_(workload), stage_of_row_(StageNumbers(model, workload)) {
    change_.kind = "effect";
  }

  Change All(std::span<const model::Effect> effects) {
    if (effects.empty()) Refuse(change_, "not-modelled", "Nothing is said of what it would change in the run.");
    for (const model::Effect& effect : effects) {
      std::visit([&](const auto& one) { Resolve(one); }, effect);
    }
    return std::move(change_);
  }

 private:
  void NotModelled(std::string_view what) {
    Refuse(change_, "not-modelled", "What " + std::string(what) + " would do to this run cannot be told from its log.");
  }
  void NotModelled(const EffectTarget& target) {
    NotModelled("another value of " + std::string(model::EntityName(target.entity)) + "." +
                std::string(target.attribute));
  }

  void Add(Effect effect, EvidenceClass evidence) {
    change_.question.effects.push_back(std::move(effect));
    AtMost(change_, evidence);
  }

  // What another change says, joined to this one.
  void Join(Change other) {
    if (other.refused) return Refuse(change_, other.refused->code, other.refused->text);
    const Change both[] = {std::move(change_), std::move(other)};
    change_ = both[0];
    change_.question = Combine(both);
  }

  // ---------------------------------------------------------------- settings
  void Resolve(const model::SetSetting& set) {
    Change one = ChangeSetting(model_, workload_, set.key, set.value.text);
    if (!set.subject_rows.empty()) KeepQueries(set, one);
    if (!change_.text.empty()) change_.text += ", ";
    change_.text += one.text;
    Join(std::move(one));
  }

  // Drops what the change would do to other queries than those that it is meant for.
  void KeepQueries(const model::SetSetting& set, Change& one) {
    std::set<std::uint32_t> queries;
    for (const std::uint32_t row : set.subject_rows) {
      const auto query = model::QueryOf(model_, set.subject, row);
      if (!query) return;  // of no query: the application's
      queries.insert(query->index);
    }
    const auto of_them = [&](const auto& query) { return query.valid() && queries.count(query.index) > 0; };
    const auto stage_stays = [&](std::uint32_t stage) {
      return of_them(model_.stages.sql_execution.Get(workload_.stages[stage].row));
    };
    std::vector<Effect> kept;
    for (Effect& effect : one.question.effects) {
      const bool stays = std::visit(
          [&](auto& what) {
            if constexpr (requires { what.stages; }) {
              std::erase_if(what.stages, [&](std::uint32_t stage) { return !stage_stays(stage); });
              return !what.stages.empty();
            } else if constexpr (requires { what.gaps; }) {
              std::erase_if(what.gaps, [&](std::uint32_t gap) {
                return !of_them(model_.gaps.sql_execution.Get(workload_.gaps[gap].row));
              });
              return !what.gaps.empty();
            } else if constexpr (requires { what.point; }) {
              const PointNumbers& points = workload_.points;
              if (points.IsStageReady(what.point)) return stage_stays(what.point - points.StageReady(0));
              if (points.IsStageEnd(what.point)) return stage_stays(what.point - points.StageEnd(0));
              return true;
            } else if constexpr (requires { what.stage; }) {
              return stage_stays(what.stage);
            } else {
              return true;
            }
          },
          effect);
      if (stays) kept.push_back(std::move(effect));
    }
    one.question.effects = std::move(kept);
  }

  // ---------------------------------------------------------------- attributes
  void Resolve(const model::SetAttribute& set) {
    const bool exact = set.value.low == set.value.high;
    if (exact && set.target.entity == Entity::App && set.target.attribute == "executors")
      return Join(ChangeExecutors(model_, workload_, set.value.low));
    if (exact && set.target.entity == Entity::Stage &&
        (set.target.attribute == "partitions" || set.target.attribute == "task_count")) {
      for (const std::uint32_t row : set.target.rows)
        Join(ChangePartitions(model_, workload_, set.value.low, model_.stages.id.Get(row)));
      return;
    }
    NotModelled(set.target);
  }

  void Resolve(const model::ScaleAttribute& scale) {
    const Range factor = RangeOf(scale.factor);
    const EffectTarget& target = scale.target;
    switch (target.entity) {
      case Entity::App:
        if (!target.attribute.starts_with("wall_wait_executors")) break;
        return Join(EarlierExecutors(model_, workload_, factor,
                                     target.attribute.ends_with("_cold") ? Latecomers::AtFirst
                                     : target.attribute == "wall_wait_executors"
                                         ? Latecomers::All
                                         : Latecomers::Replacements));
      case Entity::Task: return ScaleTaskAttribute(target, factor);
      case Entity::Stage:
        if (target.attribute == "wall_wait_executors") return ScaleExecutorWaits(StagesOf(target.rows), factor);
        if (target.attribute == "wall_ramp_up")
          return Join(EarlierExecutorsOf(workload_, StagesOf(target.rows), factor));
        if (target.attribute != "duration") break;
        return ScaleStages(StagesOf(target.rows), ~ComponentSet(), factor);
      case Entity::Gap:
        if (target.attribute != "duration" && target.attribute != "critical_time") break;
        return ScaleGapsOf(target.rows, factor);
      case Entity::SqlExecution:
        if (target.attribute != "duration") break;
        return ScaleQueries(target.rows, factor);
      default: break;
    }
    NotModelled(target);
  }

  // Stages that waited for executors. Where others than those of their resource profile were there, free slots do not
  // explain the wait: it lies in the lag of their first launch, too.
  void ScaleExecutorWaits(const StageList& stages, const Range& factor) {
    bool any = false;
    for (const std::uint32_t stage : stages) {
      const std::uint32_t row = workload_.stages[stage].row;
      const std::uint32_t point = workload_.points.StageReady(stage);
      if (!model_.stages.wall_wait_executors.Has(row)) continue;
      const double lag = std::min(model_.stages.wall_wait_executors.Get(row), workload_.lag[point]);
      if (lag <= 0) continue;
      any = true;
      Add(AddLag{point, {-(1 - factor.low) * lag, -(1 - factor.mid) * lag, -(1 - factor.high) * lag}},
          EvidenceClass::D);
    }
    Change earlier = EarlierExecutorsOf(workload_, stages, factor);
    if (!earlier.refused || !any) Join(std::move(earlier));
  }

  // All that is done for a query: its stages, and what the driver does before its jobs, its stages and after them.
  void ScaleQueries(const std::vector<std::uint32_t>& rows, const Range& factor) {
    const PointNumbers& points = workload_.points;
    StageList stages;
    std::set<std::uint32_t> of_them;  // points
    for (std::uint32_t i = 0; i < workload_.stages.size(); ++i) {
      const std::uint32_t job = workload_.stages[i].job;
      if (job == kNone) continue;
      const model::SqlRow query = model_.jobs.sql_execution.Get(workload_.jobs[job].row);
      if (!query.valid() || !std::ranges::binary_search(rows, query.index)) continue;
      stages.push_back(i);
      of_them.insert({points.JobStart(job), points.JobEnd(job), points.StageReady(i), points.StageEnd(i)});
    }
    ScaleStages(std::move(stages), ~ComponentSet(), factor);
    for (const std::uint32_t point : of_them) {
      const double lag = workload_.lag[point];
      if (lag <= 0) continue;
      Add(AddLag{point, {-(1 - factor.low) * lag, -(1 - factor.mid) * lag, -(1 - factor.high) * lag}}, EvidenceClass::B);
    }
  }

  void ScaleTaskAttribute(const EffectTarget& target, const Range& factor) {
    if (target.attribute == "result_size") return ScaleResults(target, factor);
    const auto known = std::ranges::find(TaskAttributes(), target.attribute, &AttributeParts::attribute);
    if (known == TaskAttributes().end()) return ScaleBytes(target, factor);
    if (target.attribute == "duration" || target.attribute == "run_time" || target.attribute == "cpu_time")
      return ScaleRows(target.rows, known->components, factor);
    ScaleRows(target.rows, known->components, factor);
    if (target.attribute != "disk_bytes_spilled") return;
    double bytes = 0;
    for (const std::uint32_t row : target.rows) bytes += OrZero(model_.tasks.disk_bytes_spilled, row);
    Add(ChangeVolume{Exactly(0), {-bytes * (1 - factor.low), -bytes * (1 - factor.mid), -bytes * (1 - factor.high)}},
        EvidenceClass::D);
  }

  // Fewer bytes: waiting for them follows them, the processor's part follows them at most.
  void ScaleBytes(const EffectTarget& target, const Range& factor) {
    using enum Component;
    const Range at_most{std::min(1.0, factor.low), (1 + factor.mid) / 2, std::max(1.0, factor.high)};
    if (target.attribute == "input_bytes") {
      ScaleRows(target.rows, Components({Input}), factor);
      ScaleRows(target.rows, Components({Cpu, Gc, OffCpu}), at_most);
    } else if (target.attribute == "shuffle_read") {
      ScaleRows(target.rows, Components({FetchWait}), factor);
      ScaleRows(target.rows, Components({Cpu, Gc, OffCpu}), at_most);
    } else if (target.attribute == "shuffle_write") {
      ScaleRows(target.rows, Components({ShuffleWrite}), factor);
      double bytes = 0;
      for (const std::uint32_t row : target.rows) bytes += OrZero(model_.tasks.shuffle_write, row);
      Add(ChangeVolume{{-bytes * (1 - factor.low), -bytes * (1 - factor.mid), -bytes * (1 - factor.high)}, Exactly(0)},
          EvidenceClass::B);
    } else {
      NotModelled(target);
    }
  }

  // Fewer bytes to the driver: the tasks send less, and the driver waits less for what it fetched.
  void ScaleResults(const EffectTarget& target, const Range& factor) {
    ScaleRows(target.rows, Components({Component::GettingResult, Component::ResultSerialization}), factor);
    std::set<std::uint32_t> jobs;
    for (const std::uint32_t stage : StagesOfTasks(target.rows)) jobs.insert(workload_.stages[stage].job);
    ScaleGaps gaps{{}, factor};
    for (std::uint32_t i = 0; i < workload_.gaps.size(); ++i) {
      const model::JobRow after = model_.gaps.after_job.Get(workload_.gaps[i].row);
      if (workload_.gaps[i].kind == model::GapKind::Collect && after.valid() && jobs.count(after.index) > 0)
        gaps.gaps.push_back(i);
    }
    if (!gaps.gaps.empty()) Add(std::move(gaps), EvidenceClass::D);
  }

  void Resolve(const model::CapAttribute& cap) {
    const Range limit = RangeOf(cap.limit);
    const EffectTarget& target = cap.target;
    if (target.entity == Entity::Gap && target.attribute == "duration") {
      for (const std::uint32_t row : target.rows) {
        const double length = static_cast<double>(model_.gaps.duration.Get(row));
        const auto factor = [&](double ms) { return length > 0 ? std::min(1.0, ms / length) : 1; };
        ScaleGapsOf({row}, {factor(limit.low), factor(limit.mid), factor(limit.high)});
      }
      return;
    }
    if (target.entity != Entity::Task) return NotModelled(target);
    const StageList stages = WholeStagesOf(target.rows);
    if (stages.empty()) return NotModelled("a limit for some tasks of a stage");
    if (target.attribute == "duration" || target.attribute == "run_time") {
      Add(CapTasks{stages, limit}, limit.low == limit.high ? EvidenceClass::A : EvidenceClass::B);
    } else if (target.attribute == "shuffle_read" || target.attribute == "input_bytes") {
      // The data stays: what is above the limit goes to further tasks.
      if (limit.mid <= 0) return NotModelled("tasks that read nothing");
      Add(SplitTasks{stages, limit.mid, limit.mid}, EvidenceClass::D);
    } else {
      const auto known = std::ranges::find(TaskAttributes(), target.attribute, &AttributeParts::attribute);
      if (known == TaskAttributes().end() || known->components.count() != 1 || cap.limit.form == ValueForm::Bytes)
        return NotModelled(target);
      for (std::size_t c = 0; c < kComponents; ++c) {
        if (!known->components[c]) continue;
        Add(CapComponent{stages, static_cast<Component>(c), limit.mid}, EvidenceOfScale(known->components, Exactly(0)));
      }
    }
  }

  // ---------------------------------------------------------------- rows that are gone
  void Resolve(const model::DropRows& drop) {
    switch (drop.entity) {
      case Entity::Stage:
        if (StageList stages = StagesOf(drop.rows); !stages.empty())
          return Add(DropStages{std::move(stages)}, EvidenceClass::A);
        return NotModelled("a run without stages that it did not have");
      case Entity::Job:
        for (const std::uint32_t row : drop.rows) DropJob(row);
        return;
      case Entity::SqlExecution:
        for (const std::uint32_t row : drop.rows) {
          for (const model::JobRow job : model_.sql_executions.jobs.Get(row)) DropJob(job.index);
          ScaleGaps planning{{}, Exactly(0)};
          for (std::uint32_t i = 0; i < workload_.gaps.size(); ++i) {
            const model::SqlRow query = model_.gaps.sql_execution.Get(workload_.gaps[i].row);
            if (query.valid() && query.index == row) planning.gaps.push_back(i);
          }
          if (!planning.gaps.empty()) Add(std::move(planning), EvidenceClass::B);
        }
        return;
      case Entity::Gap: return ScaleGapsOf(drop.rows, Exactly(0));
      case Entity::Task: return ScaleRows(drop.rows, ~ComponentSet(), Exactly(0));
      default: return NotModelled("a run without them");
    }
  }

  void DropJob(std::uint32_t row) {
    DropStages gone;
    for (std::uint32_t i = 0; i < workload_.stages.size(); ++i) {
      if (workload_.stages[i].job == row) gone.stages.push_back(i);
    }
    if (!gone.stages.empty()) Add(std::move(gone), EvidenceClass::A);
    // What the driver did for it alone goes as well: how much of the pause before it that is, is not known.
    ScaleGaps before{{}, {0, 0.3, 1}};
    for (std::uint32_t i = 0; i < workload_.gaps.size(); ++i) {
      const model::JobRow next = model_.gaps.before_job.Get(workload_.gaps[i].row);
      if (next.valid() && next.index == row) before.gaps.push_back(i);
    }
    if (!before.gaps.empty()) Add(std::move(before), EvidenceClass::B);
  }

  void Resolve(const model::ReplaceNode& replace) {
    if (replace.with != model::NodeKind::BroadcastHashJoin) return NotModelled("another operator in the plan");
    Join(BroadcastJoin(model_, workload_, replace.node.index));
  }

  // ---------------------------------------------------------------- rows
  template <class Column>
  static double OrZero(const Column& column, std::uint32_t row) {
    return column.Has(row) ? static_cast<double>(column.Get(row)) : 0;
  }

  StageList StagesOf(const std::vector<std::uint32_t>& rows) const {
    StageList stages;
    for (const std::uint32_t row : rows) {
      if (stage_of_row_[row] != kNone) stages.push_back(stage_of_row_[row]);
    }
    std::ranges::sort(stages);
    return stages;
  }

  StageList StagesOfTasks(const std::vector<std::uint32_t>& rows) const {
    std::set<std::uint32_t> stages;
    for (const std::uint32_t row : rows) {
      const std::uint32_t stage = stage_of_row_[model_.tasks.stage.Get(row).index];
      if (stage != kNone) stages.insert(stage);
    }
    return {stages.begin(), stages.end()};
  }

  // The stages whose winners are all among the rows, if that is true of every stage that they touch; else none.
  StageList WholeStagesOf(const std::vector<std::uint32_t>& rows) const {
    const StageList stages = StagesOfTasks(rows);
    for (const std::uint32_t number : stages) {
      const StageWork& stage = workload_.stages[number];
      for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
        if (workload_.tasks.winner[task] != 0 && !std::ranges::binary_search(rows, workload_.tasks.row[task]))
          return {};
      }
    }
    return stages;
  }

  void ScaleStages(StageList stages, ComponentSet components, const Range& factor) {
    if (stages.empty()) return NotModelled("stages that did not run");
    Add(ScaleComponents{std::move(stages), components, factor}, EvidenceOfScale(components, factor));
  }

  // Whole stages as such; of others the single tasks.
  void ScaleRows(const std::vector<std::uint32_t>& rows, const ComponentSet& components, const Range& factor) {
    StageList whole = WholeStagesOf(rows);
    if (!whole.empty()) return ScaleStages(std::move(whole), components, factor);
    ScaleTasks some{{}, components, factor};
    for (const std::uint32_t number : StagesOfTasks(rows)) {
      const StageWork& stage = workload_.stages[number];
      for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
        if (std::ranges::binary_search(rows, workload_.tasks.row[task])) some.tasks.push_back(task);
      }
    }
    if (some.tasks.empty()) return NotModelled("tasks that did not run");
    Add(std::move(some), EvidenceOfScale(components, factor));
  }

  void ScaleGapsOf(const std::vector<std::uint32_t>& rows, const Range& factor) {
    ScaleGaps gaps{{}, factor};
    for (std::uint32_t i = 0; i < workload_.gaps.size(); ++i) {
      if (std::ranges::binary_search(rows, workload_.gaps[i].row)) gaps.gaps.push_back(i);
    }
    if (gaps.gaps.empty()) return NotModelled("a pause that the run did not have");
    Add(std::move(gaps), factor.low == factor.high ? EvidenceClass::A : EvidenceClass::B);
  }

  const model::JobModel& model_;
  const Workload& workload_;
  std::vector<std::uint32_t> stage_of_row_;
  Change change_;
};

}  // namespace

Change ResolveEffects(const model::JobModel& model, const Workload& workload, std::span<const model::Effect> effects) {
  return Resolver(model, workload).All(effects);
}

}  // namespace advise::cost
