// The same facts as in the text, each under its own name.
#include "ask/output.h"
#include "support/json_stream.h"

namespace advise::ask {
namespace {

void WritePlace(JsonStream& json, std::string_view key, const Place& place) {
  if (place.file.empty() || place.line == 0) return json.Null(key);
  json.BeginObject(key);
  json.String("file", place.file);
  json.Count("line", place.line);
  json.EndObject();
}

void WriteTerms(JsonStream& json, const std::vector<TermShown>& terms) {
  json.BeginArray("terms");
  for (const TermShown& term : terms) {
    json.BeginObject();
    json.String("text", term.text);
    json.String("value", term.value);
    json.EndObject();
  }
  json.EndArray();
}

void WriteParams(JsonStream& json, const std::vector<ParamShown>& params) {
  json.BeginArray("parameters");
  for (const ParamShown& param : params) {
    json.BeginObject();
    json.String("name", param.pack + "." + param.name);
    json.String("value", param.value);
    json.StringOrNull("range", param.range);
    json.StringOrNull("set_by", param.set_by);
    WritePlace(json, "place", param.place);
    json.EndObject();
  }
  json.EndArray();
}

void WriteMissing(JsonStream& json, const std::vector<rules::MissingInput>& missing) {
  json.BeginArray("missing");
  for (const rules::MissingInput& input : missing) {
    json.BeginObject();
    json.String("name", input.name);
    json.String("because", input.why);
    json.EndObject();
  }
  json.EndArray();
}

void WriteConditionMembers(JsonStream& json, const ConditionShown& condition) {
  json.String("text", condition.text);
  WritePlace(json, "place", condition.place);
  if (condition.truth == rules::Truth::Unknown) {
    json.Null("holds");
  } else {
    json.Bool("holds", condition.truth == rules::Truth::True);
  }
  json.Bool("of_members", condition.of_members);
  json.String("left", condition.left ? condition.left->value : std::nullopt);
  json.StringOrNull("operator", condition.op);
  json.String("right", condition.right ? condition.right->value : std::nullopt);
  json.Real("margin", condition.margin);
  WriteTerms(json, condition.terms);
  WriteParams(json, condition.params);
  json.StringOrNull("asks", condition.asked);
  json.Strings("findings", condition.findings);
  WriteMissing(json, condition.missing);
}

void WriteCondition(JsonStream& json, const ConditionShown& condition);
void WriteParts(JsonStream& json, const ConditionShown& condition) {
  json.BeginArray("parts");
  for (const ConditionShown& part : condition.parts) WriteCondition(json, part);
  json.EndArray();
}
void WriteCondition(JsonStream& json, const ConditionShown& condition) {
  json.BeginObject();
  WriteConditionMembers(json, condition);
  WriteParts(json, condition);
  json.EndObject();
}
void WriteConditions(JsonStream& json, std::string_view key, const std::vector<ConditionShown>& conditions) {
  json.BeginArray(key);
  for (const ConditionShown& condition : conditions) WriteCondition(json, condition);
  json.EndArray();
}

void WriteVariables(JsonStream& json, const std::vector<VariableShown>& variables) {
  json.BeginArray("variables");
  for (const VariableShown& variable : variables) {
    json.BeginObject();
    json.StringOrNull("name", variable.name);
    json.String("type", variable.type);
    json.String("key", variable.key);
    json.String("what", variable.what);
    json.StringOrNull("label", variable.label);
    json.EndObject();
  }
  json.EndArray();
}

void WriteCost(JsonStream& json, const std::optional<CostShown>& cost) {
  if (!cost) return json.Null("costs");
  json.BeginObject("costs");
  json.Bool("stated", cost->stated);
  json.StringOrNull("text", cost->text);
  WritePlace(json, "place", cost->place);
  json.String("value", cost->value);
  WriteTerms(json, cost->terms);
  json.Integer("bound_ms", cost->bound_ms);
  json.Integer("claimed_ms", cost->claimed_ms);
  json.BeginArray("claims");
  for (const auto& [account, ms] : cost->claims) {
    json.BeginObject();
    json.String("account", account);
    json.Integer("ms", ms);
    json.EndObject();
  }
  json.EndArray();
  json.StringOrNull("inside", cost->inside);
  json.EndObject();
}

void WriteAdvice(JsonStream& json, const AdviceShown& advice) {
  json.BeginObject();
  json.String("id", advice.id);
  json.String("text", advice.text);
  json.Bool("chosen", advice.chosen);
  json.StringOrNull("reason", advice.reason);
  json.Integer("saving_alone_ms", advice.saving_ms);
  json.EndObject();
}

void WriteDerivation(JsonStream& json, const Derivation& d) {
  json.String("id", d.id);
  json.String("rule", d.rule);
  json.String("layer", d.layer);
  WritePlace(json, "place", d.place);
  json.String("title", d.title);
  json.Integer("number", d.number > 0 ? std::optional<std::int64_t>(d.number) : std::nullopt);
  json.StringOrNull("severity", d.severity);
  json.StringOrNull("suppressed", d.suppressed);
  WriteVariables(json, d.variables);
  json.StringOrNull("pattern", d.pattern);
  WritePlace(json, "pattern_place", d.pattern_place);
  json.BeginArray("names");
  for (const LetShown& let : d.lets) {
    json.BeginObject();
    json.String("name", let.name);
    json.String("text", let.text);
    json.String("value", let.value);
    WritePlace(json, "place", let.place);
    json.EndObject();
  }
  json.EndArray();
  WriteConditions(json, "conditions", d.conditions);
  json.Real("confidence", d.confidence);
  json.StringOrNull("confidence_text", d.confidence_text);
  json.Key("confidence_because");
  if (d.confidence_because) {
    WriteCondition(json, *d.confidence_because);
  } else {
    json.Null();
  }
  json.BeginArray("rests_on");
  for (const Derivation& lower : d.rests_on) {
    json.BeginObject();
    WriteDerivation(json, lower);
    json.EndObject();
  }
  json.EndArray();
  json.Strings("explains", d.explains);
  json.StringOrNull("explained_by", d.explained_by);
  json.BeginArray("ruled_out");
  for (const RuledOutShown& one : d.ruled_out) {
    json.BeginObject();
    json.String("what", one.what);
    json.StringOrNull("because", one.because);
    WriteConditions(json, "conditions", one.conditions);
    json.EndObject();
  }
  json.EndArray();
  WriteCost(json, d.cost);
  json.BeginArray("advice");
  for (const AdviceShown& advice : d.advices) WriteAdvice(json, advice);
  json.EndArray();
  json.Strings("changes", d.changes);
  json.Strings("relations", d.relations);
}

void WriteNeeds(JsonStream& json, std::string_view key, const std::vector<ParamNeed>& needs,
                const std::vector<ParamShown>& params) {
  json.BeginArray(key);
  for (const ParamNeed& need : needs) {
    std::string name;
    for (const ParamShown& param : params) {
      if (param.param == need.param) name = param.pack + "." + param.name;
    }
    json.BeginObject();
    json.String("parameter", name);
    json.String("operator", need.at_most ? "<=" : ">=");
    json.String("value", need.literal);
    json.Real("number", need.number);
    json.Bool("in_range", need.in_range);
    json.EndObject();
  }
  json.EndArray();
}

void WriteCandidate(JsonStream& json, const CandidateShown& candidate, const std::vector<ParamShown>& params) {
  json.BeginObject();
  json.String("id", candidate.id);
  json.Bool("member", candidate.member);
  WriteVariables(json, candidate.variables);
  json.Count("conditions", candidate.conditions);
  json.BeginArray("unmet");
  for (const UnmetShown& unmet : candidate.unmet) {
    json.BeginObject();
    WriteConditionMembers(json, unmet.condition);
    WriteParts(json, unmet.condition);
    WriteNeeds(json, "needs", unmet.needs, params);
    json.EndObject();
  }
  json.EndArray();
  WriteNeeds(json, "would_fire", candidate.would_fire, params);
  json.Key("tried");
  if (candidate.tried) {
    json.Bool(*candidate.tried);
  } else {
    json.Null();
  }
  json.EndObject();
}

void WriteWhyNot(JsonStream& json, const WhyNotAnswer& answer) {
  json.String("rule", answer.rule);
  json.String("layer", answer.layer);
  WritePlace(json, "place", answer.place);
  json.BeginArray("there", JsonLayout::LinePerMember);
  for (const ThereShown& there : answer.there) {
    json.BeginObject();
    json.String("id", there.id);
    json.Integer("number", there.number > 0 ? std::optional<std::int64_t>(there.number) : std::nullopt);
    json.StringOrNull("explained_by", there.explained_by);
    json.StringOrNull("suppressed", there.suppressed);
    json.StringOrNull("not_chosen", there.not_chosen);
    json.EndObject();
  }
  json.EndArray();
  json.StringOrNull("because", answer.because);
  WriteMissing(json, answer.missing);
  json.Key("stuck");
  if (answer.stuck) {
    json.BeginObject();
    json.String("what", answer.stuck->what);
    WriteVariables(json, answer.stuck->variables);
    json.EndObject();
  } else {
    json.Null();
  }
  json.Count("heads", answer.heads);
  json.BeginArray("candidates", JsonLayout::LinePerMember);
  for (const CandidateShown& candidate : answer.candidates) WriteCandidate(json, candidate, answer.params);
  json.EndArray();
  json.BeginArray("waits_for");
  for (const WhyNotAnswer& other : answer.waits_for) {
    json.BeginObject();
    WriteWhyNot(json, other);
    json.EndObject();
  }
  json.EndArray();
}

void Begin(JsonStream& json, const model::LogInfo& log) {
  json.BeginObject(JsonLayout::LinePerMember);
  WriteAdviseMember(json);
  json.String("log", log.path);
}

}  // namespace

void WriteWhyJson(const WhyAnswer& answer, const model::LogInfo& log, std::ostream& out) {
  {
    JsonStream json(out);
    Begin(json, log);
    WriteDerivation(json, answer.found);
    json.Strings("others", answer.others);
    json.EndObject();
  }
  out << '\n';
}

void WriteWhyNotJson(const WhyNotAnswer& answer, const model::LogInfo& log, std::ostream& out) {
  {
    JsonStream json(out);
    Begin(json, log);
    WriteWhyNot(json, answer);
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::ask
