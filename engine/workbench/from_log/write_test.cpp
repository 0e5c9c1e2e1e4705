// The reduced test as text: entities first, then edges, then what is expected.
#include "workbench/from_log/write_test.h"

#include <algorithm>
#include <array>

#include "metrics/catalogue.h"
#include "model/enums.h"
#include "support/quoted.h"
#include "support/text.h"
#include "workbench/from_log/literal.h"
#include "workbench/from_log/reduce_test.h"

namespace advise::workbench {
namespace {

using rules::BoundTest;
using rules::GivenCell;

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (c == '\r') {
      quoted += "\\r";
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "\"";
}

class TestWriter {
 public:
  TestWriter(const BoundTest& test, const std::vector<std::uint32_t>& head) : test_(test), head_(head) {}

  std::string Write(const std::string& name, const std::string& rule, bool negated) const {
    std::string text = "test " + Quote(name) + " {\n";
    for (const rules::GivenEntity& given : test_.givens) {
      if (given.type.entity != model::Entity::Shuffle) text += "  given " + given.name + ": " + TypeOf(given) + Body(given);
    }
    for (const rules::GivenLink& link : test_.links) text += LinkText(link);
    for (const auto& [key, value] : test_.settings) text += "  given conf " + Quote(key) + " = " + Quote(value) + "\n";
    const std::string arguments =
        Join(head_, ", ", [this](std::uint32_t given) { return test_.givens[given].name; });
    return text + "  expect " + (negated ? "not " : "") + rule + "(" + arguments + ")\n}\n";
  }

 private:
  static std::string TypeOf(const rules::GivenEntity& given) {
    return given.type.node_kind ? std::string(model::EnumName(*given.type.node_kind))
                                : std::string(model::EntityName(given.type.entity));
  }

  std::string CellText(const metrics::Attribute& attribute, const GivenCell& cell) const {
    switch (cell.kind) {
      case GivenCell::Kind::Missing: return "missing";
      case GivenCell::Kind::Number: return LiteralOf(attribute, cell.number);
      case GivenCell::Kind::Text: return Quote(cell.text);
      case GivenCell::Kind::Bool: return cell.boolean ? "true" : "false";
      case GivenCell::Kind::Given: return test_.givens[cell.given].name;
    }
    return {};
  }

  [[nodiscard]] std::vector<std::string> Properties(const rules::GivenEntity& given) const {
    std::vector<std::string> properties;
    for (std::size_t i = 0; i < given.values.size(); ++i) {
      const metrics::Attribute& attribute = metrics::Get(given.values[i].attribute);
      const bool set = attribute.kind == metrics::ValueKind::EntitySet;
      if (i > 0 && set && given.values[i - 1].attribute == given.values[i].attribute) continue;
      std::string text = std::string(attribute.name) + " = ";
      if (set) {
        std::vector<std::string> members;
        for (const rules::GivenValue& value : given.values) {
          if (value.attribute == attribute.id) members.push_back(CellText(attribute, value.cell));
        }
        text += "[" + Join(members, ", ") + "]";
      } else {
        text += CellText(attribute, given.values[i].cell);
      }
      properties.push_back(std::move(text));
    }
    for (const rules::GivenMetric& metric : given.metrics) {
      // The type of a metric that Spark itself does not have.
      constexpr std::array<std::string_view, 5> kTypes = {"Count", "Bytes", "SlotTime", "Duration", "Ratio"};
      const bool known = metrics::FindSqlMetric(metric.name) != nullptr;
      const std::string type = known ? "" : ", " + std::string(kTypes.at(static_cast<std::size_t>(metric.kind)));
      const bool largest = metric.part == metrics::SqlMetricPart::Largest;
      properties.push_back((largest ? "metric_max(" : "metric(") + Quote(metric.name) + type + ") = " +
                           (metric.number ? LiteralOf(LiteralUnit(metric.kind, metric.part), *metric.number)
                                          : std::string("missing")));
    }
    for (const rules::GivenSample& sample : given.tasks) {
      const metrics::Attribute& attribute = metrics::Get(sample.attribute);
      properties.push_back("tasks." + std::string(attribute.name) + " = [" +
                           Join(sample.runs, ", ",
                                [&](const auto& run) {
                                  return CellText(attribute, run.first) +
                                         (run.second > 1 ? " x " + std::to_string(run.second) : std::string());
                                }) +
                           "]");
    }
    return properties;
  }

  [[nodiscard]] std::string Body(const rules::GivenEntity& given) const {
    const std::vector<std::string> properties = Properties(given);
    if (properties.empty()) return "\n";
    if (properties.size() == 1) return " { " + properties.front() + " }\n";
    return " {\n    " + Join(properties, "\n    ") + "\n  }\n";
  }

  [[nodiscard]] std::string LinkText(const rules::GivenLink& link) const {
    const metrics::EdgeInfo& info = *std::ranges::find(metrics::AllEdges(), link.kind, &metrics::EdgeInfo::kind);
    std::string edge = ": " + std::string(info.name);
    if (link.as) {
      const rules::GivenEntity& shuffle = test_.givens[*link.as];
      const std::vector<std::string> properties = Properties(shuffle);
      edge = shuffle.name + edge;
      if (!properties.empty()) edge += " { " + Join(properties, " ") + " }";
    }
    return "  given (" + test_.givens[link.from].name + ")-[" + edge + "]->(" + test_.givens[link.to].name + ")\n";
  }

  const BoundTest& test_;
  const std::vector<std::uint32_t>& head_;
};

}  // namespace

Result<std::string> WriteTests(const rules::RuleSet& set, const rules::MatchResults& results,
                               const model::JobModel& model, std::size_t index) {
  const rules::Match& match = results.matches[index];
  const rules::BoundRule& rule = set.rules[match.rule];
  const std::string id = MatchId(set, model, results, match);
  GivenFacts facts = FactsOf(set, results, model, index);
  Trial trial(set, match.rule, facts.head);
  if (!Reduce(trial, facts.test)) {
    return Fail(DiagnosticCode::TestGiven, Quoted(id) + " rests on more than a test can give",
                "write the test on the log itself: `test \"…\" from \"" + std::string("my.log") + "\" { expect " +
                    rule.name + "(…) }`");
  }
  std::string text;
  const auto pack = std::ranges::find(set.packs, rule.pack, &rules::PackInfo::name);
  if (pack != set.packs.end() && pack->built_in) text = "use " + rule.pack + "\n\n";
  text += TestWriter(facts.test, trial.head()).Write(rule.name + ": as in a run", rule.name, false);
  if (const std::optional<Miss> miss = NearestMiss(trial, facts.test)) {
    text += "\n# the nearest miss: another " + miss->what + "\n" +
            TestWriter(miss->test, trial.head()).Write(rule.name + ": the nearest miss", rule.name, true);
  } else {
    text += "\n# no single value makes it miss: change the pattern, or what it starts from\n";
  }
  return text;
}

}  // namespace advise::workbench
