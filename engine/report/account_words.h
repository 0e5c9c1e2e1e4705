// The accounts of the ledger in words: one row an account, for the line TIME, for tables and for sentences.
#pragma once

#include <optional>
#include <string_view>

#include "model/ledger.h"
#include "report/details/details.h"

namespace advise::report {

struct AccountWords {
  std::string_view label;    // in a table: "ramp-up"
  std::string_view meaning;  // beside it
  AccountRole role = AccountRole::Unknown;
  // In the line TIME: "executors late". Accounts that a reader would not tell apart there share it: slots that wait for
  // executors are late executors, whether anything ran meanwhile or not.
  std::string_view line;
  std::string_view sentence;  // "12 % of the time …"; empty: work of tasks, or time in which nobody asked for any

  // Slots did not work for the program.
  [[nodiscard]] bool outside_work() const { return !sentence.empty(); }
};
AccountWords WordsOf(model::Account account);
// "few_tasks", as the JSON contract names it. nullopt: no such account.
std::optional<model::Account> FindAccount(std::string_view name);

}  // namespace advise::report
