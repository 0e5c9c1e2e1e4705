#include "diagnose/finding.h"
#include "support/json_stream.h"
#include "support/version.h"
#include "workbench/eval_output.h"

namespace advise::workbench {
namespace {

using workbench::Asked;
using workbench::RuleScore;
using workbench::Score;
using workbench::Share;
using workbench::Twins;
using workbench::Wrong;

void Text(JsonStream& json, std::string_view key, std::string_view value) {
  json.Key(key);
  json.String(value);
}

void Number(JsonStream& json, std::string_view key, std::uint64_t value) {
  json.Key(key);
  json.Count(value);
}

void Milliseconds(JsonStream& json, std::string_view key, std::optional<std::int64_t> value) {
  json.Key(key);
  if (value) {
    json.Integer(*value);
  } else {
    json.Null();
  }
}

// The interval follows from the two counts; it is written for readers, in thousandths.
void Write(JsonStream& json, std::string_view key, const Share& share) {
  json.Key(key);
  if (share.of == 0) {
    json.Null();
    return;
  }
  const auto thousandths = [](double value) { return static_cast<std::int64_t>(value * 1000 + 0.5); };
  json.BeginObject();
  Number(json, "hits", share.hits);
  Number(json, "of", share.of);
  json.Key("low_permille");
  json.Integer(thousandths(share.low()));
  json.Key("high_permille");
  json.Integer(thousandths(share.high()));
  json.EndObject();
}

void Write(JsonStream& json, const RuleScore& rule) {
  json.BeginObject();
  Text(json, "rule", rule.rule);
  Write(json, "recall", rule.recall);
  Write(json, "place", rule.place);
  Write(json, "precision", rule.precision);
  json.EndObject();
}

void Write(JsonStream& json, const Asked& asked) {
  json.BeginObject();
  Text(json, "job", asked.job);
  Text(json, "file", asked.file);
  Text(json, "pattern", asked.pattern);
  Text(json, "rule", asked.rule);
  Text(json, "reason", asked.reason);
  json.EndObject();
}

void Write(JsonStream& json, const Wrong& wrong) {
  json.BeginObject();
  Text(json, "job", wrong.job);
  Text(json, "file", wrong.file);
  Text(json, "finding", wrong.finding);
  Text(json, "severity", diagnose::SeverityName(wrong.severity));
  Text(json, "because", wrong.because);
  json.EndObject();
}

void Write(JsonStream& json, const Twins& twins) {
  json.BeginObject();
  Text(json, "job", twins.job);
  Text(json, "spark", twins.spark);
  Text(json, "twin", twins.twin);
  Milliseconds(json, "faulty_ms", twins.faulty_ms);
  Number(json, "faulty_runs", twins.faulty_runs);
  Milliseconds(json, "twin_ms", twins.twin_ms);
  Number(json, "twin_runs", twins.twin_runs);
  Milliseconds(json, "bound_ms", twins.bound_ms);
  json.EndObject();
}

void Write(JsonStream& json, const workbench::Curve& curve) {
  json.BeginObject();
  Text(json, "mutation", curve.mutation);
  json.Key("points");
  json.BeginArray();
  for (const workbench::CurvePoint& point : curve.points) {
    json.BeginObject();
    json.Key("level");
    json.Real(point.level);
    Number(json, "noticed", point.noticed.hits);
    Number(json, "of", point.noticed.of);
    json.Key("rules");
    json.BeginObject();
    for (const auto& [rule, logs] : point.rules) Number(json, rule, logs);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void Write(JsonStream& json, const workbench::Half& half) {
  json.BeginObject();
  Text(json, "half", half.held_out ? "held out" : "open");
  Number(json, "logs", half.logs);
  Number(json, "clean_logs", half.clean_logs);
  Write(json, "recall", half.recall);
  Write(json, "first", half.first);
  Write(json, "precision", half.precision);
  Number(json, "alarms", half.alarms);
  json.EndObject();
}

template <class T>
void WriteList(JsonStream& json, std::string_view key, const std::vector<T>& list) {
  json.Key(key);
  json.BeginArray(JsonLayout::LinePerMember);
  for (const T& item : list) Write(json, item);
  json.EndArray();
}

}  // namespace

void WriteScoreJson(const Score& score, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    json.Key("advise");
    json.BeginObject();
    Text(json, "version", kVersion);
    json.Key("schema");
    json.Integer(kJsonSchema);
    json.EndObject();
    Number(json, "logs", score.logs);
    Number(json, "clean_logs", score.clean_logs);
    Write(json, "recall", score.recall);
    Write(json, "place", score.place);
    Write(json, "top1", score.top1);
    Write(json, "top3", score.top3);
    Write(json, "advised", score.advised);
    Write(json, "precision", score.precision);
    if (score.first.of > 0) {
      Write(json, "first", score.first);
      WriteList(json, "not_first", score.not_first);
    }
    if (!score.halves.empty()) WriteList(json, "halves", score.halves);
    WriteList(json, "rules", score.rules);
    WriteList(json, "missed", score.missed);
    WriteList(json, "not_covered", score.not_covered);
    WriteList(json, "unadvised", score.unadvised);
    WriteList(json, "wrong", score.wrong);
    WriteList(json, "alarms", score.alarms);
    WriteList(json, "twins", score.twins);
    Write(json, "bounds_held", score.bounds_held);
    Write(json, "repeated_bounds_held", score.repeated_bounds_held);
    WriteList(json, "curves", score.curves);
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
