// The score as tables in a terminal, worst rules first.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <set>
#include <sstream>

#include "diagnose/finding.h"
#include "workbench/eval_output.h"

namespace advise::workbench {
namespace {

using workbench::Asked;
using workbench::RuleScore;
using workbench::Score;
using workbench::Share;
using workbench::Twins;
using workbench::Wrong;

std::string Percent(double share) { return std::to_string(std::lround(share * 100)) + " %"; }

// "19 of 20, 95 % (76..99 %)"; without cases "-".
std::string Words(const Share& share) {
  if (share.of == 0) return "-";
  return std::to_string(share.hits) + " of " + std::to_string(share.of) + ", " + Percent(share.value()) + " (" +
         std::to_string(std::lround(share.low() * 100)) + ".." + Percent(share.high()) + ")";
}

std::string Seconds(std::int64_t ms) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << static_cast<double>(ms) / 1000 << " s";
  return text.str();
}

void WriteRules(const Score& score, std::ostream& out) {
  std::size_t width = 4;
  for (const RuleScore& rule : score.rules) width = std::max(width, rule.rule.size());
  out << std::left << std::setw(static_cast<int>(width)) << "rule"
      << "  " << std::setw(26) << "must be found"
      << "  findings that are allowed\n";
  for (const RuleScore& rule : score.rules) {
    out << std::left << std::setw(static_cast<int>(width)) << rule.rule << "  " << std::setw(26) << Words(rule.recall)
        << "  " << Words(rule.precision) << '\n';
  }
}

void WriteMissed(const std::string& head, const std::vector<Asked>& missed, std::ostream& out) {
  if (missed.empty()) return;
  out << '\n' << head << '\n';
  for (const Asked& asked : missed) {
    out << "  " << asked.job << '/' << asked.file << ": " << asked.rule << (asked.rule.empty() ? "(" : " (")
        << asked.pattern << "): " << asked.reason << '\n';
  }
}

// The halves beside each other, a line each.
void WriteHalves(const std::vector<workbench::Half>& halves, std::ostream& out) {
  for (const workbench::Half& half : halves) {
    out << '\n'
        << (half.held_out ? "held out: " : "open: ") << half.logs << " labelled logs, " << half.clean_logs
        << " of them clean\n"
        << "must be found      " << Words(half.recall) << '\n'
        << "first cause        " << Words(half.first) << '\n'
        << "allowed findings   " << Words(half.precision) << '\n'
        << "false alarms       " << half.alarms << " on " << half.clean_logs << " clean logs\n";
  }
}

void WriteWrong(const std::string& head, const std::vector<Wrong>& wrong, std::ostream& out) {
  if (wrong.empty()) return;
  out << '\n' << head << '\n';
  for (const Wrong& one : wrong) {
    out << "  " << one.job << '/' << one.file << ": " << one.finding << ", " << Word(one.severity)
        << (one.because.empty() ? "" : ": ") << one.because << '\n';
  }
}

// "68.2 s", of repeated runs "68.2 s (median of 3)"
std::string Duration(std::int64_t ms, std::size_t runs) {
  return Seconds(ms) + (runs > 1 ? " (median of " + std::to_string(runs) + ")" : "");
}

void WriteTwins(const Score& score, std::ostream& out) {
  if (score.twins.empty()) return;
  out << "\nwhat the twin without the problem saved, against the upper bound of its finding\n";
  for (const Twins& pair : score.twins) {
    out << "  " << pair.job << ' ' << pair.spark << ", " << pair.twin << ": "
        << Duration(pair.faulty_ms, pair.faulty_runs) << " -> " << Duration(pair.twin_ms, pair.twin_runs) << ", saved "
        << Seconds(pair.faulty_ms - pair.twin_ms) << ", bound " << (pair.bound_ms ? Seconds(*pair.bound_ms) : "unknown")
        << '\n';
  }
  out << "  the bound held      " << Words(score.bounds_held) << '\n'
      << "  of repeated runs    " << Words(score.repeated_bounds_held) << '\n';
}

constexpr int kCurveColumn = 6;  // characters

std::string Level(double level) {
  std::ostringstream text;
  text << level;
  return text.str();
}

// A line a rule that spoke at some level: in how many logs, level by level.
void WriteRuleCurves(const workbench::Curve& curve, std::ostream& out) {
  std::set<std::string> rules;
  for (const workbench::CurvePoint& point : curve.points) {
    for (const auto& [rule, logs] : point.rules) rules.insert(rule);
  }
  for (const std::string& rule : rules) {
    out << "    ";
    for (const workbench::CurvePoint& point : curve.points) {
      const auto logs = point.rules.find(rule);
      out << std::right << std::setw(kCurveColumn) << (logs == point.rules.end() ? 0 : logs->second);
    }
    out << "  " << rule << '\n';
  }
}

void WriteCurves(const std::vector<workbench::Curve>& curves, std::ostream& out) {
  if (curves.empty()) return;
  out << "\nfaults put into clean logs: by how bad they are, in how many logs a rule that should notice does,\n"
         "and each rule with a finding that the log without the fault does not have\n";
  for (const workbench::Curve& curve : curves) {
    out << "  " << curve.mutation << " (" << curve.what << ")\n";
    if (curve.points.empty()) {
      out << "    no log has a place for it\n";
      continue;
    }
    out << "    ";
    for (const workbench::CurvePoint& point : curve.points)
      out << std::right << std::setw(kCurveColumn) << Level(point.level);
    out << "  level\n    ";
    for (const workbench::CurvePoint& point : curve.points) out << std::setw(kCurveColumn) << point.noticed.hits;
    out << "  noticed, of " << curve.points.front().noticed.of << '\n';
    WriteRuleCurves(curve, out);
  }
}

}  // namespace

void WriteScoreText(const Score& score, std::ostream& out) {
  WriteRules(score, out);
  WriteMissed("missed", score.missed, out);
  WriteMissed("not first", score.not_first, out);
  if (!score.unadvised.empty()) {
    out << "\nfound, but no change that was asked for is advised\n";
    for (const Asked& asked : score.unadvised) {
      out << "  " << asked.job << '/' << asked.file << ": " << asked.rule << ": " << asked.reason << '\n';
    }
  }
  WriteWrong("wrong: no label allows these", score.wrong, out);
  WriteWrong("false alarms: medium or more on clean logs", score.alarms, out);
  if (!score.not_covered.empty()) {
    out << "\nno rule yet\n";
    for (const Asked& asked : score.not_covered) {
      out << "  " << asked.job << '/' << asked.file << ": " << asked.pattern << '\n';
    }
  }
  WriteTwins(score, out);
  WriteCurves(score.curves, out);
  out << "\n"
      << score.logs << " labelled logs, " << score.clean_logs << " of them clean\n"
      << "must be found      " << Words(score.recall) << '\n'
      << "at the right place " << Words(score.place) << '\n'
      << "first              " << Words(score.top1) << '\n'
      << "among first three  " << Words(score.top3) << '\n'
      << "first cause        " << Words(score.first) << '\n'
      << "asked change given " << Words(score.advised) << '\n'
      << "allowed findings   " << Words(score.precision) << '\n'
      << "false alarms       " << score.alarms.size() << " on " << score.clean_logs << " clean logs\n";
  WriteHalves(score.halves, out);
}

}  // namespace advise::workbench
