// One function an object of the contract; keys and their order are those of analyze.schema.json.
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
    WriteAdviseMember(json_);
    json_.Key("log");
    exports::WriteLogJson(report_.log, json_);
    json_.Key("app");
    App(report_.app);
    List("findings", report_.findings, [this](const ShownFinding& finding) { Finding(finding); });
    List("recommendations", report_.recommendations,
         [this](const auto& recommendation) { Recommendation(recommendation); });
    json_.Key("plan");
    PlanOrNull();
    json_.BeginArray("not_evaluated", layout_);
    for (const diagnose::NotEvaluated& group : report_.not_evaluated) NotEvaluatedRules(group);
    json_.EndArray();
    json_.Key("replay");
    ReplayOrNull();
    json_.Key("ledger");
    LedgerOrNull();
    List("parameters", report_.in_force.params, [this](const diagnose::ChangedParam& param) {
      json_.BeginObject();
      json_.String("name", param.name);
      Value("value", param.number, param.value);
      Value("default", param.default_number, param.default_value);
      json_.String("set_by", param.set_by);
      json_.EndObject();
    });
    List("overrides", report_.in_force.rules, [this](const diagnose::RuleChange& rule) {
      json_.BeginObject();
      json_.String("rule", rule.rule);
      json_.String("change", rule.change);
      json_.StringOrNull("because", rule.because);
      json_.String("set_by", rule.set_by);
      json_.EndObject();
    });
    List("broken_rules", report_.in_force.left_out, [this](const diagnose::LeftOutRule& rule) {
      json_.BeginObject();
      json_.String("rule", rule.rule);
      json_.String("code", rule.code);
      json_.String("place", rule.place);
      json_.String("message", rule.message);
      json_.EndObject();
    });
    json_.EndObject();
  }

 private:
  void Value(std::string_view key, const std::optional<double>& number, const std::string& text) {
    json_.Key(key);
    if (number)
      Number(*number);
    else
      json_.String(text);
  }

  template <class T, class F>
  void List(std::string_view key, const std::vector<T>& items, const F& write) {
    json_.BeginArray(key, layout_);
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
    json_.String("id", app.id);
    json_.String("name", app.name);
    json_.String("attempt", app.attempt);
    json_.Integer("start_ms", app.start_ms);
    json_.Integer("end_ms", app.end_ms);
    json_.Integer("duration_ms", app.duration_ms);
    json_.Bool("failed", app.failed);
    json_.Integer("executors", app.executors);
    json_.Integer("slots", app.slots);
    json_.Integer("jobs", app.jobs);
    json_.Integer("stages", app.stages);
    json_.Integer("stage_attempts", app.stage_attempts);
    json_.Integer("tasks", app.tasks);
    json_.Integer("task_attempts", app.task_attempts);
    json_.Integer("failed_tasks", app.failed_tasks);
    json_.Integer("sql_executions", app.sql_executions);
    json_.EndObject();
  }

  void Finding(const ShownFinding& shown) {
    const diagnose::Finding& finding = shown.finding;
    json_.BeginObject(layout_);
    json_.String("id", finding.id);
    json_.String("rule", finding.rule);
    json_.String("layer", Word(finding.layer));
    json_.StringOrNull("category", Word(finding.category));
    json_.String("severity", Word(finding.severity));
    json_.Real("confidence", finding.confidence);
    json_.Key("subject");
    Subject(finding.subject);
    json_.String("title", finding.title);
    json_.String("message", finding.message);
    json_.StringOrNull("explanation", explain::AsText(shown.narration, report_.level));
    List("evidence", finding.evidence, [this](const diagnose::Evidence& item) { Evidence(item); });
    json_.Key("impact");
    Impact(finding.impact);
    json_.Strings("explains", finding.explains);
    json_.String("explained_by", finding.explained_by);
    List("ruled_out", finding.ruled_out, [this](const diagnose::RuledOut& other) {
      json_.BeginObject();
      json_.StringOrNull("rule", other.rule);
      json_.StringOrNull("phrase", other.phrase);
      json_.String("because", other.because);
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
        json_.Integer(part.role, *part.number);
      else
        json_.String(part.role, part.key);
    }
    json_.EndObject();
  }

  void Evidence(const diagnose::Evidence& item) {
    json_.BeginObject();
    json_.String("name", item.name);
    json_.Key("value");
    if (item.number)
      Number(*item.number);
    else if (item.text_value)
      json_.String(*item.text_value);
    else
      json_.Null();
    json_.StringOrNull("unit", item.unit);
    json_.String("text", item.text);
    json_.EndObject();
  }

  void Impact(const diagnose::Impact& impact) {
    json_.BeginObject();
    json_.BeginObject("time_ms");
    json_.Integer("low", impact.low);
    json_.Integer("mid", impact.mid);
    json_.Integer("high", impact.high);
    json_.EndObject();
    json_.EndObject();
  }

  void Recommendation(const recommend::Recommendation& recommendation) {
    json_.BeginObject(layout_);
    json_.String("id", recommendation.id);
    json_.String("rule", recommendation.rule);
    std::vector<std::string> ids;
    for (const std::size_t finding : recommendation.for_findings) ids.push_back(report_.findings[finding].finding.id);
    json_.Strings("for", ids);
    json_.String("fix", recommendation.fix);
    List("changes", recommendation.changes, [this](const recommend::Change& change) {
      json_.BeginObject();
      json_.String("kind", Word(change.kind));
      json_.String("key", change.key);
      json_.String("from", change.from ? std::optional(change.from->text) : std::nullopt);
      json_.String("to", change.to.text);
      json_.StringOrNull("scope", Word(change.scope));
      json_.EndObject();
    });
    json_.StringOrNull("effort", Word(recommendation.effort));
    json_.StringOrNull("risk", Word(recommendation.risk));
    json_.Key("saving");
    SavingOrNull(recommendation.saving);
    json_.String("evidence_class", recommendation.evidence_class);
    json_.StringOrNull("not_estimated", recommendation.saving ? std::string() : recommendation.not_estimated);
    json_.Bool("chosen", recommendation.chosen);
    json_.StringOrNull("reason", recommendation.reason);
    json_.EndObject();
  }

  void Interval(std::string_view key, const recommend::Interval& interval) {
    json_.BeginObject(key);
    json_.Integer("low", interval.low);
    json_.Integer("mid", interval.mid);
    json_.Integer("high", interval.high);
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
    json_.Real("share", saving->share);
    json_.EndObject();
  }

  void RealOrNull(std::string_view key, const std::optional<double>& value) {
    json_.Key(key);
    if (value) {
      json_.Real(*value);
    } else {
      json_.Null();
    }
  }

  // Null without prices, or where the log does not say what an executor is.
  void Money(const std::optional<plan::PlanMoney>& money) {
    json_.Key("money");
    if (!money) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    json_.String("currency", money->currency);
    json_.String("billing", money->billing);
    json_.String("source", money->source);
    RealOrNull("now", money->now);
    RealOrNull("after", money->after);
    json_.Real("core_hours", money->core_hours);
    json_.EndObject();
  }

  // Null where no time can be predicted; `replay` and the texts say why.
  void PlanOrNull() {
    if (!report_.plan || !report_.plan->refused_code.empty()) {
      json_.Null();
      return;
    }
    const plan::Plan& plan = *report_.plan;
    const auto id = [this](std::size_t recommendation) { return report_.recommendations[recommendation].id; };
    json_.BeginObject(layout_);
    if (plan.model.empty()) {
      json_.Null("cost_model");
    } else {
      json_.BeginObject("cost_model");
      json_.String("name", plan.model);
      json_.StringOrNull("failed", plan.model_failed);
      json_.EndObject();
    }
    std::vector<std::string> ids;
    for (const plan::PlanStep& step : plan.steps) ids.push_back(id(step.recommendation));
    json_.Strings("steps", ids);
    Interval("joint_saving", plan.joint);
    json_.Integer("sum_of_separate", plan.sum_of_separate);
    List("interactions", plan.interactions, [&](const plan::Interaction& interaction) {
      json_.BeginObject();
      json_.String("a", id(interaction.a));
      json_.String("b", id(interaction.b));
      json_.String("kind", Word(interaction.kind));
      json_.Integer("amount_ms", interaction.amount);
      json_.String("because", interaction.because);
      json_.EndObject();
    });
    List("measure_first", plan.doubts, [&](const plan::Doubt& doubt) {
      json_.BeginObject();
      json_.String("recommendation", id(doubt.recommendation));
      json_.Real("share_against", doubt.against);
      json_.Integer("worth_ms", doubt.worth);
      json_.EndObject();
    });
    List("order", plan.steps, [&](const plan::PlanStep& step) {
      json_.BeginObject();
      json_.String("recommendation", id(step.recommendation));
      Interval("saving", step.saving);
      json_.Integer("fair_share", step.fair_share);
      json_.Integer("if_dropped", step.if_dropped);
      Interval("duration_after", step.after);
      json_.StringOrNull("check", step.check);
      RealOrNull("money_after", step.money);
      json_.EndObject();
    });
    Money(plan.money);
    List("no_help", plan.no_help, [&](const plan::Remedy& remedy) {
      json_.BeginObject();
      json_.String("remedy", remedy.what);
      Interval("saving", remedy.saving);
      json_.String("evidence_class", std::string(1, remedy.evidence));
      json_.StringOrNull("because", remedy.because);
      json_.EndObject();
    });
    json_.EndObject();
  }

  // One element a rule, as in the contract.
  void NotEvaluatedRules(const diagnose::NotEvaluated& group) {
    for (const std::string& rule : group.rules) {
      json_.BeginObject();
      json_.String("rule", rule);
      json_.Strings("missing", group.missing);
      json_.String("because", group.because);
      json_.StringOrNull("in_part", group.in_part);
      json_.EndObject();
    }
  }

  void ReplayOrNull() {
    if (!report_.plan || !report_.plan->replay) {
      json_.Null();
      return;
    }
    const plan::Replay& replay = *report_.plan->replay;
    json_.BeginObject();
    json_.Real("error", replay.error);
    json_.Real("in_job_error", replay.in_job_error);
    json_.Real("frozen_share", replay.frozen_share);
    json_.StringOrNull("refused", report_.plan->refused_code);
    json_.EndObject();
  }

  void LedgerOrNull() {
    if (!report_.ledger) {
      json_.Null();
      return;
    }
    json_.BeginObject(layout_);
    json_.Integer("duration_ms", report_.ledger->duration_ms);
    json_.Integer("user_idle_ms", report_.ledger->user_idle_ms);
    json_.Bool("slots_observed", report_.ledger->slots_observed);
    List("accounts", report_.ledger->accounts, [this](const LedgerAccount& account) {
      json_.BeginObject();
      json_.String("account", account.account);
      json_.Integer("ms", account.ms);
      json_.Integer("claimed_ms", account.claimed_ms);
      json_.BeginArray("claims");
      for (const LedgerAccount::Claim& claim : account.claims) {
        json_.BeginObject();
        json_.String("finding", claim.finding);
        json_.Integer("ms", claim.ms);
        json_.EndObject();
      }
      json_.EndArray();
      StageTimes(account.stages);
      json_.EndObject();
    });
    json_.Integer("unexplained_ms", report_.ledger->unexplained_ms);
    List("unexplained", report_.ledger->unexplained, [this](const UnexplainedTime& time) {
      json_.BeginObject();
      json_.String("account", time.account);
      json_.Integer("ms", time.ms);
      json_.Real("share", time.share);
      StageTimes(time.stages);
      json_.EndObject();
    });
    json_.EndObject();
  }

  void StageTimes(const std::vector<LedgerAccount::OfStage>& stages) {
    json_.BeginArray("stages");
    for (const LedgerAccount::OfStage& stage : stages) {
      json_.BeginObject();
      json_.String("stage", stage.stage);
      json_.Integer("ms", stage.ms);
      json_.EndObject();
    }
    json_.EndArray();
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
