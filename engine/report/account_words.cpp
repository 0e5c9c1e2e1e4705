// The table.
#include "report/account_words.h"

namespace advise::report {

using model::Account;

AccountWords WordsOf(Account account) {
  using enum AccountRole;
  constexpr std::string_view kLate = "executors late";
  constexpr std::string_view kWaited = "tasks waited for executors";
  switch (account) {
    case Account::UserIdle:
      return {"nobody asked", "an interactive application without a job or query", Idle, "nobody asked", {}};
    case Account::StartUp:
      return {"start-up", "before the program submitted its first job", Driver, "start-up",
              "the program had not submitted a job yet"};
    case Account::Driver:
      return {"driver", "only the driver was at work", Driver, "driver", "only the driver was at work"};
    case Account::WaitExecutors: return {kLate, "a job waited and no executor was there", Idle, kLate, kWaited};
    case Account::WaitScheduler:
      return {"scheduling", "slots were free while tasks waited to be launched", Idle, "scheduling",
              "slots were free while tasks waited to be launched"};
    case Account::FewTasks:
      return {"too few tasks", "slots idled because there was no task for them", Idle, "too few tasks",
              "slots idled because there were fewer tasks than slots"};
    case Account::PartialWave:
      return {"partial waves", "slots idled in the last wave of a stage of even tasks", Idle, "partial waves",
              "slots idled in the last wave of a stage"};
    case Account::Tail:
      return {"tails", "slots idled until the last, longest tasks of a stage were done", Idle, "tails",
              "slots idled until the last, longest tasks of a stage were done"};
    case Account::RampUp: return {"ramp-up", "tasks waited for slots that came later", Idle, kLate, kWaited};
    case Account::LostSlots:
      return {"executors lost", "tasks waited for slots that a lost executor had held", Idle, "executors lost",
              "slots of lost executors were missing"};
    case Account::Overhead:
      return {"task overhead", "tasks were being sent, started and fetched", Waste, "task overhead",
              "tasks were being sent, started and fetched"};
    case Account::Wasted:
      return {"wasted", "attempts that failed, or whose work was thrown away", Waste, "wasted",
              "attempts ran that failed, or whose work was thrown away"};
    case Account::Gc: return {"GC", "tasks stood still for garbage collection", Waste, "gc", {}};
    case Account::FetchWait: return {"fetch wait", "tasks waited for shuffle blocks", Reading, "fetch wait", {}};
    case Account::ShuffleWrite:
      return {"shuffle write", "tasks wrote shuffle files, off the CPU", Reading, "shuffle write", {}};
    case Account::Spill: return {"spill", "inferred: tasks off the CPU, by what they spilled", Waste, "spill", {}};
    case Account::Python:
      return {"Python", "inferred: tasks off the CPU in stages that run Python", Work, "Python", {}};
    case Account::Input: return {"reading", "inferred: tasks off the CPU, by what they read", Reading, "reading", {}};
    case Account::Output: return {"writing", "inferred: tasks off the CPU, by what they wrote", Reading, "writing", {}};
    case Account::Work: return {"CPU", "tasks computed", Work, "cpu", {}};
    case Account::UnknownIo:
      return {"off the CPU", "tasks off the CPU; the log does not say why", Unknown, "off the CPU", {}};
    case Account::Unknown:
      return {"unknown", "the log does not say what happened", Unknown, "unknown",
              "the log does not say what happened"};
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
