// The score as JSON, for machines that compare two runs.
#include "diagnose/finding.h"
#include "support/json_stream.h"
#include "workbench/eval_output.h"
#include "workbench/share_output.h"

namespace advise::workbench {
namespace {

void Write(JsonStream& json, const RuleScore& rule) {
  json.BeginObject();
  json.String("rule", rule.rule);
  WriteShare(json, "recall", rule.recall);
  WriteShare(json, "place", rule.place);
  WriteShare(json, "precision", rule.precision);
  json.EndObject();
}

void Write(JsonStream& json, const Asked& asked) {
  json.BeginObject();
  json.String("job", asked.job);
  json.String("file", asked.file);
  json.String("pattern", asked.pattern);
  json.String("rule", asked.rule);
  json.String("reason", asked.reason);
  json.EndObject();
}

void Write(JsonStream& json, const Wrong& wrong) {
  json.BeginObject();
  json.String("job", wrong.job);
  json.String("file", wrong.file);
  json.String("finding", wrong.finding);
  json.String("severity", Word(wrong.severity));
  json.String("because", wrong.because);
  json.EndObject();
}

void Write(JsonStream& json, const Twins& twins) {
  json.BeginObject();
  json.String("job", twins.job);
  json.String("spark", twins.spark);
  json.String("twin", twins.twin);
  json.Integer("faulty_ms", twins.faulty_ms);
  json.Count("faulty_runs", twins.faulty_runs);
  json.Integer("twin_ms", twins.twin_ms);
  json.Count("twin_runs", twins.twin_runs);
  json.Integer("bound_ms", twins.bound_ms);
  json.EndObject();
}

void Write(JsonStream& json, const Curve& curve) {
  json.BeginObject();
  json.String("mutation", curve.mutation);
  json.BeginArray("points");
  for (const CurvePoint& point : curve.points) {
    json.BeginObject();
    json.Real("level", point.level);
    json.Count("noticed", point.noticed.hits);
    json.Count("of", point.noticed.of);
    json.BeginObject("rules");
    for (const auto& [rule, logs] : point.rules) json.Count(rule, logs);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void Write(JsonStream& json, const workbench::Half& half) {
  json.BeginObject();
  json.String("half", half.held_out ? "held out" : "open");
  json.Count("logs", half.logs);
  json.Count("clean_logs", half.clean_logs);
  WriteShare(json, "recall", half.recall);
  WriteShare(json, "first", half.first);
  WriteShare(json, "precision", half.precision);
  json.Count("alarms", half.alarms);
  json.EndObject();
}

template <class T>
void WriteList(JsonStream& json, std::string_view key, const std::vector<T>& list) {
  json.BeginArray(key, JsonLayout::LinePerMember);
  for (const T& item : list) Write(json, item);
  json.EndArray();
}

}  // namespace

void WriteScoreJson(const Score& score, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.Count("logs", score.logs);
    json.Count("clean_logs", score.clean_logs);
    WriteShare(json, "recall", score.recall);
    WriteShare(json, "place", score.place);
    WriteShare(json, "top1", score.top1);
    WriteShare(json, "top3", score.top3);
    WriteShare(json, "advised", score.advised);
    WriteShare(json, "precision", score.precision);
    if (score.first.of > 0) {
      WriteShare(json, "first", score.first);
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
    WriteShare(json, "bounds_held", score.bounds_held);
    WriteShare(json, "repeated_bounds_held", score.repeated_bounds_held);
    WriteList(json, "curves", score.curves);
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
