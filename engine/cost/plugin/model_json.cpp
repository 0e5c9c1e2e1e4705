// Writes runs and scenarios, reads what plug-ins answer and believes nothing of it unchecked.
#include "cost/plugin/model_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/json_stream.h"

namespace advise::cost {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> ModelError(std::string what) {
  return Fail(DiagnosticCode::Usage, "the cost model " + std::move(what));
}

// ---------------------------------------------------------------- writing
class ScenarioWriter {
 public:
  explicit ScenarioWriter(JsonStream& json) : json_(json) {}

  void Write(const ModelScenario& scenario) {
    json_.BeginObject();
    json_.Key("effects");
    json_.BeginArray();
    for (const Effect& effect : scenario.effects) {
      json_.BeginObject();
      json_.Key("op");
      json_.String(OperatorName(effect));
      std::visit([this](const auto& what) { Members(what); }, effect);
      json_.EndObject();
    }
    for (const std::string& unknown : scenario.unknown) {
      json_.BeginObject();
      json_.Key("op");
      json_.String(unknown);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
  }

 private:
  void Real(std::string_view key, double value) {
    json_.Key(key);
    json_.Real(value);
  }
  void Span(std::string_view key, const Range& range) {
    json_.Key(key);
    json_.BeginObject();
    Real("lo", range.low);
    Real("mid", range.mid);
    Real("hi", range.high);
    json_.EndObject();
  }
  void Numbers(std::string_view key, const std::vector<std::uint32_t>& numbers) {
    json_.Key(key);
    json_.BeginArray();
    for (const std::uint32_t number : numbers) json_.Integer(number);
    json_.EndArray();
  }
  void Names(const ComponentSet& components) {
    json_.Key("components");
    json_.BeginArray();
    for (std::size_t c = 0; c < kComponents; ++c) {
      if (components[c]) json_.Integer(static_cast<std::int64_t>(c));
    }
    json_.EndArray();
  }

  void Members(const DropStages& drop) { Numbers("stages", drop.stages); }
  void Members(const AddWork& work) {
    Numbers("stages", {work.stage});
    Real("tasks", work.tasks);
    Span("slot_time_ms", work.slot_time);
  }
  void Members(const ChangeVolume& volume) {
    Span("shuffle_bytes", volume.shuffle_bytes);
    Span("spill_bytes", volume.spill_bytes);
  }
  void Members(const SetPartitions& set) {
    Numbers("stages", set.stages);
    Real("to", set.partitions);
  }
  void Members(const CoalescePartitions& coalesce) {
    Numbers("stages", coalesce.stages);
    Real("target_bytes", coalesce.target_bytes);
    Real("least", coalesce.least);
    Real("smallest_bytes", coalesce.smallest_bytes);
  }
  void Members(const SplitTasks& split) {
    Numbers("stages", split.stages);
    Real("above_bytes", split.above_bytes);
    Real("piece_bytes", split.piece_bytes);
    Real("most_pieces", split.most_pieces);
  }
  void Members(const CapComponent& cap) {
    Numbers("stages", cap.stages);
    ComponentSet one;
    one.set(At(cap.component));
    Names(one);
    Real("ms", cap.ms);
  }
  void Members(const ScaleComponents& scale) {
    Numbers("stages", scale.stages);
    Names(scale.components);
    Span("factor", scale.factor);
  }
  void Members(const ScaleTasks& scale) {
    Numbers("tasks", scale.tasks);
    Names(scale.components);
    Span("factor", scale.factor);
  }
  void Members(const CapTasks& cap) {
    Numbers("stages", cap.stages);
    Span("ms", cap.ms);
  }
  void Members(const SetSlots& slots) {
    Real("executors", slots.executors);
    Real("slots", slots.slots);
  }
  void Members(const ScaleArrivals& arrivals) {
    Numbers("executors", arrivals.arrivals);
    Span("factor", arrivals.factor);
  }
  void Members(const KeepExecutor& kept) {
    Numbers("executors", {kept.executor});
    Numbers("until", {kept.last});
    Numbers("replaces", kept.replaced);
  }
  void Members(const SetFair& fair) {
    json_.Key("fair");
    json_.Bool(fair.fair);
  }
  void Members(const ScaleGaps& gaps) {
    Numbers("gaps", gaps.gaps);
    Span("factor", gaps.factor);
  }
  void Members(const AddLag& lag) {
    Numbers("points", {lag.point});
    Span("ms", lag.ms);
  }

  JsonStream& json_;
};

// ---------------------------------------------------------------- reading
// nlohmann's own exceptions are off: every access is asked first.
std::optional<double> NumberAt(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double value = at->get<double>();
  return std::isfinite(value) && value >= 0 ? std::optional<double>(value) : std::nullopt;
}

// false: it is there and is no interval.
bool ReadInterval(const Json& object, const char* key, std::optional<Interval>& into) {
  const auto at = object.find(key);
  if (at == object.end() || at->is_null()) return true;
  if (!at->is_object()) return false;
  const auto low = NumberAt(*at, "lo");
  const auto mid = NumberAt(*at, "mid");
  const auto high = NumberAt(*at, "hi");
  if (!low || !mid || !high || *low > *mid || *mid > *high) return false;
  into = Interval{*low, *mid, *high};
  return true;
}

// nullopt: it is no list of texts.
std::optional<std::vector<std::string>> Texts(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const auto at = object.find(key);
  if (at == object.end()) return texts;
  if (!at->is_array()) return std::nullopt;
  for (const Json& text : *at) {
    if (!text.is_string()) return std::nullopt;
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

Result<ModelOutcome> OutcomeOf(const Json& object) {
  if (!object.is_object()) return ModelError("answers with something that is no outcome");
  ModelOutcome outcome;
  std::optional<Interval> time;
  if (!ReadInterval(object, "time_ms", time) || !time)
    return ModelError("answers without `time_ms` of {lo, mid, hi}: finite numbers from 0 on in this order");
  outcome.time = *time;
  if (!ReadInterval(object, "slot_time_ms", outcome.slot_time) ||
      !ReadInterval(object, "shuffle_bytes", outcome.shuffle_bytes) ||
      !ReadInterval(object, "spill_bytes", outcome.spilled_bytes))
    return ModelError(
        "answers with an interval that is none: {lo, mid, hi} are finite numbers from 0 on in this order");
  const auto unsupported = Texts(object, "unsupported");
  if (!unsupported) return ModelError("answers with `unsupported` that is no list of texts");
  outcome.unsupported = *unsupported;
  return outcome;
}

Json Parse(const std::string& text) { return Json::parse(text, nullptr, false); }

}  // namespace

std::string RunJson(const ModelRun& run) {
  const Workload& workload = run.workload;
  std::ostringstream out;
  {
    JsonStream json(out);
    const auto integer = [&](std::string_view key, std::int64_t value) {
      json.Key(key);
      json.Integer(value);
    };
    const auto real = [&](std::string_view key, double value) {
      json.Key(key);
      json.Real(value);
    };
    json.BeginObject();
    integer("schema", kModelSchema);
    real("duration_ms", workload.duration);
    real("idle_ms", workload.observed_idle);
    json.Key("fair");
    json.Bool(workload.fair);
    json.Key("shared_machine");
    json.Bool(workload.machine.shared);
    json.Key("components");
    json.BeginArray();
    for (std::size_t c = 0; c < kComponents; ++c) json.String(ComponentName(static_cast<Component>(c)));
    json.EndArray();
    json.Key("jobs");
    json.BeginArray();
    for (const JobWork& job : workload.jobs) {
      json.BeginObject();
      integer("id", job.id);
      real("start_ms", job.start);
      real("end_ms", job.end);
      json.EndObject();
    }
    json.EndArray();
    json.Key("stages");
    json.BeginArray();
    for (const StageWork& stage : workload.stages) {
      json.BeginObject();
      integer("id", stage.id);
      integer("attempt", stage.attempt);
      json.Key("job");
      if (stage.job == kNone) {
        json.Null();
      } else {
        json.Integer(stage.job);
      }
      integer("first_task", stage.first_task);
      integer("tasks", stage.tasks);
      real("submitted_ms", stage.submitted);
      real("ended_ms", stage.ended);
      json.Key("parents");
      json.BeginArray();
      for (const std::uint32_t parent : stage.parents) json.Integer(parent);
      json.EndArray();
      json.EndObject();
    }
    json.EndArray();
    json.Key("executors");
    json.BeginArray();
    for (const ExecutorWork& executor : workload.executors) {
      json.BeginObject();
      integer("slots", executor.slots);
      real("arrival_ms", executor.arrival);
      real("removal_ms", executor.removal);
      json.EndObject();
    }
    json.EndArray();
    json.Key("gaps");
    json.BeginArray();
    for (const GapWork& gap : workload.gaps) {
      json.BeginObject();
      json.Key("kind");
      json.String(model::EnumName(gap.kind));
      real("begin_ms", gap.begin);
      real("length_ms", gap.length);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  return out.str();
}

std::string ScenarioJson(const ModelScenario& scenario) {
  std::ostringstream out;
  {
    JsonStream json(out);
    ScenarioWriter(json).Write(scenario);
  }
  return out.str();
}

std::string ScenariosJson(std::span<const ModelScenario> scenarios) {
  std::ostringstream out;
  {
    JsonStream json(out);
    json.BeginArray();
    ScenarioWriter writer(json);
    for (const ModelScenario& scenario : scenarios) writer.Write(scenario);
    json.EndArray();
  }
  return out.str();
}

Result<ModelOutcome> ParseOutcome(const std::string& text) { return OutcomeOf(Parse(text)); }

Result<std::vector<ModelOutcome>> ParseOutcomes(const std::string& text, std::size_t count) {
  const Json list = Parse(text);
  if (!list.is_array() || list.size() != count)
    return ModelError("answers without one outcome for each of " + std::to_string(count) + " scenarios");
  std::vector<ModelOutcome> outcomes;
  for (const Json& one : list) {
    Result<ModelOutcome> outcome = OutcomeOf(one);
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

Result<std::string> ReplyMember(const std::string& line, std::uint64_t id, const std::string& member) {
  const Json reply = Parse(line);
  if (!reply.is_object()) return ModelError("answers with a line that is no JSON object");
  const auto number = NumberAt(reply, "id");
  if (!number || *number != static_cast<double>(id))
    return ModelError("answers another question than was asked (`id`)");
  const auto ok = reply.find("ok");
  if (ok == reply.end() || !ok->is_boolean()) return ModelError("answers without `ok`");
  if (!ok->get<bool>()) {
    const auto error = reply.find("error");
    std::string text = "refuses";
    if (error != reply.end() && error->is_object()) {
      for (const char* key : {"code", "op", "text"}) {
        const auto word = error->find(key);
        if (word != error->end() && word->is_string()) text += ", " + word->get<std::string>();
      }
    }
    return ModelError(text);
  }
  const auto found = reply.find(member);
  return found == reply.end() ? std::string() : found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ModelInfo> ParseInfo(const std::string& text) {
  const Json object = Parse(text);
  if (!object.is_object()) return ModelError("does not say what it is (`model`)");
  ModelInfo info;
  for (const auto& [key, into] : {std::pair("id", &info.id), std::pair("version", &info.version)}) {
    const auto at = object.find(key);
    if (at == object.end() || !at->is_string()) return ModelError(std::string("does not say its ") + key);
    *into = at->get<std::string>();
  }
  const auto operators = Texts(object, "ops");
  if (!operators) return ModelError("has `ops` that are no list of texts");
  info.operators = *operators;
  return info;
}

std::string JsonString(const std::string& text) {
  std::ostringstream out;
  {
    JsonStream json(out);
    json.String(text);
  }
  return out.str();
}

}  // namespace advise::cost
