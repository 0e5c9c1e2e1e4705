// Words one finding for all three levels; names of the log are cleaned here, before any writer sees them.
#include "report/finding_texts.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "report/facts.h"
#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using diagnose::Finding;
using diagnose::Severity;
using explain::Level;

// It cost less than the log resolves.
constexpr std::string_view kNoTime = "no time lost";

// "0.95" as ".95", as experts read it.
std::string Fraction(double value) {
  const auto hundredths = static_cast<int>(value * 100 + 0.5);
  if (hundredths >= 100) return "1";
  return (hundredths < 10 ? ".0" : ".") + std::to_string(hundredths);
}

// Names and messages of the log stand in these texts: on one line, without what a terminal could obey.
Finding Cleaned(Finding finding) {
  constexpr std::size_t kMessage = 1200;
  finding.title = CleanText(finding.title, 160);
  finding.message = CleanText(finding.message, kMessage);
  for (diagnose::Evidence& item : finding.evidence) item.text = CleanText(item.text, 120);
  for (diagnose::RuledOut& other : finding.ruled_out) other.because = CleanText(other.because, 120);
  return finding;
}

// Pieces of Report that describe one finding; all need the run as a whole.
class FindingTexts {
 public:
  FindingTexts(const Report& report, const model::JobModel& model, const std::vector<Finding>& all)
      : report_(report), model_(model) {
    for (const Finding& finding : all) by_id_.emplace(finding.id, &finding);
  }

  void Fill(ShownFinding& shown) const {
    const Finding& finding = shown.finding;
    for (const diagnose::SubjectPart& part : finding.subject) {
      if (part.entity == model::Entity::Stage && shown.where.empty())
        shown.where = StagePurpose(model_, model::StageRow(part.row));
    }
    shown.amount = Amount(finding);
    shown.amount_short = ShortAmount(finding);
    if (finding.layer == diagnose::Layer::Symptom && !finding.explained_by) shown.cause = WhyNoCause(finding);
    for (const std::string& id : finding.explains) shown.explains.push_back(Phrase(*by_id_.at(id)));
    for (const diagnose::RuledOut& other : finding.ruled_out) {
      const std::string name = other.rule.empty() ? other.phrase : PlainName(other.rule);
      shown.ruled_out.push_back(other.because.empty() ? name : name + " (" + other.because + ")");
    }
    shown.expert_head = finding.id;
    shown.expert_tail = ExpertTail(finding);
    shown.expert_lines = ExpertLines(finding);
  }

 private:
  // Rules that were changed, switched off or left out may be why.
  [[nodiscard]] std::string WhyNoCause(const Finding& finding) const {
    const auto caveats = report_.in_force.caveats.find(finding.rule);
    if (caveats == report_.in_force.caveats.end() || caveats->second.empty())
      return "not found: no rule that looked at this run explains it";
    return CleanText("none with the rules as they are set: " + Joined(caveats->second, "; "), 400);
  }

  [[nodiscard]] bool DoesNotFinish(const Finding& finding) const {
    return report_.state == RunState::Failed && finding.severity == Severity::Critical;
  }

  // An upper bound, and named so. Where the best change saves less than half of it, that is what the severity says.
  [[nodiscard]] std::string Amount(const Finding& finding) const {
    if (DoesNotFinish(finding)) return "run does not finish";
    const diagnose::Impact& impact = finding.impact;
    if (!impact.high) return "not estimated";
    if (*impact.high == 0) return std::string(kNoTime);
    std::string text = "at most " + FormatTimeShort(*impact.high);
    if (impact.mid && *impact.mid < *impact.high / 2)
      text = (*impact.mid > 0 ? "saves " + FormatTimeShort(*impact.mid) : "saves nothing") + ", " + text;
    if (report_.state == RunState::Complete && report_.app.duration_ms)
      text += " of " + FormatTimeShort(*report_.app.duration_ms);
    return text;
  }
  [[nodiscard]] std::string ShortAmount(const Finding& finding) const {
    if (DoesNotFinish(finding)) return "run does not finish";
    if (!finding.impact.high) return "not estimated";
    return *finding.impact.high == 0 ? std::string(kNoTime) : "at most " + FormatTimeShort(*finding.impact.high);
  }

  // What is said of a finding that is folded under another.
  static std::string Phrase(const Finding& symptom) { return LowerFirst(WithoutStop(symptom.title)); }

  [[nodiscard]] std::string ExpertTail(const Finding& finding) const {
    std::string text;
    for (const diagnose::SubjectPart& part : finding.subject) {
      if (part.entity == model::Entity::Stage && !part.group) text += "stage " + part.key + "  ";
    }
    if (finding.confidence) text += "conf " + Fraction(*finding.confidence) + "  ";
    if (DoesNotFinish(finding)) return text + "run does not finish";
    if (!finding.impact.high) return text + "not estimated";
    return text + (*finding.impact.high == 0 ? std::string(kNoTime) : "≤ " + FormatTime(*finding.impact.high));
  }

  [[nodiscard]] std::vector<std::string> ExpertLines(const Finding& finding) const {
    std::vector<std::string> lines;
    std::string values;
    for (const diagnose::Evidence& item : finding.evidence)
      values += (values.empty() ? "" : "  ") + item.name + " " + item.text;
    if (!values.empty()) lines.push_back(values);

    std::string path;
    if (finding.impact.high.value_or(0) > 0) {
      path = "path " + FormatTime(*finding.impact.high);
      if (report_.state != RunState::Cut && report_.app.duration_ms.value_or(0) > 0) {
        path += " (" +
                Fraction(static_cast<double>(*finding.impact.high) / static_cast<double>(*report_.app.duration_ms)) +
                ")";
      }
    }
    std::vector<std::string> explained;
    for (const std::string& id : finding.explains)
      explained.push_back(BareName(id.substr(0, id.find('('))) + id.substr(std::min(id.find('('), id.size())));
    if (!explained.empty()) path += (path.empty() ? "explains " : "  explains ") + Joined(explained, " ");
    if (!path.empty()) lines.push_back(path);

    std::string others;
    for (const diagnose::RuledOut& other : finding.ruled_out) {
      others += (others.empty() ? "¬" : "  ¬") + (other.rule.empty() ? other.phrase : BareName(other.rule)) +
                (other.because.empty() ? "" : " " + other.because);
    }
    if (!others.empty()) lines.push_back(others);
    return lines;
  }

  const Report& report_;
  const model::JobModel& model_;
  std::map<std::string, const Finding*, std::less<>> by_id_;
};

}  // namespace

std::vector<ShownFinding> ShowFindings(const Report& report, const model::JobModel& model,
                                       std::vector<Finding> findings,
                                       const std::vector<explain::Narration>& narrations) {
  std::map<std::string_view, const explain::Narration*> narration_of;
  for (const explain::Narration& narration : narrations) narration_of.emplace(narration.id, &narration);
  for (Finding& finding : findings) finding = Cleaned(std::move(finding));
  const FindingTexts texts(report, model, findings);
  std::vector<ShownFinding> all;
  for (const Finding& finding : findings) {
    ShownFinding shown;
    shown.finding = finding;
    if (const auto it = narration_of.find(finding.id); it != narration_of.end()) shown.narration = *it->second;
    texts.Fill(shown);
    all.push_back(std::move(shown));
  }
  return all;
}

}  // namespace advise::report
