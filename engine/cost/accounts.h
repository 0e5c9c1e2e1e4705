// Where the wall time of a replay goes: start-up, driver, idle slots, and the components of the tasks that run. At an
// instant at which r of S slots run, r/S of it goes to the tasks and the rest to idle slots.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cost/replay.h"

namespace advise::cost {

struct WallAccounts {
  double start_up = 0;  // before the first task
  double driver = 0;    // no task runs, later
  double idle_slots = 0;
  std::array<double, kComponents> components{};
};
// `components` is what the tasks take, ms x slots: the busy part is divided in that proportion. Adds up to the
// duration.
WallAccounts AccountsOf(const Workload& workload, const Schedule& schedule, const ReplayTimes& times,
                        const ReplayTrace& trace, const std::array<double, kComponents>& components);

// Names as in the ledger where it has the account.
std::string_view AccountName(Component component);

}  // namespace advise::cost
