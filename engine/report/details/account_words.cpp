// The accounts of the ledger in the words of a table, those of the TIME line (time_lines.cpp) where it has one for the
// account alone.
#include <algorithm>

#include "report/details/read_details.h"

namespace advise::report {

using model::Account;

AccountWords WordsOf(Account account) {
  using enum AccountRole;
  switch (account) {
    case Account::UserIdle: return {"nobody asked", "an interactive application without a job or query", Idle};
    case Account::StartUp: return {"start-up", "before the program submitted its first job", Driver};
    case Account::Driver: return {"driver", "only the driver was at work", Driver};
    case Account::WaitExecutors: return {"executors late", "a job waited and no executor was there", Idle};
    case Account::WaitScheduler: return {"scheduling", "slots were free while tasks waited to be launched", Idle};
    case Account::FewTasks: return {"too few tasks", "slots idled because there was no task for them", Idle};
    case Account::PartialWave: return {"partial waves", "slots idled in the last wave of a stage of even tasks", Idle};
    case Account::Tail: return {"tails", "slots idled until the last, longest tasks of a stage were done", Idle};
    case Account::RampUp: return {"ramp-up", "tasks waited for slots that came later", Idle};
    case Account::LostSlots: return {"executors lost", "tasks waited for slots that a lost executor had held", Idle};
    case Account::Overhead: return {"task overhead", "tasks were being sent, started and fetched", Waste};
    case Account::Wasted: return {"wasted", "attempts that failed, or whose work was thrown away", Waste};
    case Account::Gc: return {"GC", "tasks stood still for garbage collection", Waste};
    case Account::FetchWait: return {"fetch wait", "tasks waited for shuffle blocks", Reading};
    case Account::ShuffleWrite: return {"shuffle write", "tasks wrote shuffle files, off the CPU", Reading};
    case Account::Spill: return {"spill", "inferred: tasks off the CPU, by what they spilled", Waste};
    case Account::Python: return {"Python", "inferred: tasks off the CPU in stages that run Python", Work};
    case Account::Input: return {"reading", "inferred: tasks off the CPU, by what they read", Reading};
    case Account::Output: return {"writing", "inferred: tasks off the CPU, by what they wrote", Reading};
    case Account::Work: return {"CPU", "tasks computed", Work};
    case Account::UnknownIo: return {"off the CPU", "tasks off the CPU; the log does not say why", Unknown};
    case Account::Unknown: return {"unknown", "the log does not say what happened", Unknown};
  }
  return {};
}

std::optional<Account> FindAccount(std::string_view name) {
  for (std::size_t i = 0; i < model::kAccounts; ++i) {
    if (model::EnumName(static_cast<Account>(i)) == name) return static_cast<Account>(i);
  }
  return std::nullopt;
}

}  // namespace advise::report
