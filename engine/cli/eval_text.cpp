#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "cli/eval_output.h"
#include "findings/finding.h"

namespace advise::cli {
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

void WriteMissed(const std::vector<Asked>& missed, std::ostream& out) {
  if (missed.empty()) return;
  out << "\nmissed\n";
  for (const Asked& asked : missed) {
    out << "  " << asked.job << '/' << asked.file << ": " << asked.rule << " (" << asked.pattern
        << "): " << asked.reason << '\n';
  }
}

void WriteWrong(const std::string& head, const std::vector<Wrong>& wrong, std::ostream& out) {
  if (wrong.empty()) return;
  out << '\n' << head << '\n';
  for (const Wrong& one : wrong) {
    out << "  " << one.job << '/' << one.file << ": " << one.finding << ", " << findings::SeverityName(one.severity)
        << (one.because.empty() ? "" : ": ") << one.because << '\n';
  }
}

void WriteTwins(const std::vector<Twins>& twins, std::ostream& out) {
  if (twins.empty()) return;
  std::size_t held = 0;
  std::size_t bounded = 0;
  out << "\nwhat the twin without the problem saved, against the upper bound of its finding\n";
  for (const Twins& pair : twins) {
    const std::int64_t saved = pair.faulty_ms - pair.twin_ms;
    out << "  " << pair.job << ' ' << pair.spark << ", " << pair.twin << ": " << Seconds(pair.faulty_ms) << " -> "
        << Seconds(pair.twin_ms) << ", saved " << Seconds(saved) << ", bound "
        << (pair.bound_ms ? Seconds(*pair.bound_ms) : "unknown") << '\n';
    if (!pair.bound_ms) continue;
    ++bounded;
    if (saved <= *pair.bound_ms) ++held;
  }
  out << "  the bound held in " << held << " of " << bounded << '\n';
}

std::string Level(double level) {
  std::ostringstream text;
  text << level;
  return text.str();
}

void WriteCurves(const std::vector<workbench::Curve>& curves, std::ostream& out) {
  if (curves.empty()) return;
  out << "\nfaults put into clean logs: how many were noticed, by how bad they are\n";
  for (const workbench::Curve& curve : curves) {
    out << "  " << curve.mutation << " (" << curve.what << ")\n   ";
    for (const workbench::CurvePoint& point : curve.points) {
      out << ' ' << Level(point.level) << ": " << point.noticed.hits << '/' << point.noticed.of << ' ';
    }
    if (curve.points.empty()) out << " no log has a place for it";
    out << '\n';
  }
}

}  // namespace

void WriteScoreText(const Score& score, std::ostream& out) {
  WriteRules(score, out);
  WriteMissed(score.missed, out);
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
  WriteTwins(score.twins, out);
  WriteCurves(score.curves, out);
  out << "\n"
      << score.logs << " labelled logs, " << score.clean_logs << " of them clean\n"
      << "must be found      " << Words(score.recall) << '\n'
      << "at the right place " << Words(score.place) << '\n'
      << "first              " << Words(score.top1) << '\n'
      << "among first three  " << Words(score.top3) << '\n'
      << "asked change given " << Words(score.advised) << '\n'
      << "allowed findings   " << Words(score.precision) << '\n'
      << "false alarms       " << score.alarms.size() << " on " << score.clean_logs << " clean logs\n";
}

}  // namespace advise::cli
