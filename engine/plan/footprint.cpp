// One function an operator: which stages it touches, and what it leaves behind.
#include "plan/footprint.h"

#include <algorithm>

#include <cmath>
#include <string_view>
#include <variant>

#include "support/format.h"

namespace advise::plan {
namespace {

using cost::StageList;
using cost::Workload;

std::string StageNames(const Workload& workload, const auto& stages) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  std::size_t named = 0;
  std::set<std::int64_t> ids;
  for (const std::uint32_t stage : stages) ids.insert(workload.stages[stage].id);
  for (const std::int64_t id : ids) {
    if (named++ == kNamed) break;
    text += (text.empty() ? "" : ", ") + std::to_string(id);
  }
  const std::string more = ids.size() > kNamed ? " and " + std::to_string(ids.size() - kNamed) + " more" : "";
  return (ids.size() == 1 ? "stage " : "stages ") + text + more;
}
// "stage 3 has", "stages 3, 4 have".
std::string Subject(const Workload& workload, const StageList& stages, std::string_view one, std::string_view many) {
  std::set<std::int64_t> ids;
  for (const std::uint32_t stage : stages) ids.insert(workload.stages[stage].id);
  return StageNames(workload, stages) + " " + std::string(ids.size() == 1 ? one : many);
}

// How good a check is: counts say more than times. 0: none.
struct Check {
  int rank = 0;
  std::string text;
};

Check Of(const Workload& workload, const cost::SetPartitions& set) {
  std::string before;
  if (set.stages.size() == 1) before = " (" + FormatCount(workload.stages[set.stages[0]].tasks) + " before)";
  return {9, Subject(workload, set.stages, "has ", "have ") + FormatCount(std::llround(set.partitions)) +
                 (set.partitions == 1 ? " task" : " tasks") + before};
}
Check Of(const Workload& workload, const cost::CoalescePartitions& coalesce) {
  double tasks = 0;
  for (const std::uint32_t stage : coalesce.stages) tasks += workload.stages[stage].tasks;
  return {8, Subject(workload, coalesce.stages, "has fewer tasks (", "have fewer tasks (") +
                 FormatCount(std::llround(tasks)) + " before)"};
}
Check Of(const Workload& workload, const cost::SplitTasks& split) {
  return {8, "no task of " + StageNames(workload, split.stages) + " reads much more than " +
                 FormatBytes(std::llround(split.piece_bytes))};
}
Check Of(const Workload& workload, const cost::DropStages& drop) {
  return {7, "the work of " + Subject(workload, drop.stages, "is gone", "are gone")};
}
Check Of(const Workload&, const cost::SetSlots& set) {
  return {6, set.executors > 0 ? FormatCount(std::llround(set.executors)) + " executors are there"
                               : FormatCount(std::llround(set.slots)) + " tasks run at a time in each executor"};
}
Check Of(const Workload&, const cost::ScaleArrivals& earlier) {
  return {5, FormatCount(static_cast<std::int64_t>(earlier.arrivals.size())) +
                 (earlier.arrivals.size() == 1 ? " executor comes earlier" : " executors come earlier")};
}
Check Of(const Workload&, const cost::KeepExecutor&) { return {5, "executors stay through the pauses"}; }
Check Of(const Workload& workload, const cost::CapTasks& cap) {
  return {5, "no task of " + StageNames(workload, cap.stages) + " takes much longer than " +
                 FormatTime(std::llround(cap.ms.mid))};
}
Check Of(const Workload& workload, const cost::ScaleComponents& scale) {
  double before = 0;
  std::string_view name = "run";
  int named = 0;
  for (std::size_t c = 0; c < cost::kComponents; ++c) {
    if (!scale.components[c]) continue;
    name = cost::ComponentName(static_cast<cost::Component>(c));
    ++named;
    for (const std::uint32_t number : scale.stages) {
      const cost::StageWork& stage = workload.stages[number];
      for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task)
        before += static_cast<double>(workload.tasks.parts[c][task]);
    }
  }
  if (before < 1) return {};
  return {4, "task time of " + StageNames(workload, scale.stages) + (named == 1 ? " " + std::string(name) : "") +
                 ": about " + FormatSlotTime(std::llround(before * scale.factor.mid)) + " (" +
                 FormatSlotTime(std::llround(before)) + " before)"};
}
Check Of(const Workload& workload, const cost::ScaleGaps& gaps) {
  double before = 0;
  for (const std::uint32_t gap : gaps.gaps) before += workload.gaps[gap].length;
  return {3, "these pauses of the driver take about " + FormatTime(std::llround(before * gaps.factor.mid)) +
                 " in all (" + FormatTime(std::llround(before)) + " before)"};
}
template <class Other>
Check Of(const Workload&, const Other&) {
  return {};
}

}  // namespace

Footprint FootprintOf(const Workload& workload, const cost::Question& question) {
  Footprint print;
  for (const cost::Effect& effect : question.effects) {
    std::visit(
        [&](const auto& what) {
          if constexpr (requires { what.stages; }) {
            print.stages.insert(what.stages.begin(), what.stages.end());
          } else if constexpr (requires { what.stage; }) {
            print.stages.insert(what.stage);
          } else if constexpr (requires { what.tasks; }) {
            for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
              const cost::StageWork& stage = workload.stages[i];
              const auto first = std::lower_bound(what.tasks.begin(), what.tasks.end(), stage.first_task);
              if (first != what.tasks.end() && *first < stage.first_task + stage.tasks) print.stages.insert(i);
            }
          } else if constexpr (requires { what.gaps; }) {
            print.driver = true;
          } else if constexpr (requires { what.executors; }) {
            print.slots = true;
          } else if constexpr (requires { what.arrivals; } || requires { what.replaced; }) {
            print.arrivals = true;
          }
        },
        effect);
  }
  return print;
}

std::string InCommon(const Workload& workload, const Footprint& a, const Footprint& b) {
  std::set<std::uint32_t> both;
  for (const std::uint32_t stage : a.stages) {
    if (b.stages.count(stage) > 0) both.insert(stage);
  }
  if (!both.empty()) return "both change " + StageNames(workload, both);
  if (a.driver && b.driver) return "both shorten what the driver does";
  if (a.arrivals && b.arrivals) return "both bring executors earlier";
  if (a.slots || b.slots) return "the slots that there are decide how long the stages take";
  return "";
}

std::string CheckOf(const Workload& workload, const cost::Question& question) {
  Check best;
  for (const cost::Effect& effect : question.effects) {
    Check check = std::visit([&](const auto& what) { return Of(workload, what); }, effect);
    if (check.rank > best.rank) best = std::move(check);
  }
  return best.text;
}

}  // namespace advise::plan
