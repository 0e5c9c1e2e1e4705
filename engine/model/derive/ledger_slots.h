// Slots over time for the ledger: those that are there, those that will come, those that were lost. Private to derive/.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/derive/ledger_sweep.h"
#include "model/job_model.h"

namespace advise::model::ledger {

inline constexpr std::size_t kMostProfiles = 16;

struct SlotsOverTime {
  std::vector<SlotStep> steps;
  // By resource profile, of the profiles that executors or stages have; empty where there is but one, or more than
  // kMostProfiles: those are looked at one by one at each pause.
  std::map<std::int64_t, std::vector<SlotStep>> profiles;
  bool observed = false;  // no executor states its cores
};

// `rests`: times at which an interactive run, idle until then, began to work again, ascending; what comes later than
// the next one is not looked forward to. An executor of which no event says when it came is taken to have been there
// from the begin of the window.
SlotsOverTime ReadSlots(const JobModel& model, const std::vector<TaskLife>& tasks,
                        const std::vector<std::int64_t>& rests, Interval window);

// Slots at a time. O(log n).
std::int64_t SlotsAt(const std::vector<SlotStep>& steps, std::int64_t time);

}  // namespace advise::model::ledger
