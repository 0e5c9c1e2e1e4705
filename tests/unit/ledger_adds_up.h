// What holds for the ledger of every model, of logs and of givens.
#pragma once

#include <doctest/doctest.h>

#include "model/job_model.h"

namespace advise::test {

inline std::int64_t SumOf(const model::Ledger& ledger) {
  std::int64_t sum = 0;
  for (const model::LedgerEntry& entry : ledger.entries) sum += entry.us;
  return sum;
}

inline void CheckAddsUp(const model::JobModel& m) {
  REQUIRE(m.ledger.known);
  CHECK(m.ledger.duration_us == m.app.duration.Get(0) * 1000);
  CHECK(SumOf(m.ledger) == m.ledger.duration_us);
  std::int64_t accounts = 0;
  for (const model::AccountTotal& account : m.ledger.accounts) {
    accounts += account.us;
    CHECK(account.most_us >= account.us);
  }
  CHECK(accounts == m.ledger.duration_us);
  for (const model::LedgerEntry& entry : m.ledger.entries) CHECK(entry.us > 0);
}

}  // namespace advise::test
