// The table that a team lead reads, and the problems below it.
#include <algorithm>
#include <iomanip>
#include <map>
#include <string>

#include "report/words.h"
#include "support/format.h"
#include "support/text.h"
#include "workbench/lint_output.h"
#include "workbench/share_output.h"

namespace advise::workbench {
namespace {

using report::CountOf;

std::string CountText(std::uint64_t number) { return FormatCount(static_cast<std::int64_t>(number)); }

std::string ShareOf(std::uint64_t some, std::uint64_t all) {
  return all == 0 ? "-" : FormatShare(static_cast<double>(some) / static_cast<double>(all));
}

// Columns to the width of their longest cell, the first and the last to the left.
class Table {
 public:
  explicit Table(std::vector<std::string> head) { Add(std::move(head)); }
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  void Write(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const std::vector<std::string>& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const std::vector<std::string>& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - row[i].size(), ' ');
        if (i > 0) line += "  ";
        line += i == 0 || i + 1 == row.size() ? row[i] + space : space + row[i];
      }
      while (line.ends_with(' ')) line.pop_back();
      out << line << '\n';
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

class LintWriter {
 public:
  LintWriter(const LintReport& report, std::ostream& out) : report_(report), facts_(*report.facts), out_(out) {
    for (const LintProblem& problem : report.problems) {
      if (problem.counts()) of_rule_[problem.rule].push_back(problem.code);
    }
    // One pack: its name says nothing.
    for (const LintRule& rule : facts_.rules) {
      const std::string pack = rule.rule.substr(0, rule.rule.rfind('.') + 1);
      if (&rule == facts_.rules.data()) pack_ = pack;
      if (pack != pack_) pack_.clear();
    }
  }

  void Write() {
    WriteTable();
    WriteProblems();
    WriteSummary();
  }

 private:
  [[nodiscard]] std::string NameOf(const std::string& rule) const {
    return !pack_.empty() && rule.starts_with(pack_) ? rule.substr(pack_.size()) : rule;
  }

  void WriteTable() {
    const bool labels = facts_.labelled > 0;
    std::vector<std::string> head = {"rule", "logs", "fired", "findings", "undecided", "on edge", "steps", "tests"};
    if (labels) head.insert(head.end(), {"allowed by labels", "found of labels"});
    head.emplace_back("problems");
    Table table(head);
    std::size_t rows = 0;
    for (const LintRule& rule : facts_.rules) {
      const auto problems = of_rule_.find(rule.rule);
      if (!report_.all && problems == of_rule_.end()) continue;
      ++rows;
      std::vector<std::string> row = {
          NameOf(rule.rule),
          CountText(rule.applicable),
          CountText(rule.fired),
          CountText(rule.findings),
          CountText(rule.not_evaluated),
          rule.findings == 0 ? "-" : ShareOf(std::min<std::uint64_t>(rule.OnEdge(), rule.findings), rule.findings),
          ShareOf(rule.steps, facts_.steps),
          std::to_string(rule.firing_tests) + "+" + std::to_string(rule.silent_tests)};
      if (labels) {
        row.push_back(ShareText(rule.score.precision));
        row.push_back(ShareText(rule.score.recall));
      }
      row.push_back(problems == of_rule_.end() ? "" : Codes(problems->second));
      table.Add(std::move(row));
    }
    if (rows == 0) return;
    table.Write(out_);
    out_ << '\n';
  }

  static std::string Codes(std::vector<std::string> codes) {
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return Join(codes, ", ");
  }

  void WriteProblems() {
    bool any = false;
    for (const LintProblem& problem : report_.problems) {
      if (!problem.counts() && !report_.all) continue;
      any = true;
      out_ << problem.place.file << ':' << problem.place.line << ": " << problem.code << ": " << NameOf(problem.rule)
           << ": " << problem.message << '\n';
      if (!problem.allowed.empty()) {
        out_ << "    allowed: " << problem.allowed << '\n';
        continue;
      }
      if (problem.known) out_ << "    known: it is in the baseline\n";
      if (!problem.help.empty()) out_ << "    do: " << problem.help << '\n';
      if (!problem.log.empty() && problem.help.find(problem.log) == std::string::npos)
        out_ << "    see: " << problem.log << '\n';
      if (problem.code == "never-fires") WriteFunnel(problem.rule);
    }
    if (any) out_ << '\n';
    for (const std::string& key : report_.stale) out_ << "baseline: no problem any more: " << key << '\n';
  }

  // Candidates from condition to condition.
  void WriteFunnel(const std::string& name) {
    const auto rule = std::ranges::find(facts_.rules, name, &LintRule::rule);
    if (rule == facts_.rules.end()) return;
    for (const LintCondition& condition : rule->funnel) {
      if (condition.reached == 0) continue;
      out_ << "    " << std::right << std::setw(9) << CountText(condition.reached) << " -> " << std::left
           << std::setw(9) << CountText(condition.passed) << ' ' << condition.text
           << (condition.unknown > 0 ? " (unknown for " + CountText(condition.unknown) + ")" : "") << '\n';
    }
  }

  void WriteSummary() {
    std::map<std::string, std::size_t> codes;
    std::size_t problems = 0;
    std::size_t allowed = 0;
    std::size_t known = 0;
    std::size_t notes = 0;
    for (const LintProblem& problem : report_.problems) {
      if (problem.note) {
        ++notes;
      } else if (!problem.allowed.empty()) {
        ++allowed;
      } else if (problem.known) {
        ++known;
      } else {
        ++problems;
        ++codes[problem.code];
      }
    }
    const auto silent = static_cast<std::size_t>(
        std::ranges::count_if(facts_.rules, [](const LintRule& rule) { return rule.fired == 0; }));
    out_ << CountOf(facts_.rules.size(), "rule", "rules") << " on " << CountOf(facts_.logs, "log", "logs");
    if (facts_.labelled > 0) out_ << ", " << facts_.labelled << " of them labelled";
    if (facts_.held_out > 0)
      out_ << " (and " << facts_.held_out << " held out: their labels are for `advise eval` alone)";
    out_ << "; " << silent << " found nothing\n";
    out_ << CountOf(problems, "problem", "problems");
    std::string list;
    for (const auto& [code, count] : codes) list += (list.empty() ? ": " : ", ") + std::to_string(count) + " " + code;
    out_ << list;
    if (allowed > 0) out_ << "; " << allowed << " allowed in place";
    if (known > 0) out_ << "; " << known << " known from the baseline";
    if (notes > 0) out_ << "; " << CountOf(notes, "note", "notes");
    out_ << (report_.all ? "" : "; --all shows every rule, the notes, and what is allowed or known") << '\n';
  }

  const LintReport& report_;
  const LintFacts& facts_;
  std::ostream& out_;
  std::map<std::string, std::vector<std::string>> of_rule_;  // codes that count
  std::string pack_;                                         // "spark.core."
};

}  // namespace

void WriteLintText(const LintReport& report, std::ostream& out) { LintWriter(report, out).Write(); }

}  // namespace advise::workbench
