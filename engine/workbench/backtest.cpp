// Pairs of measured runs, and how predictions compare with them.
#include "workbench/backtest.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

namespace advise::workbench {
namespace {

// The workloads on which constants of cost/calibration.h were fitted: half of the pairs.
constexpr const char* kFitted[] = {"aggregate", "tpcds-star", "sort", "skew-below-threshold", "collect-on-driver"};

constexpr double kMoves = 0.02;  // a predicted change below this is none

double MedianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double QuantileOf(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
  return cells;
}

BacktestScore ScoreOf(std::string name, const std::vector<const BacktestCase*>& cases) {
  BacktestScore score;
  score.name = std::move(name);
  std::vector<double> errors;
  std::vector<double> signed_errors;
  std::vector<double> none;
  std::vector<double> linear;
  std::vector<double> amdahl;
  for (const BacktestCase* one : cases) {
    ++score.cases;
    if (!one->predicted) {
      ++score.refused;
      continue;
    }
    const double error = std::log(one->predicted->mid / one->actual);
    errors.push_back(std::abs(error));
    signed_errors.push_back(error);
    none.push_back(std::abs(std::log(one->base / one->actual)));
    linear.push_back(std::abs(std::log(one->linear / one->actual)));
    amdahl.push_back(std::abs(std::log(one->amdahl / one->actual)));
    if (one->predicted->low <= one->actual && one->actual <= one->predicted->high) ++score.covered;
    if (!one->beyond_noise) continue;
    ++score.moved;
    const double moves = one->predicted->mid / one->base - 1;
    if (std::abs(moves) >= kMoves && (moves > 0) == (one->actual > one->base)) ++score.direction;
  }
  score.median_error = MedianOf(errors);
  score.p90_error = QuantileOf(errors, 0.9);
  score.bias = MedianOf(signed_errors);
  score.none = MedianOf(none);
  score.linear = MedianOf(linear);
  score.amdahl = MedianOf(amdahl);
  return score;
}

}  // namespace

double MeasuredSide::low() const { return *std::min_element(works.begin(), works.end()); }
double MeasuredSide::high() const { return *std::max_element(works.begin(), works.end()); }
double MeasuredSide::median() const { return MedianOf(works); }

std::vector<MeasuredPair> ReadPairs(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream file(path);
  std::string line;
  std::vector<MeasuredPair> pairs;
  if (!file || !std::getline(file, line)) {
    diagnostics.Report(DiagnosticCode::BadLabels, "`" + path + "` cannot be read, or is empty");
    return pairs;
  }
  std::map<std::string, std::size_t> columns;
  for (const std::string& name : Split(line)) columns.emplace(name, columns.size());
  for (const char* needed : {"pair", "side", "setting", "work_duration_ms", "log"}) {
    if (columns.count(needed) > 0) continue;
    diagnostics.Report(DiagnosticCode::BadLabels, "`" + path + "` has no column `" + needed + "`");
    return pairs;
  }
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    const std::vector<std::string> cells = Split(line);
    const auto cell = [&](const char* name) {
      const std::size_t at = columns.at(name);
      return at < cells.size() ? cells[at] : std::string();
    };
    const std::string side = cell("side");
    const std::string work = cell("work_duration_ms");
    const bool is_number = !work.empty() && work.find_first_not_of("0123456789") == std::string::npos;
    if ((side != "A" && side != "B") || !is_number || std::stod(work) <= 0) {
      diagnostics.Report(DiagnosticCode::BadLabels,
                         path + ":" + std::to_string(number) + ": a run has a side A or B and a duration above 0");
      continue;
    }
    auto pair = std::ranges::find(pairs, cell("pair"), &MeasuredPair::name);
    if (pair == pairs.end()) {
      pair = pairs.insert(pairs.end(), MeasuredPair{});
      pair->name = cell("pair");
      pair->fitted = std::ranges::any_of(kFitted, [&](const char* name) { return pair->name.starts_with(name); });
    }
    MeasuredSide& measured = pair->sides[side == "A" ? 0 : 1];
    measured.setting = cell("setting");
    measured.works.push_back(std::stod(work));
    if (const std::string log = cell("log"); !log.empty() && log != "-") measured.log = log;
  }
  std::erase_if(pairs,
                [](const MeasuredPair& pair) { return pair.sides[0].works.empty() || pair.sides[1].works.empty(); });
  return pairs;
}

AskedChange ParseSetting(const std::string& setting) {
  static const std::map<std::string, std::string> kNumbers = {
      {"one", "1"}, {"two", "2"}, {"four", "4"}, {"eight", "8"}};
  if (const std::size_t equals = setting.find('='); equals != std::string::npos) {
    return {"conf", setting.substr(0, equals), setting.substr(equals + 1)};
  }
  if (setting == "cache()") return {"cache", "", ""};
  std::stringstream words(setting);
  std::string number;
  std::string what;
  words >> number >> what;
  if (what != "executor" && what != "executors") return {};
  const auto known = kNumbers.find(number);
  return {"executors", "", known != kNumbers.end() ? known->second : number};
}

BacktestCase JudgeCase(const MeasuredPair& pair, std::size_t from, const std::string& group,
                       const cost::Prediction& prediction, double own_work, double idle_share) {
  const MeasuredSide& before = pair.sides[from];
  const MeasuredSide& after = pair.sides[1 - from];
  BacktestCase one;
  one.pair = pair.name;
  one.from = before.setting;
  one.to = after.setting;
  one.group = group;
  one.fitted = pair.fitted;
  one.base = before.median();
  one.actual = after.median();
  one.actual_low = after.low();
  one.actual_high = after.high();
  one.beyond_noise = before.high() < after.low() || after.high() < before.low();
  one.evidence = cost::Letter(prediction.evidence);
  if (prediction.refused) {
    one.refused = prediction.refused->code;
    return one;
  }
  const double scale = own_work > 0 ? one.base / own_work : 0;
  one.predicted =
      cost::Interval{prediction.work.low * scale, prediction.work.mid * scale, prediction.work.high * scale};
  one.linear = one.base * prediction.task_ratio / prediction.slot_ratio;
  one.amdahl = one.base * (idle_share + (1 - idle_share) / prediction.slot_ratio);
  return one;
}

void ScoreCases(const std::vector<MeasuredPair>& pairs, Backtest& backtest) {
  std::vector<const BacktestCase*> all;
  std::vector<const BacktestCase*> fitted;
  std::vector<const BacktestCase*> judged;
  std::map<std::string, std::vector<const BacktestCase*>> groups;
  for (const BacktestCase& one : backtest.cases) {
    all.push_back(&one);
    (one.fitted ? fitted : judged).push_back(&one);
    groups[one.group].push_back(&one);
  }
  std::vector<double> repeats;
  for (const MeasuredPair& pair : pairs) {
    for (const MeasuredSide& side : pair.sides) {
      for (const double work : side.works) repeats.push_back(std::abs(std::log(work / side.median())));
    }
  }
  backtest.scores = {ScoreOf("all", all), ScoreOf("fitted", fitted), ScoreOf("judged", judged)};
  for (const auto& [name, cases] : groups) backtest.scores.push_back(ScoreOf(name, cases));
  for (BacktestScore& score : backtest.scores) score.repeats = MedianOf(repeats);
}

}  // namespace advise::workbench
