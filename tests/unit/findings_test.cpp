// Folding, severity and order of findings.
#include <doctest/doctest.h>

#include "diagnose/merge.h"
#include "diagnose/rank.h"

namespace advise::diagnose {
namespace {

Finding Make(std::string id, Layer layer, std::optional<std::int64_t> high, double confidence = 0.9,
             std::vector<std::string> explains = {}) {
  Finding f;
  f.id = std::move(id);
  f.layer = layer;
  f.impact.high = high;
  f.confidence = confidence;
  f.explains = std::move(explains);
  return f;
}

std::vector<std::string> Ids(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& f : findings) ids.push_back(f.id);
  return ids;
}

TEST_CASE("a symptom is folded under the cause that explains it best, and stays in both lists") {
  const auto merged =
      Merge({Make("spill(5)", Layer::Symptom, 100),
             Make("skew(5)", Layer::Cause, 100, 0.95, {"spill(5)", "gone(1)", "spill(5)"}),
             Make("memory(5)", Layer::Cause, 100, 0.5, {"spill(5)"}), Make("gc(7)", Layer::Symptom, 10)});
  CHECK(merged[0].explained_by == "skew(5)");
  CHECK(merged[1].explains == std::vector<std::string>{"spill(5)"});
  CHECK(merged[2].explains == std::vector<std::string>{"spill(5)"});
  CHECK_FALSE(merged[1].explained_by);
  CHECK_FALSE(merged[3].explained_by);
}

TEST_CASE("equal causes: the smaller id explains; a finding never explains itself") {
  const auto merged = Merge({Make("s", Layer::Symptom, 1), Make("b", Layer::Cause, 5, 0.9, {"s", "b"}),
                             Make("a", Layer::Cause, 5, 0.9, {"s"})});
  CHECK(merged[0].explained_by == "a");
  CHECK(merged[1].explains == std::vector<std::string>{"s"});
}

TEST_CASE("severity follows the share of the critical path") {
  const struct {
    std::string name;
    std::optional<std::int64_t> high;
    Severity want;
  } rows[] = {
      {"below 1 %", 9, Severity::Info},      {"1 %", 10, Severity::Low},
      {"just below 5 %", 49, Severity::Low}, {"5 %", 50, Severity::Medium},
      {"15 %", 150, Severity::High},         {"just below 50 %", 499, Severity::High},
      {"50 %", 500, Severity::Critical},     {"unknown", std::nullopt, Severity::Info},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(DeriveSeverity(Make("x", Layer::Cause, row.high), {.app_duration = 1000}) == row.want);
  }
}

TEST_CASE("a severity clause is an upper bound, and decides where the impact is unknown") {
  Finding f = Make("x", Layer::Cause, 500);
  f.severity_bound = Severity::Low;
  CHECK(DeriveSeverity(f, {.app_duration = 1000}) == Severity::Low);
  f.severity_bound = Severity::Critical;
  f.impact.high = 20;
  CHECK(DeriveSeverity(f, {.app_duration = 1000}) == Severity::Low);
  f.impact.high = std::nullopt;
  f.severity_bound = Severity::Medium;
  CHECK(DeriveSeverity(f, {.app_duration = 1000}) == Severity::Medium);
}

TEST_CASE("trouble in a failed application is critical if it is about reliability") {
  Finding f = Make("x", Layer::Cause, 1);
  f.category = Category::Reliability;
  CHECK(DeriveSeverity(f, {.app_duration = 1000, .app_failed = true}) == Severity::Critical);
  f.category = Category::Resource;
  CHECK(DeriveSeverity(f, {.app_duration = 1000, .app_failed = true}) == Severity::Info);
}

TEST_CASE("an application without duration has no shares") {
  CHECK(DeriveSeverity(Make("x", Layer::Cause, 500), {}) == Severity::Info);
}

TEST_CASE("order: severity, time, causes before symptoms, id") {
  const auto ranked = Rank({Make("d", Layer::Cause, std::nullopt), Make("c", Layer::Symptom, 300),
                            Make("b", Layer::Cause, 300), Make("a", Layer::Cause, 300), Make("e", Layer::Cause, 600)},
                           {.app_duration = 1000});
  CHECK(Ids(ranked) == std::vector<std::string>{"e", "a", "b", "c", "d"});
}

TEST_CASE("names and their texts agree") {
  for (const Severity s : {Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical})
    CHECK(rules::ParseWord<Severity>(Word(s)) == s);
  for (const Category c :
       {Category::Resource, Category::Distribution, Category::Algorithm, Category::Reliability, Category::Log}) {
    CHECK(rules::ParseWord<Category>(Word(c)) == c);
  }
  CHECK_FALSE(rules::ParseWord<Category>(""));
  CHECK_FALSE(rules::ParseWord<Severity>("severe"));
}

}  // namespace
}  // namespace advise::diagnose
