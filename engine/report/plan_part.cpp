// Every figure comes from plan/; here it gets its words.
#include "report/plan_part.h"

#include <algorithm>

#include "report/actions.h"
#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using recommend::Interval;
using recommend::Recommendation;

constexpr std::size_t kNotChosen = 6;  // lines; the rest is counted

// What the letter stands for (cost/predict.h).
std::string_view Basis(char letter) {
  switch (letter) {
    case 'A': return "A removed";
    case 'B': return "B bounded";
    case 'C': return "C as seen";
    case 'D': return "D inferred";
    default: return "E beyond";
  }
}

// The same in words, behind a saving.
std::string_view Means(char letter) {
  switch (letter) {
    case 'A': return "class A: measured time goes away";
    case 'B': return "class B: within measured bounds";
    case 'C': return "class C: as the run behaved";
    case 'D': return "class D: inferred";
    default: return "class E: beyond what the log shows";
  }
}

// In one line of a table of 100 columns.
constexpr std::size_t kStepName = 44;

// "12 s (8..15 s)", "between 10 s less and 14 s more", "next to nothing"; of savings.
std::string Saved(const Interval& saving) {
  if (saving.low < 0 && saving.high > 0) return FormatInterval(saving.low, saving.high);
  if (saving.high <= 0) {
    if (saving.low == 0) return "nothing";
    return FormatInterval(-saving.high, -saving.low) + " more";
  }
  const std::string middle = FormatTimeShort(saving.mid);
  const std::string range = FormatInterval(saving.low, saving.high);
  if (saving.mid == 0) return range;
  return saving.low == saving.high || range == middle ? middle : middle + " (" + range + ")";
}

// In the column of a table: middle values, all alike.
std::string Cell(std::int64_t ms) {
  if (ms < 0) return "−" + FormatTimeShort(-ms);
  return FormatTimeShort(ms);
}

// The number under which WHAT TO DO has it; 0: it does not.
int NumberOf(const Report& report, const std::string& id) {
  const auto action = std::ranges::find(report.actions, id, &Action::recommendation);
  return action != report.actions.end() ? action->number : 0;
}

std::string Named(const Recommendation& recommendation) { return CleanText(plan::NameOf(recommendation), 100); }

// "simulated", or whose word it is.
std::string SaidBy(const plan::Plan& plan) {
  return plan.model.empty() || !plan.model_failed.empty() ? "simulated" : "by the cost model " + plan.model;
}

// "2 changes together, simulated: 42 s → 20 s". Empty: no step.
std::string Summary(const plan::Plan& plan) {
  if (plan.steps.empty()) return {};
  const std::int64_t low = plan.duration - plan.joint.high;
  const std::int64_t high = plan.duration - plan.joint.low;
  const std::string after =
      FormatTimeShort(low) == FormatTimeShort(high) ? FormatTimeShort(low) : FormatInterval(low, high);
  const std::string count = plan.steps.size() == 1 ? "One change" : Counted(plan.steps.size(), "", "changes together");
  return UpperFirst(count) + ", " + SaidBy(plan) + ": " + FormatTimeShort(plan.duration) + " → " + after;
}

void Steps(const Report& report, PlanTexts& texts) {
  const plan::Plan& plan = *report.plan;
  int number = 0;
  for (const plan::PlanStep& step : plan.steps) {
    const Recommendation& of = report.recommendations[step.recommendation];
    const int finding = NumberOf(report, of.id);
    texts.steps.push_back(
        {std::to_string(++number),
         CleanText(plan::NameOf(of), kStepName) + (finding > 0 ? " (" + std::to_string(finding) + ")" : ""),
         Cell(of.saving->alone.mid), Cell(step.saving.mid), Cell(step.if_dropped),
         std::string(Basis(of.evidence_class ? of.evidence_class->front() : 'E'))});
    if (!step.check.empty())
      texts.checks.push_back("after " + std::to_string(number) + ": " + CleanText(step.check, 200));
  }
  if (plan.steps.size() > 1) {
    texts.sum.push_back("sum " + FormatTimeShort(plan.sum_of_separate) + " → joint " + Saved(plan.joint));
  }
  const auto step_of = [&](std::size_t recommendation) {
    const auto at = std::ranges::find(plan.steps, recommendation, &plan::PlanStep::recommendation);
    return at == plan.steps.end() ? std::string() : std::to_string(at - plan.steps.begin() + 1);
  };
  for (const plan::Doubt& doubt : plan.doubts) {
    texts.measure.push_back("step " + step_of(doubt.recommendation) + ": in " + FormatShare(doubt.against) +
                            " of the draws the run is shorter without it; to know is worth " +
                            FormatTimeShort(doubt.worth));
  }
  for (const plan::Interaction& interaction : plan.interactions) {
    if (interaction.kind == plan::InteractionKind::Conflict) continue;
    const bool overlap = interaction.kind == plan::InteractionKind::Overlap;
    texts.sum.push_back(step_of(interaction.a) + " and " + step_of(interaction.b) +
                        (overlap ? " overlap by " : " help each other by ") +
                        FormatTimeShort(std::abs(interaction.amount)) + ": " + interaction.because);
  }
}

void Others(const Report& report, PlanTexts& texts) {
  std::size_t more = 0;
  for (const Recommendation& recommendation : report.recommendations) {
    if (recommendation.chosen || recommendation.rejection == recommend::Rejection::Impossible) continue;
    if (texts.not_chosen.size() == kNotChosen) {
      ++more;
      continue;
    }
    texts.not_chosen.push_back(Named(recommendation) + ": " + CleanText(recommendation.reason, 200));
  }
  if (more > 0) texts.not_chosen.push_back(Counted(more, "other", "others"));
  for (const plan::Remedy& remedy : report.plan->no_help) {
    // How much longer the run would take is beyond what the model was held against.
    if (remedy.saving.high <= 0 && remedy.because.empty()) {
      texts.no_help.push_back(remedy.what + ": the run becomes no shorter, class " + std::string(1, remedy.evidence));
      continue;
    }
    texts.no_help.push_back(
        remedy.what + ": " + Saved(remedy.saving) + (remedy.saving.high > 0 && remedy.saving.low >= 0 ? " less" : "") +
        (remedy.because.empty() ? ", class " + std::string(1, remedy.evidence) : "; " + remedy.because));
  }
}

// What the run costs, now and after each step; of a cluster that is paid for anyway what it holds.
void Money(const plan::Plan& plan, PlanTexts& texts) {
  if (plan.money && plan.money->now) {
    const plan::PlanMoney& money = *plan.money;
    std::string text = cost::FormatMoney(*money.now, money.currency) + " now";
    if (money.after) text += " → " + cost::FormatMoney(*money.after, money.currency);
    if (plan.steps.size() > 1) {
      text += " (after each step";
      for (const plan::PlanStep& step : plan.steps)
        text += (&step == &plan.steps.front() ? " " : ", ") +
                (step.money ? cost::FormatMoney(*step.money, money.currency) : "unknown");
      text += ")";
    }
    texts.money.push_back(text + ", by the prices of " + CleanText(money.source, 100));
  } else if (plan.money) {
    texts.money.push_back(cost::FormatMoney(plan.money->core_hours, "core-hours") + " held by executors; " +
                          plan.no_money);
  } else if (!plan.no_money.empty()) {
    texts.money.push_back(plan.no_money);
  }
}

// One block a scope, in the form that the platform takes.
std::vector<CodeLine> PasteLines(const plan::Plan& plan) {
  using recommend::PastedSetting;
  std::vector<CodeLine> lines;
  const recommend::PasteBlock& block = plan.paste;
  if (block.at_start.size() + block.in_session.size() < 2) return lines;
  if (!block.at_start.empty()) {
    switch (block.start_form) {
      case recommend::StartForm::SparkSubmit:
        lines.push_back({"# spark-submit", "", {}});
        for (const PastedSetting& setting : block.at_start)
          lines.push_back({"--conf " + ShellWord(setting.key + "=" + setting.value.text), "", {}});
        break;
      case recommend::StartForm::ClusterConfig:
        lines.push_back({"# Spark config of the cluster", "", {}});
        for (const PastedSetting& setting : block.at_start)
          lines.push_back({setting.key + " " + setting.value.text, "", {}});
        break;
      case recommend::StartForm::JobProperties: {
        lines.push_back({"# gcloud dataproc jobs submit", "", {}});
        // A value with a comma needs another separator (gcloud topic escaping).
        const bool commas = std::ranges::any_of(block.at_start, [](const PastedSetting& setting) {
          return setting.value.text.find(',') != std::string::npos;
        });
        std::string list;
        for (const PastedSetting& setting : block.at_start)
          list += (list.empty() ? "" : commas ? "#" : ",") + setting.key + "=" + setting.value.text;
        lines.push_back({"--properties=" + ShellWord((commas ? "^#^" : "") + list), "", {}});
        break;
      }
    }
  }
  if (!block.in_session.empty()) {
    lines.push_back({"# in the program, before the query", "", {}});
    for (const PastedSetting& setting : block.in_session) lines.push_back(SessionLine(setting.key, setting.value.text));
  }
  return lines;
}

}  // namespace

std::string SayingOf(const Recommendation& recommendation, const Report& report) {
  if (!report.plan || !report.plan->refused_code.empty()) return {};
  if (!recommendation.saving) {
    const std::string& why = recommendation.not_estimated;
    if (why.empty()) return "not estimated";
    // A refusal may be several sentences.
    if (why.find(". ") != std::string::npos) return "not estimated. " + why;
    return "not estimated: " + LowerFirst(why);
  }
  const Interval& alone = recommendation.saving->alone;
  std::string text =
      alone.low < 0 ? (alone.high <= 0 ? "saves no time: " : "") + Saved(alone) : "saves " + Saved(alone);
  return text + ", " + std::string(Means(recommendation.evidence_class.value_or("E").front()));
}

PlanTexts SayPlan(const Report& report) {
  PlanTexts texts;
  if (!report.plan || report.recommendations.empty()) return texts;
  const plan::Plan& plan = *report.plan;
  texts.paste = PasteLines(plan);
  if (!plan.refused_code.empty()) {
    texts.heading = "PLAN";
    texts.remark = "No saving is given. " + plan.refused;
    return texts;
  }
  Steps(report, texts);
  Others(report, texts);
  Money(plan, texts);
  texts.heading = "PLAN";
  texts.summary = Summary(plan);
  if (!plan.model_failed.empty()) {
    texts.remark = "The cost model " + plan.model +
                   " failed, the times are those of the built-in one: " + CleanText(plan.model_failed, 300) + ".";
  }
  if (!plan.steps.empty()) return texts;
  const bool any =
      std::ranges::any_of(report.recommendations, [](const Recommendation& r) { return r.saving.has_value(); });
  const bool by_model = !plan.model.empty() && plan.model_failed.empty();
  if (any) {
    texts.remark +=
        (texts.remark.empty() ? "" : " ") +
        (by_model ? "By the cost model " + plan.model + " no change" : std::string("No change that can be simulated")) +
        " would make the run shorter by more than two runs differ.";
  } else if (by_model) {
    texts.remark = "The cost model " + plan.model + " can estimate none of these changes.";
  } else if (texts.remark.empty() && texts.not_chosen.empty() && texts.no_help.empty() && texts.money.empty()) {
    texts.heading.clear();
  }
  return texts;
}

}  // namespace advise::report
