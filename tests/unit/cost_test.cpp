// The cost of a match: which parts of the ledger a `costs` clause speaks of, where, and how findings then share it.
#include "diagnose/cost.h"

#include "diagnose/diagnose.h"
#include "metrics/catalogue.h"
#include "unit/rules_fixture.h"

namespace advise::diagnose {
namespace {

using namespace advise::test;
using model::LedgerPart;

// Two stages of 10 s, all on the critical path; the ledger: tails of 4 and 1 s, gc of 2 s, planning of 3 s.
model::JobModel Run() {
  model::JobModel m = EmptyApp();
  m.app.duration.Set(0, 20'000);
  for (const std::int64_t id : {0, 1}) {
    const std::size_t stage = AddStage(m, id);
    m.stages.critical_time.Set(stage, 10'000);
    m.stages.wall_tail.Set(stage, id == 0 ? 4'000 : 1'000);
    m.stages.wall_gc.Set(stage, 2'000);
  }
  const model::StageRow s0{std::size_t{0}};
  const model::StageRow s1{std::size_t{1}};
  m.ledger.known = true;
  m.ledger.duration_us = 20'000'000;
  m.ledger.entries = {{LedgerPart::Planning, {}, {}, 3'000'000},   {LedgerPart::TailSkew, s0, {}, 4'000'000},
                      {LedgerPart::TailUneven, s1, {}, 1'000'000}, {LedgerPart::Gc, s0, {}, 2'000'000},
                      {LedgerPart::Gc, s1, {}, 2'000'000},         {LedgerPart::Cpu, s0, {}, 8'000'000}};
  for (const model::LedgerEntry& entry : m.ledger.entries)
    m.ledger.accounts[static_cast<std::size_t>(AccountOf(entry.part))].us += entry.us;
  return m;
}

constexpr const char* kTailRules = R"(cause tails(s: Stage) {
  match (s:Stage)
  where s.critical_time > 1s
  costs 2 * s.wall_tail
  message "tails"
}
cause all_gc(k: Group<Stage>) {
  match (s:Stage) group by s.status as k
  where count(k) > 0
  costs sum(k.wall_gc)
  message "gc"
}
cause stage_zero(s: Stage) {
  match (s:Stage)
  where s.id = 0
  message "no costs clause"
}
)";

const Finding& Of(const Diagnosis& diagnosis, std::string_view id) {
  for (const Finding& finding : diagnosis.findings) {
    if (finding.id == id) return finding;
  }
  FAIL("no finding " << id);
  return diagnosis.findings.front();
}

}  // namespace

TEST_CASE("cost: every wall time of the catalogue is a part of the ledger") {
  std::size_t seen = 0;
  for (const metrics::Attribute& attribute : metrics::AllAttributes()) {
    const bool wall = attribute.name.starts_with("wall");
    CAPTURE(attribute.name);
    if (wall) ++seen;
    CHECK(PartsOfAttribute(attribute.name).any() == (wall || attribute.name == "recoverable"));
  }
  CHECK(seen > 50);
  CHECK(PartsOfAttribute("wall_tail") == PartsOf(model::Account::Tail));
  CHECK(PartsOfAttribute("wall_tail_skew").count() == 1);
  CHECK(PartsOfAttribute("wall_locality_wait").count() == 1);
  CHECK((PartsOfAttribute("wall") & PartsOf(model::Account::UserIdle)).none());
}

TEST_CASE("cost: a clause bounds the finding, clipped to what it names") {
  const auto compiled = CompileRules(kTailRules);
  INFO(compiled->Messages());
  const Diagnosis diagnosis = Diagnose(compiled->set, Run());
  CHECK(Of(diagnosis, "demo.tails(0.0)").impact.high == 4'000);  // not 8,000
  CHECK(Of(diagnosis, "demo.tails(1.0)").impact.high == 1'000);
  CHECK(Of(diagnosis, "demo.stage_zero(0.0)").impact.high == 10'000);
}

TEST_CASE("cost: findings share the ledger, the more specific one first, and the rest is unexplained") {
  const auto compiled = CompileRules(kTailRules);
  const Diagnosis diagnosis = Diagnose(compiled->set, Run());
  CHECK(Of(diagnosis, "demo.tails(0.0)").claim->us == 4'000'000);
  CHECK(Of(diagnosis, "demo.tails(1.0)").claim->us == 1'000'000);
  // Stage 0 in all: 10 s of 14 s, of which the tail and a half of the pauses are others'.
  const Finding& stage = Of(diagnosis, "demo.stage_zero(0.0)");
  CHECK(stage.claim->us == 8'000'000);
  CHECK(stage.inside == "demo.tails(0.0)");
  REQUIRE(diagnosis.unexplained.size() == 1);
  CHECK(diagnosis.unexplained[0].account == model::Account::Driver);
  CHECK(diagnosis.unexplained[0].us == 3'000'000);
}

}  // namespace advise::diagnose
