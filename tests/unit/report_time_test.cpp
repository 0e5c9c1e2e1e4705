// Where the time went, in words and in the JSON: whole numbers that add up.
#include <doctest/doctest.h>

#include "report/explained.h"
#include "report/time_lines.h"
#include "unit/ledger_run.h"

namespace advise::test {
namespace {

using explain::Level;
using report::TimeTexts;

// A ledger by hand: stage rows 0 and 1, times in ms.
JobModel WithLedger(std::int64_t duration_ms, std::vector<LedgerEntry> entries) {
  JobModel m = EmptyModel(duration_ms);
  PutStage(m, {.id = 12});
  PutStage(m, {.id = 31});
  m.ledger.known = true;
  m.ledger.duration_us = duration_ms * 1000;
  for (LedgerEntry& entry : entries) {
    entry.us *= 1000;
    m.ledger.accounts[static_cast<std::size_t>(AccountOf(entry.part))].us += entry.us;
  }
  m.ledger.entries = std::move(entries);
  return m;
}

const StageRow k12{std::size_t{0}};
const StageRow k31{std::size_t{1}};

JobModel ExampleRun() {
  return WithLedger(100'000, {{LedgerPart::StartSetUp, {}, {}, 6'000},
                              {LedgerPart::Planning, {}, {}, 9'000},
                              {LedgerPart::WaitCold, k12, {}, 3'000},
                              {LedgerPart::FewTasks, k31, {}, 8'000},
                              {LedgerPart::TailSkew, k12, {}, 20'000},
                              {LedgerPart::TailUneven, k31, {}, 1'000},
                              {LedgerPart::RampUp, k12, {}, 1'000},
                              {LedgerPart::Gc, k12, {}, 4'000},
                              {LedgerPart::FetchWait, k12, {}, 9'000},
                              {LedgerPart::Cpu, k12, {}, 31'000},
                              {LedgerPart::UnknownIo, k12, {}, 8'000}});
}

}  // namespace

TEST_CASE("report: the line of shares") {
  const TimeTexts texts = report::SayTime(ExampleRun(), Level::Practitioner);
  CHECK(texts.values == std::vector<std::string>{"work 52 % (cpu 31, fetch wait 9, off the CPU 8, gc 4)", "tails 21 %",
                                                 "driver 9 %", "too few tasks 8 %", "start-up 6 %",
                                                 "executors late 4 %"});
  CHECK(texts.sentence.empty());
  CHECK(texts.table.empty());
}

TEST_CASE("report: an account is said of the stages that have it, or their part of it") {
  report::UnexplainedTime time;
  time.label = "tails";
  time.ms = 10'000;
  time.share = 0.42;
  CHECK(report::SayUnexplained(time) == "tails (42 %)");
  time.stages = {{"3.0", 5'000}, {"5.1", 2'000}, {"7.0", 1'000}};
  CHECK(report::SayUnexplained(time) == "tails (42 %, 29 % in stages 3 and 5.1)");
  time.stages = {{"3.0", 9'600}};
  CHECK(report::SayUnexplained(time) == "tails of stage 3 (42 %)");
  // A part that prints as the whole.
  time.share = 0.05;
  time.stages = {{"3.0", 9'400}};
  CHECK(report::SayUnexplained(time) == "tails of stage 3 (5 %)");
}

TEST_CASE("report: what running tasks did is not known without CPU times") {
  const JobModel m = WithLedger(1000, {{LedgerPart::Undivided, k12, {}, 900}, {LedgerPart::Gc, k12, {}, 100}});
  CHECK(report::SayTime(m, Level::Practitioner).values ==
        std::vector<std::string>{"work 100 % (running 90, gc 10)"});
}

TEST_CASE("report: many small parts of the work are rounded inside of it") {
  // 12.1 % of work in four parts of about 3 %, which alone would be rounded up.
  const JobModel m = WithLedger(100'000, {{LedgerPart::Gc, k12, {}, 3'030},
                                          {LedgerPart::FetchWait, k12, {}, 3'030},
                                          {LedgerPart::Cpu, k12, {}, 3'030},
                                          {LedgerPart::UnknownIo, k12, {}, 3'010},
                                          {LedgerPart::FewTasks, k31, {}, 87'900}});
  const TimeTexts texts = report::SayTime(m, Level::Practitioner);
  CHECK(texts.values.front().starts_with("work 12 % "));
  CHECK(texts.values.back() == "too few tasks 88 %");
}

TEST_CASE("report: the same for a novice") {
  CHECK(report::SayTime(ExampleRun(), Level::Novice).sentence ==
        "**Where the time went.** Of 1m40s, the slots worked for 52 %. For 21 % slots idled until the last, longest "
        "tasks "
        "of a stage were done; for 9 % only the driver was at work; for 8 % slots idled because there were fewer tasks "
        "than slots.");
}

TEST_CASE("report: the same for an expert") {
  const TimeTexts texts = report::SayTime(ExampleRun(), Level::Expert);
  REQUIRE(texts.table.size() == 11);
  CHECK(texts.table[0] == std::vector<std::string>{"start_up.set_up", "6.0 s", "6 %", ""});
  CHECK(texts.table[4] == std::vector<std::string>{"tail.skew", "20.0 s", "20 %", "12.0 20.0 s"});
}

TEST_CASE("report: shares leave out the time in which nobody asked for anything, and add up") {
  const JobModel m = WithLedger(90'000, {{LedgerPart::UserIdle, {}, {}, 60'000},
                                         {LedgerPart::Planning, {}, {}, 10'000},
                                         {LedgerPart::Cpu, k12, {}, 10'000},
                                         {LedgerPart::TailUneven, k12, {}, 10'000}});
  const TimeTexts texts = report::SayTime(m, Level::Practitioner);
  CHECK(texts.values == std::vector<std::string>{"work 34 %", "driver 33 %", "tails 33 %",
                                                 "shares of 30.0 s; for 1m00s nobody asked for anything"});
  CHECK(report::SayTime(EmptyModel(1000), Level::Practitioner).values.empty());
}

TEST_CASE("report: the object of the JSON adds up to the duration") {
  JobModel m =
      WithLedger(3, {{LedgerPart::Planning, {}, {}, 1}, {LedgerPart::Cpu, k12, {}, 1}, {LedgerPart::Gc, k12, {}, 1}});
  // 1.4, 1.3 and 0.3 ms.
  m.ledger.entries[0].us = 1400;
  m.ledger.entries[1].us = 1300;
  m.ledger.entries[2].us = 300;
  m.ledger.accounts[static_cast<std::size_t>(Account::Driver)].us = 1400;
  m.ledger.accounts[static_cast<std::size_t>(Account::Work)].us = 1300;
  m.ledger.accounts[static_cast<std::size_t>(Account::Gc)].us = 300;
  const auto info = report::ReadLedger(m);
  REQUIRE(info);
  CHECK(info->duration_ms == 3);
  std::int64_t sum = 0;
  for (const report::LedgerAccount& account : info->accounts) sum += account.ms;
  CHECK(sum == 3);
  REQUIRE(info->accounts.size() == 2);  // gc rounds to nothing
  CHECK(info->accounts[0].account == "driver");
  CHECK(info->accounts[0].ms == 2);
  CHECK(info->accounts[1].stages.size() == 1);
  CHECK(info->accounts[1].stages[0].stage == "12.0");
  CHECK(!report::ReadLedger(EmptyModel(5)));
  const auto example = report::ReadLedger(ExampleRun());
  REQUIRE(example);
  CHECK(example->user_idle_ms == 0);
  std::int64_t all = 0;
  for (const report::LedgerAccount& account : example->accounts) all += account.ms;
  CHECK(all == 100'000);
}

}  // namespace advise::test
