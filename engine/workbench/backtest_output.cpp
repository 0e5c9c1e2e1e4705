// Tables of predictions beside measurements.
#include "workbench/backtest_output.h"

#include <cmath>
#include <cstdio>

#include "support/format.h"
#include "support/json_stream.h"

namespace advise::workbench {
namespace {

std::string BareSeconds(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", ms / 1000);
  return text;
}
std::string SignedPercent(double log_ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.0f%%", 100 * std::expm1(log_ratio));
  return text;
}
std::string ErrorText(double log_ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f%%", 100 * std::expm1(log_ratio));
  return text;
}
std::string Pad(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}
std::string PadLeft(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

double Rounded(double value) { return std::round(value * 1000) / 1000; }

}  // namespace

void WriteBacktestText(const Backtest& backtest, std::ostream& out) {
  out << Pad("pair", 27) << Pad("to", 46) << PadLeft("now", 7) << PadLeft("measured", 14) << PadLeft("predicted", 20)
      << PadLeft("error", 8) << "  class  in it\n";
  for (const BacktestCase& one : backtest.cases) {
    std::string to = one.to;
    if (to.size() > 44) to = "..." + to.substr(to.size() - 41);
    out << Pad(one.pair, 27) << Pad(to, 46) << PadLeft(BareSeconds(one.base), 7)
        << PadLeft(BareSeconds(one.actual_low) + ".." + BareSeconds(one.actual_high), 14);
    if (!one.predicted) {
      out << PadLeft("refused: " + one.refused, 30) << '\n';
      continue;
    }
    const bool covered = one.predicted->low <= one.actual && one.actual <= one.predicted->high;
    out << PadLeft(BareSeconds(one.predicted->low) + ".." + BareSeconds(one.predicted->high), 20)
        << PadLeft(SignedPercent(std::log(one.predicted->mid / one.actual)), 8) << "  " << one.evidence << "      "
        << (covered ? "yes" : "no") << (one.fitted ? "  fitted" : "") << '\n';
  }
  for (const std::string& pair : backtest.not_asked) out << "not asked: " << pair << '\n';
  out << '\n'
      << Pad("", 22) << PadLeft("cases", 6) << PadLeft("refused", 9) << PadLeft("median", 8) << PadLeft("p90", 7)
      << PadLeft("bias", 7) << PadLeft("in 80 %", 9) << PadLeft("direction", 11) << PadLeft("none", 8)
      << PadLeft("linear", 8) << PadLeft("amdahl", 8) << PadLeft("repeats", 9) << '\n';
  for (const BacktestScore& score : backtest.scores) {
    const std::size_t predicted = score.cases - score.refused;
    out << Pad(score.name, 22) << PadLeft(std::to_string(score.cases), 6) << PadLeft(std::to_string(score.refused), 9)
        << PadLeft(ErrorText(score.median_error), 8) << PadLeft(ErrorText(score.p90_error), 7)
        << PadLeft(SignedPercent(score.bias), 7)
        << PadLeft(std::to_string(score.covered) + "/" + std::to_string(predicted), 9)
        << PadLeft(std::to_string(score.direction) + "/" + std::to_string(score.moved), 11)
        << PadLeft(ErrorText(score.none), 8) << PadLeft(ErrorText(score.linear), 8)
        << PadLeft(ErrorText(score.amdahl), 8) << PadLeft(ErrorText(score.repeats), 9) << '\n';
  }
}

void WriteBacktestJson(const Backtest& backtest, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    json.Key("scores");
    json.BeginArray(JsonLayout::LinePerMember);
    for (const BacktestScore& score : backtest.scores) {
      json.BeginObject();
      json.Key("name");
      json.String(score.name);
      for (const auto& [key, value] : {std::pair("cases", score.cases),
                                       {"refused", score.refused},
                                       {"covered", score.covered},
                                       {"moved", score.moved},
                                       {"direction", score.direction}}) {
        json.Key(key);
        json.Count(value);
      }
      for (const auto& [key, value] : {std::pair("median_error", score.median_error),
                                       {"p90_error", score.p90_error},
                                       {"bias", score.bias},
                                       {"none", score.none},
                                       {"linear", score.linear},
                                       {"amdahl", score.amdahl},
                                       {"repeats", score.repeats}}) {
        json.Key(key);
        json.Real(Rounded(value));
      }
      json.EndObject();
    }
    json.EndArray();
    json.Key("cases");
    json.BeginArray(JsonLayout::LinePerMember);
    for (const BacktestCase& one : backtest.cases) {
      json.BeginObject();
      for (const auto& [key, value] : {std::pair("pair", one.pair),
                                       {"from", one.from},
                                       {"to", one.to},
                                       {"group", one.group},
                                       {"refused", one.refused}}) {
        json.Key(key);
        json.String(value);
      }
      json.Key("fitted");
      json.Bool(one.fitted);
      json.Key("base_ms");
      json.Integer(std::llround(one.base));
      json.Key("measured_ms");
      json.BeginArray();
      for (const double value : {one.actual_low, one.actual, one.actual_high}) json.Integer(std::llround(value));
      json.EndArray();
      json.Key("predicted_ms");
      if (one.predicted) {
        json.BeginArray();
        for (const double value : {one.predicted->low, one.predicted->mid, one.predicted->high}) {
          json.Integer(std::llround(value));
        }
        json.EndArray();
      } else {
        json.Null();
      }
      json.Key("evidence");
      json.String(std::string(1, one.evidence));
      json.EndObject();
    }
    json.EndArray();
    json.Key("not_asked");
    json.BeginArray();
    for (const std::string& pair : backtest.not_asked) json.String(pair);
    json.EndArray();
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
