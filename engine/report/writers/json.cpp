#include "report/writers/json.h"

#include <cmath>

#include "export/log_json.h"
#include "support/json_stream.h"

namespace advise::report {
namespace {

// The members of the contract, one function an object. Keys and their order are those of the contract.
class AnalyzeJson {
 public:
  AnalyzeJson(const Report& report, JsonStream& json, JsonLayout layout)
      : report_(report), json_(json), layout_(layout) {}

  void Write() {
    json_.BeginObject(layout_);
    json_.Key("advise");
    exports::WriteAdviseJson(json_);
    json_.Key("log");
    exports::WriteLogJson(report_.log, json_);
    json_.Key("app");
    App(report_.app);
    List("findings", report_.findings, [this](const ShownFinding& finding) { Finding(finding); });
    List("recommendations", report_.recommendations,
         [this](const auto& recommendation) { Recommendation(recommendation); });
    json_.Key("plan");
    PlanOrNull();
    json_.Key("not_evaluated");
    json_.BeginArray(layout_);
    for (const diagnose::NotEvaluated& group : report_.not_evaluated) NotEvaluatedRules(group);
    json_.EndArray();
    json_.Key("replay");
    ReplayOrNull();
    json_.EndObject();
  }

 private:
  // ---------------------------------------------------------------- members
  void Text(std::string_view key, std::string_view value) {
    json_.Key(key);
    json_.String(value);
  }
  // The empty text means "not stated".
  void TextOrNull(std::string_view key, std::string_view value) {
    json_.Key(key);
    if (value.empty())
      json_.Null();
    else
      json_.String(value);
  }
  void OptionalText(std::string_view key, const std::optional<std::string>& value) {
    json_.Key(key);
    if (value)
      json_.String(*value);
    else
      json_.Null();
  }
  void Integer(std::string_view key, std::int64_t value) {
    json_.Key(key);
    json_.Integer(value);
  }
  void OptionalInteger(std::string_view key, const std::optional<std::int64_t>& value) {
    json_.Key(key);
    if (value)
      json_.Integer(*value);
    else
      json_.Null();
  }
  void Real(std::string_view key, double value) {
    json_.Key(key);
    json_.Real(value);
  }
  void Bool(std::string_view key, bool value) {
    json_.Key(key);
    json_.Bool(value);
  }
  void Texts(std::string_view key, const std::vector<std::string>& values) {
    json_.Key(key);
    json_.BeginArray();
    for (const std::string& value : values) json_.String(value);
    json_.EndArray();
  }
  template <class T, class F>
  void List(std::string_view key, const std::vector<T>& items, const F& write) {
    json_.Key(key);
    json_.BeginArray(layout_);
    for (const T& item : items) write(item);
    json_.EndArray();
  }
  // Whole numbers as integers: 9663676416, not 9.663676416e9.
  void Number(double value) {
    constexpr double kExact = 9007199254740992;  // 2^53
    if (value == std::floor(value) && std::abs(value) <= kExact)
      json_.Integer(static_cast<std::int64_t>(value));
    else
      json_.Real(value);
  }

  // ---------------------------------------------------------------- objects
  void App(const AppInfo& app) {
    json_.BeginObject();
    OptionalText("id", app.id);
    OptionalText("name", app.name);
    OptionalText("attempt", app.attempt);
    OptionalInteger("start_ms", app.start_ms);
    OptionalInteger("end_ms", app.end_ms);
    OptionalInteger("duration_ms", app.duration_ms);
    Bool("failed", app.failed);
    Integer("executors", app.executors);
    OptionalInteger("slots", app.slots);
    Integer("jobs", app.jobs);
    Integer("stages", app.stages);
    Integer("stage_attempts", app.stage_attempts);
    Integer("tasks", app.tasks);
    Integer("task_attempts", app.task_attempts);
    Integer("failed_tasks", app.failed_tasks);
    Integer("sql_executions", app.sql_executions);
    json_.EndObject();
  }

  void Finding(const ShownFinding& shown) {
    const diagnose::Finding& finding = shown.finding;
    json_.BeginObject(layout_);
    Text("id", finding.id);
    Text("rule", finding.rule);
    Text("layer", Word(finding.layer));
    TextOrNull("category", Word(finding.category));
    Text("severity", Word(finding.severity));
    json_.Key("confidence");
    if (finding.confidence)
      json_.Real(*finding.confidence);
    else
      json_.Null();
    json_.Key("subject");
    Subject(finding.subject);
    Text("title", finding.title);
    Text("message", finding.message);
    TextOrNull("explanation", explain::AsText(shown.narration, report_.level));
    List("evidence", finding.evidence, [this](const diagnose::Evidence& item) { Evidence(item); });
    json_.Key("impact");
    Impact(finding.impact);
    Texts("explains", finding.explains);
    OptionalText("explained_by", finding.explained_by);
    List("ruled_out", finding.ruled_out, [this](const diagnose::RuledOut& other) {
      json_.BeginObject();
      TextOrNull("rule", other.rule);
      TextOrNull("phrase", other.phrase);
      Text("because", other.because);
      List("values", other.values, [this](const diagnose::Evidence& value) { Evidence(value); });
      json_.EndObject();
    });
    json_.EndObject();
  }

  // {"stage": 12, "node": 7}: Spark's numbers, or the key where an entity has none.
  void Subject(const std::vector<diagnose::SubjectPart>& parts) {
    json_.BeginObject();
    for (const diagnose::SubjectPart& part : parts) {
      if (part.number)
        Integer(part.role, *part.number);
      else
        Text(part.role, part.key);
    }
    json_.EndObject();
  }

  void Evidence(const diagnose::Evidence& item) {
    json_.BeginObject();
    Text("name", item.name);
    json_.Key("value");
    if (item.number)
      Number(*item.number);
    else if (item.text_value)
      json_.String(*item.text_value);
    else
      json_.Null();
    TextOrNull("unit", item.unit);
    Text("text", item.text);
    json_.EndObject();
  }

  void Impact(const diagnose::Impact& impact) {
    json_.BeginObject();
    json_.Key("time_ms");
    json_.BeginObject();
    Integer("low", impact.low);
    OptionalInteger("mid", impact.mid);
    OptionalInteger("high", impact.high);
    json_.EndObject();
    json_.EndObject();
  }

  void Recommendation(const recommend::Recommendation& recommendation) {
    json_.BeginObject(layout_);
    Text("id", recommendation.id);
    Text("rule", recommendation.rule);
    Texts("for", recommendation.for_findings);
    Text("fix", recommendation.fix);
    List("changes", recommendation.changes, [this](const recommend::Change& change) {
      json_.BeginObject();
      Text("kind", change.kind);
      Text("key", change.key);
      OptionalText("from", change.from);
      Text("to", change.to);
      OptionalText("scope", change.scope);
      json_.EndObject();
    });
    TextOrNull("effort", recommendation.effort);
    TextOrNull("risk", recommendation.risk);
    json_.Key("saving");
    SavingOrNull(recommendation.saving);
    OptionalText("evidence_class", recommendation.evidence_class);
    Bool("chosen", recommendation.chosen);
    TextOrNull("reason", recommendation.reason);
    json_.EndObject();
  }

  void Interval(std::string_view key, const recommend::Interval& interval) {
    json_.Key(key);
    json_.BeginObject();
    Integer("low", interval.low);
    Integer("mid", interval.mid);
    Integer("high", interval.high);
    json_.EndObject();
  }

  void SavingOrNull(const std::optional<recommend::Saving>& saving) {
    if (!saving) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    Interval("alone", saving->alone);
    Interval("in_plan", saving->in_plan);
    Real("share", saving->share);
    json_.EndObject();
  }

  void PlanOrNull() {
    if (!report_.plan) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    Texts("steps", report_.plan->steps);
    Interval("joint_saving", report_.plan->joint_saving);
    Integer("sum_of_separate", report_.plan->sum_of_separate);
    List("interactions", report_.plan->interactions, [this](const Interaction& interaction) {
      json_.BeginObject();
      Text("a", interaction.a);
      Text("b", interaction.b);
      Text("kind", interaction.kind);
      Integer("amount_ms", interaction.amount_ms);
      json_.EndObject();
    });
    json_.EndObject();
  }

  // One element a rule, as in the contract.
  void NotEvaluatedRules(const diagnose::NotEvaluated& group) {
    for (const std::string& rule : group.rules) {
      json_.BeginObject();
      Text("rule", rule);
      Texts("missing", group.missing);
      Text("because", group.because);
      json_.EndObject();
    }
  }

  void ReplayOrNull() {
    if (!report_.replay) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    Real("error", report_.replay->error);
    Real("in_job_error", report_.replay->in_job_error);
    Real("frozen_share", report_.replay->frozen_share);
    json_.EndObject();
  }

  const Report& report_;
  JsonStream& json_;
  JsonLayout layout_;
};

}  // namespace

void WriteJson(const Report& report, std::ostream& out, const JsonOptions& options) {
  {
    JsonStream json(out);
    AnalyzeJson(report, json, options.one_line ? JsonLayout::OneLine : JsonLayout::LinePerMember).Write();
  }
  out << '\n';
}

}  // namespace advise::report
