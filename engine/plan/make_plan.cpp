// The order of work: what can be predicted, each alone, the best set, steps, interactions, words for the rest.
#include "plan/make_plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "cost/resolve.h"
#include "plan/estimator.h"
#include "plan/footprint.h"
#include "plan/interactions.h"
#include "plan/search.h"
#include "support/format.h"

namespace advise::plan {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

using recommend::ChangeKind;
using recommend::Grade;
using recommend::Recommendation;
using recommend::Rejection;

// What a change must save to be part of a plan: of the run, and at least; ms. Below that two runs do not differ.
constexpr double kLeastShare = 0.005;
constexpr double kLeastMs = 50;
// A remedy that saves less than this of the run is said not to help.
constexpr double kNoHelp = 0.05;
// A change that may cost more than this of the run, and more than it is likely to save, is no part of a plan.
constexpr double kHarm = 0.05;
// Work in replayed tasks, so that it does not depend on the machine: 25 million take a second.
constexpr double kWork = 6e6;
constexpr std::size_t kMostWeighed = 12;
constexpr std::uint32_t kFewestDraws = 5;
constexpr std::uint32_t kMostDraws = 24;

std::int64_t Ms(double value) { return static_cast<std::int64_t>(std::llround(value)); }

bool ChangesCode(const Recommendation& recommendation) {
  return std::ranges::any_of(recommendation.changes, [](const recommend::Change& change) {
    return change.kind == ChangeKind::Code || change.kind == ChangeKind::Query;
  });
}

// Saved ms by draw, around a middle value that is exact.
Interval IntervalOf(const std::vector<double>& saved, double mid) {
  const cost::Interval drawn = cost::MixWithNoise(saved, 0);
  return {Ms(std::min(drawn.low, mid)), Ms(mid), Ms(std::max(drawn.high, mid))};
}

// An effect without its places: equal ones do the same, though perhaps elsewhere.
cost::Effect WithoutPlaces(cost::Effect effect) {
  std::visit(
      [](auto& what) {
        if constexpr (requires { what.stages; }) what.stages.clear();
        if constexpr (requires { what.gaps; }) what.gaps.clear();
        if constexpr (requires { what.arrivals; }) what.arrivals.clear();
        if constexpr (requires { what.tasks.clear(); }) what.tasks.clear();
      },
      effect);
  return effect;
}

cost::Effect WithoutFactor(cost::Effect effect) {
  std::visit(
      [](auto& what) {
        if constexpr (requires { what.factor; }) what.factor = {1, 1, 1};
      },
      effect);
  return effect;
}

// A set of changes on its way to a question. What two changes do alike in the same place, they do once; of two remedies
// for one finding that act on the same part, the stronger one is all that acts: it has to be added first.
class Union {
 public:
  void Add(const cost::Question& more, const std::vector<std::size_t>& findings) {
    const std::size_t before = owners_.size();
    for (cost::Effect effect : more.effects) {
      bool empty = false;
      const cost::Effect alike = WithoutPlaces(effect);
      for (std::size_t i = 0; i < before && !empty; ++i) {
        const cost::Effect other = WithoutPlaces(all_.effects[i]);
        const bool same =
            other == alike || (Share(*owners_[i], findings) && WithoutFactor(other) == WithoutFactor(alike));
        if (same) empty = TakeOut(all_.effects[i], effect);
      }
      if (empty) continue;
      all_.effects.push_back(std::move(effect));
      owners_.push_back(&findings);
    }
    all_.evidence = std::max(all_.evidence, more.evidence);
    all_.spread = {all_.spread.low * more.spread.low, all_.spread.mid * more.spread.mid,
                   all_.spread.high * more.spread.high};
    if (more.heap) all_.heap = more.heap;
    if (more.cores) all_.cores = more.cores;
  }
  [[nodiscard]] const cost::Question& All() const { return all_; }

 private:
  static bool Share(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    return std::ranges::any_of(a, [&](std::size_t finding) { return std::ranges::find(b, finding) != b.end(); });
  }

  // Takes the places of `known` out of `effect`, which is of the same operator; true: none is left.
  static bool TakeOut(const cost::Effect& known, cost::Effect& effect) {
    return std::visit(
        [&](auto& what) {
          const auto& other = std::get<std::remove_reference_t<decltype(what)>>(known);
          const auto left = [](auto& places, const auto& taken) {
            std::erase_if(places, [&](std::uint32_t place) { return std::ranges::binary_search(taken, place); });
            return places.empty();
          };
          if constexpr (requires { what.stages; })
            return left(what.stages, other.stages);
          else if constexpr (requires { what.gaps; })
            return left(what.gaps, other.gaps);
          else if constexpr (requires { what.arrivals; })
            return left(what.arrivals, other.arrivals);
          else if constexpr (requires { what.tasks.clear(); })
            return left(what.tasks, other.tasks);
          else
            return true;
        },
        effect);
  }

  cost::Question all_;
  std::vector<const std::vector<std::size_t>*> owners_;  // of each effect: the findings that its change is for
};

class Planner {
 public:
  Planner(std::vector<Recommendation>& recommendations, const model::JobModel& model, const PlanOptions& options,
          std::span<const Bound> bounds, Estimator& estimator)
      : recommendations_(recommendations),
        bounds_(bounds),
        model_(model),
        options_(options),
        estimator_(estimator),
        workload_(estimator.predictor().workload()),
        unit_(estimator.work()) {
    base_ = estimator_.RunMid({});
    least_ = std::max(kLeastMs, kLeastShare * base_.duration);
  }

  void Fill(Plan& plan) {
    plan.duration = Ms(base_.duration);
    Collect();
    if (!candidates_.empty()) {
      PredictEachAlone();
      Search();
      FillSteps(plan);
      FillInteractions(plan);
      FillDoubts(plan);
      TellTheOthers(plan);
      if (options_.subsets) FillSubsets(plan);
    }
    LookAtRemedies(plan);
    TellMoney(plan);
  }

 private:
  struct Candidate {
    std::size_t recommendation = 0;
    cost::Question question;
    Footprint footprint;
    Interval alone;
    double burden = 0;
    bool weighed = false;
  };

  // ---------------------------------------------------------------- what can be predicted
  void Collect() {
    for (std::size_t i = 0; i < recommendations_.size(); ++i) {
      Recommendation& recommendation = recommendations_[i];
      if (recommendation.rejection != Rejection::None && recommendation.rejection != Rejection::Contradicts) continue;
      if (recommendation.effects.empty()) continue;
      cost::Change change = cost::ResolveEffects(model_, workload_, recommendation.effects);
      std::optional<std::string> clash;
      if (!change.refused) clash = cost::FindContradiction(workload_, change.question.effects);
      if (change.refused || clash) {
        recommendation.not_estimated = WithoutStop(change.refused ? change.refused->text : *clash);
        continue;
      }
      if (std::optional<std::string> unknown = estimator_.Unknown(change.question)) {
        recommendation.not_estimated = std::move(*unknown);
        continue;
      }
      Candidate candidate;
      candidate.recommendation = i;
      candidate.footprint = FootprintOf(workload_, change.question);
      candidate.question = std::move(change.question);
      candidate.burden = BurdenOf(recommendation);
      candidates_.push_back(std::move(candidate));
    }
  }

  static std::string WithoutStop(std::string text) {
    if (text.ends_with('.')) text.pop_back();
    return text;
  }

  // Settings before code, little effort before much.
  [[nodiscard]] double BurdenOf(const Recommendation& recommendation) const {
    double weight = ChangesCode(recommendation) ? 1.5 : 1;
    if (recommendation.effort == Grade::High) weight *= 2;
    return weight * least_;
  }
  // What is risky must save twice as much as what is not, or four times.
  static double RiskOf(const Recommendation& recommendation) {
    if (recommendation.risk == Grade::Medium) return 0.5;
    return recommendation.risk == Grade::High ? 0.75 : 0;
  }

  void PredictEachAlone() {
    const double spent = 0.3 * kWork / (unit_ * static_cast<double>(candidates_.size()));
    draws_ = std::clamp(static_cast<std::uint32_t>(spent), kFewestDraws, kMostDraws);
    for (Candidate& candidate : candidates_) {
      const cost::MidRun mid = estimator_.RunMid(candidate.question);
      const double middle = base_.duration - mid.duration * candidate.question.spread.mid;
      const double most = MostOf(std::vector<const Candidate*>{&candidate});
      if (mid.extrapolated) candidate.question.evidence = cost::EvidenceClass::E;
      candidate.alone = IntervalOf(Saved(candidate.question, draws_, most), std::min(middle, most));
      Recommendation& recommendation = recommendations_[candidate.recommendation];
      recommendation.saving = recommend::Saving{candidate.alone, {}, 0};
      recommendation.evidence_class = std::string(1, cost::Letter(candidate.question.evidence));
    }
  }

  std::vector<double> Saved(const cost::Question& question, std::uint32_t draws, double most) {
    std::vector<double> saved = estimator_.Durations(question, draws);
    for (double& duration : saved) duration = std::min(most, base_.duration - duration);
    return saved;
  }

  // What the findings of these candidates cost, each once; infinite if that of one is not known, or a change does
  // something beside the stages of its findings.
  [[nodiscard]] double MostOf(const std::vector<const Candidate*>& candidates) const {
    std::set<std::size_t> findings;
    for (const Candidate* candidate : candidates) {
      if (!InsideFindings(*candidate)) return kNoLimit;
      const std::vector<std::size_t>& served = recommendations_[candidate->recommendation].for_findings;
      findings.insert(served.begin(), served.end());
    }
    double most = 0;
    for (const std::size_t finding : findings) {
      if (finding >= bounds_.size() || !bounds_[finding].most) return kNoLimit;
      most += static_cast<double>(*bounds_[finding].most);
    }
    return most;
  }
  [[nodiscard]] bool InsideFindings(const Candidate& candidate) const {
    std::set<std::uint32_t> rows;
    for (const std::size_t finding : recommendations_[candidate.recommendation].for_findings) {
      if (finding >= bounds_.size() || bounds_[finding].stages.empty()) return true;
      rows.insert(bounds_[finding].stages.begin(), bounds_[finding].stages.end());
    }
    return std::ranges::all_of(candidate.footprint.stages, [&](std::uint32_t stage) {
      return rows.contains(workload_.stages[stage].row);
    });
  }
  [[nodiscard]] double MostOf(Set set) const {
    std::vector<const Candidate*> all;
    for (std::size_t item = 0; item < weighed_.size(); ++item) {
      if (Has(set, item)) all.push_back(&candidates_[weighed_[item]]);
    }
    return MostOf(all);
  }

  // ---------------------------------------------------------------- the best set
  // Why a candidate is not weighed against the others; empty: it is.
  [[nodiscard]] std::string Excluded(const Candidate& candidate) const {
    const Recommendation& recommendation = recommendations_[candidate.recommendation];
    if (options_.no_code_changes && ChangesCode(recommendation)) return "no changes of code are wanted";
    for (const recommend::Change& change : recommendation.changes) {
      if (change.kind == ChangeKind::Conf && std::ranges::find(options_.pinned, change.key) != options_.pinned.end())
        return change.key + " stays as it is";
    }
    if (recommendation.for_cost && options_.objective == Objective::Time) return "it saves money, not time";
    const double low = static_cast<double>(candidate.alone.low);
    if (options_.objective == Objective::Time && -low > kHarm * base_.duration &&
        -candidate.alone.low > candidate.alone.mid)
      return "the run could also take " + FormatTimeShort(-candidate.alone.low) + " longer";
    return {};
  }

  void Search() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (Excluded(candidates_[i]).empty()) order.push_back(i);
    }
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return candidates_[i].alone.mid; });
    // All pairs must fit into half of the work.
    const auto pairs = static_cast<std::size_t>(std::sqrt(kWork / unit_));
    order.resize(std::min({order.size(), kMostWeighed, std::max<std::size_t>(pairs, 3)}));
    std::ranges::sort(order);
    weighed_ = order;
    for (const std::size_t i : weighed_) candidates_[i].weighed = true;
    for (std::size_t item = 0; item < weighed_.size(); ++item) by_strength_.push_back(item);
    std::ranges::stable_sort(by_strength_, std::ranges::greater{},
                             [&](std::size_t item) { return candidates_[weighed_[item]].alone.mid; });
    task_.items = weighed_.size();
    task_.value = [this](Set set) { return Value(set); };
    for (const std::size_t i : weighed_) {
      const double risk = RiskOf(recommendations_[candidates_[i].recommendation]);
      task_.burden.push_back(candidates_[i].burden +
                             risk * static_cast<double>(std::max<std::int64_t>(0, candidates_[i].alone.mid)));
    }
    if (options_.max_changes) task_.most_items = *options_.max_changes;
    const double all = std::pow(2.0, static_cast<double>(task_.items));
    chosen_ = all * unit_ <= kWork / 3 && all <= 128 ? BestOfAll(task_) : BestByGreed(task_);
  }

  struct Outcome {
    double saved = 0;   // ms of wall time
    double budget = 0;  // of the objective, in ms of the run
    std::optional<double> money;
  };
  // nullopt: these changes cannot be made together.
  const std::optional<Outcome>& OutcomeOf(Set set) {
    const auto [entry, is_new] = outcomes_.try_emplace(set);
    if (!is_new) return entry->second;
    if (Together(set)) return entry->second;
    const cost::Question question = QuestionOf(set);
    if (cost::FindContradiction(workload_, question.effects)) return entry->second;
    const cost::MidRun mid = estimator_.RunMid(question);
    const double saved = std::min(MostOf(set), base_.duration - mid.duration * question.spread.mid);
    double owned = base_.owned_slots > 0 ? (1 - mid.owned_slots / base_.owned_slots) * base_.duration : saved;
    if (mid.money && base_.money && *base_.money > 0) owned = (1 - *mid.money / *base_.money) * base_.duration;
    entry->second = Outcome{saved, options_.objective == Objective::Cost ? owned : saved, mid.money};
    return entry->second;
  }
  std::optional<double> Value(Set set) {
    if (set == 0) return 0;
    const std::optional<Outcome>& outcome = OutcomeOf(set);
    if (!outcome) return std::nullopt;
    return outcome->budget;
  }
  std::optional<double> SavedBy(Set set) {
    if (set == 0) return 0;
    const std::optional<Outcome>& outcome = OutcomeOf(set);
    if (!outcome) return std::nullopt;
    return outcome->saved;
  }

  // Why Spark would not take the settings of the set together.
  [[nodiscard]] std::optional<std::string> Together(Set set) const {
    std::vector<const Recommendation*> all;
    for (std::size_t item = 0; item < weighed_.size(); ++item) {
      if (Has(set, item)) all.push_back(&Of(item));
    }
    return recommend::AgainstTogether(all, model_);
  }

  [[nodiscard]] cost::Question QuestionOf(Set set) const {
    Union all;
    for (const std::size_t item : by_strength_) {
      if (Has(set, item)) all.Add(candidates_[weighed_[item]].question, Of(item).for_findings);
    }
    return all.All();
  }

  [[nodiscard]] Recommendation& Of(std::size_t item) const {
    return recommendations_[candidates_[weighed_[item]].recommendation];
  }

  // ---------------------------------------------------------------- steps
  void FillSteps(Plan& plan) {
    SearchTask by_time = task_;
    by_time.value = [this](Set set) { return SavedBy(set); };
    const std::vector<double> shares = FairShares(by_time, chosen_);
    const std::vector<Step> steps = InSteps(task_, chosen_);
    Set done = 0;
    std::vector<double> before(1, 0);
    double saved_before = 0;
    std::int64_t given = 0;
    for (const Step& one : steps) {
      done = With(done, one.item);
      const double saved = SavedBy(done).value_or(saved_before);
      std::vector<double> drawn = Saved(QuestionOf(done), draws_, MostOf(done));
      std::vector<double> more;
      for (std::size_t i = 0; i < drawn.size(); ++i) more.push_back(drawn[i] - before[std::min(i, before.size() - 1)]);
      const Interval all = IntervalOf(drawn, saved);
      PlanStep step;
      const Candidate& candidate = candidates_[weighed_[one.item]];
      step.recommendation = candidate.recommendation;
      // Rounded so that the steps add up to the whole.
      step.saving = IntervalOf(more, saved - saved_before);
      step.saving.mid = Ms(saved) - Ms(saved_before);
      step.fair_share = Ms(shares[one.item]);
      given += step.fair_share;
      step.if_dropped = Ms(SavedBy(chosen_).value_or(0) - SavedBy(Without(chosen_, one.item)).value_or(0));
      step.after = {plan.duration - all.high, plan.duration - all.mid, plan.duration - all.low};
      step.check = CheckOf(workload_, candidate.question);
      if (const std::optional<Outcome>& outcome = OutcomeOf(done)) step.money = outcome->money;
      plan.steps.push_back(std::move(step));
      plan.joint = all;
      plan.sum_of_separate += candidate.alone.mid;
      before = std::move(drawn);
      saved_before = saved;
    }
    if (plan.steps.empty()) return;
    // What rounding left over goes to the largest share.
    std::ranges::max_element(plan.steps, {}, &PlanStep::fair_share)->fair_share += plan.joint.mid - given;
    for (const PlanStep& step : plan.steps) {
      recommend::Saving& saving = *recommendations_[step.recommendation].saving;
      saving.in_plan = step.saving;
      if (plan.joint.mid != 0)
        saving.share = static_cast<double>(step.fair_share) / static_cast<double>(plan.joint.mid);
    }
  }

  // Those of the plan's own order are there already and stay as they are said.
  void FillSubsets(Plan& plan) {
    constexpr std::size_t kMostSteps = 6;
    const std::size_t count = std::size_t{1} << std::min(plan.steps.size(), kMostSteps);
    const double draws = 0.5 * kWork / (unit_ * static_cast<double>(count));
    if (plan.steps.empty() || plan.steps.size() > kMostSteps || draws < kFewestDraws) return;
    std::vector<std::size_t> items;  // of the steps
    for (const PlanStep& step : plan.steps) {
      for (std::size_t item = 0; item < weighed_.size(); ++item) {
        if (candidates_[weighed_[item]].recommendation == step.recommendation) items.push_back(item);
      }
    }
    plan.subsets.emplace_back(Interval());
    for (std::size_t bits = 1; bits < count; ++bits) {
      const std::size_t last = static_cast<std::size_t>(std::bit_width(bits)) - 1;
      if (bits + 1 == std::size_t{1} << (last + 1)) {  // steps 0 … last
        const Interval& after = plan.steps[last].after;
        plan.subsets.emplace_back(
            Interval{plan.duration - after.high, plan.duration - after.mid, plan.duration - after.low});
        continue;
      }
      Set set = 0;
      for (std::size_t i = 0; i < items.size(); ++i) {
        if ((bits >> i & 1) != 0) set = With(set, items[i]);
      }
      const std::optional<double> saved = SavedBy(set);
      std::optional<Interval> interval;
      if (saved) {
        interval = IntervalOf(Saved(QuestionOf(set), std::min(draws_, static_cast<std::uint32_t>(draws)), MostOf(set)),
                              *saved);
      }
      plan.subsets.push_back(interval);
    }
  }

  void FillInteractions(Plan& plan) {
    const double tolerance = std::max(2 * least_, 0.01 * base_.duration);
    for (std::size_t a = 0; a < weighed_.size(); ++a) {
      for (std::size_t b = a + 1; b < weighed_.size(); ++b) {
        const bool inside = Has(chosen_, a) && Has(chosen_, b);
        const Set both = With(With(0, a), b);
        if (!inside && outcomes_.count(both) == 0) continue;  // was not asked
        if (!inside && !Has(chosen_, a) && !Has(chosen_, b)) continue;
        const std::optional<double> alone_a = SavedBy(With(0, a));
        const std::optional<double> alone_b = SavedBy(With(0, b));
        if (!alone_a || !alone_b) continue;
        Interaction interaction{candidates_[weighed_[a]].recommendation, candidates_[weighed_[b]].recommendation,
                                InteractionKind::Conflict, 0, ""};
        const std::optional<double> together = SavedBy(both);
        if (!together) {
          interaction.because = Together(both).value_or("they set the same to different values");
          plan.interactions.push_back(std::move(interaction));
          continue;
        }
        const double amount = *together - *alone_a - *alone_b;
        if (!inside || std::abs(amount) <= tolerance) continue;
        interaction.kind = amount < 0 ? InteractionKind::Overlap : InteractionKind::Synergy;
        interaction.amount = Ms(amount);
        interaction.because = WhyTogether(a, b, amount < 0);
        plan.interactions.push_back(std::move(interaction));
      }
    }
  }

  std::string WhyTogether(std::size_t a, std::size_t b, bool overlap) {
    const Candidate& first = candidates_[weighed_[a]];
    const Candidate& second = candidates_[weighed_[b]];
    if (critical_.empty()) critical_ = estimator_.predictor().CriticalTimes({});
    const CriticalTimes times{critical_, estimator_.predictor().CriticalTimes(first.question),
                              estimator_.predictor().CriticalTimes(second.question)};
    return overlap ? WhyOverlap(workload_, first.footprint, second.footprint, times, least_)
                   : WhySynergy(workload_, first.footprint, second.footprint, times, least_);
  }

  // Steps without which the run is shorter in some draws: what knowing would be worth, against the whole plan.
  void FillDoubts(Plan& plan) {
    if (plan.joint.mid <= 0 || chosen_ == 0) return;
    const std::vector<double> with = Saved(QuestionOf(chosen_), draws_, MostOf(chosen_));
    for (std::size_t item = 0; item < weighed_.size(); ++item) {
      // One that is sure to help is no doubt.
      if (!Has(chosen_, item) || candidates_[weighed_[item]].alone.low > 0) continue;
      const Set rest = Without(chosen_, item);
      std::vector<double> without(1, 0);
      if (rest != 0) without = Saved(QuestionOf(rest), draws_, MostOf(rest));
      double best = 0;
      double sum_with = 0;
      double sum_without = 0;
      double against = 0;
      for (std::size_t i = 0; i < with.size(); ++i) {
        const double other = without[std::min(i, without.size() - 1)];
        best += std::max(with[i], other);
        sum_with += with[i];
        sum_without += other;
        if (other > with[i]) against += 1;
      }
      const auto draws = static_cast<double>(with.size());
      const double worth = (best - std::max(sum_with, sum_without)) / draws;
      constexpr double kWorthKnowing = 0.05;
      if (worth <= kWorthKnowing * static_cast<double>(plan.joint.mid)) continue;
      plan.doubts.push_back({candidates_[weighed_[item]].recommendation, against / draws, Ms(worth)});
    }
    std::ranges::stable_sort(plan.doubts, std::ranges::greater{}, &Doubt::worth);
  }

  // The smallest part of the set that does not go together with the item (deletion filter), and why.
  std::string WhyNotWith(Set set, std::size_t item) {
    Set kept = set;
    for (std::size_t other = 0; other < weighed_.size(); ++other) {
      if (Has(kept, other) && !OutcomeOf(With(Without(kept, other), item))) kept = Without(kept, other);
    }
    std::string names;
    for (std::size_t other = 0; other < weighed_.size(); ++other) {
      if (Has(kept, other)) names += (names.empty() ? "" : " and ") + NameOf(Of(other));
    }
    std::string text = "it does not go together with " + names;
    const Set clash = With(kept, item);
    std::optional<std::string> why = Together(clash);
    if (!why) why = cost::FindContradiction(workload_, QuestionOf(clash).effects);
    if (why) text += ": " + *why;
    return text;
  }

  // ---------------------------------------------------------------- what is not in it
  [[nodiscard]] bool IsStep(std::size_t candidate) const {
    for (std::size_t item = 0; item < weighed_.size(); ++item) {
      if (weighed_[item] == candidate && Has(chosen_, item)) return true;
    }
    return false;
  }

  void TellTheOthers(Plan& plan) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      Recommendation& recommendation = recommendations_[candidates_[i].recommendation];
      if (IsStep(i)) {
        recommendation.chosen = true;
        recommendation.rejection = Rejection::None;
        recommendation.reason.clear();
        continue;
      }
      if (!candidates_[i].weighed && Excluded(candidates_[i]).empty()) ++plan.not_simulated;
      std::string reason = ReasonOf(i);
      const bool could_help = static_cast<double>(candidates_[i].alone.high) >= candidates_[i].burden;
      const bool unwanted = Unwanted(recommendation);
      // The only remedy that a finding has stays, unless it is sure to do nothing.
      if (!unwanted && recommendation.chosen &&
          (recommendation.for_cost || (could_help && !ServedOtherwise(recommendation))))
        continue;
      recommendation.chosen = false;
      recommendation.rejection = unwanted ? Rejection::Pinned : Rejection::Plan;
      recommendation.reason = std::move(reason);
    }
  }

  // By the user's options.
  [[nodiscard]] bool Unwanted(const Recommendation& recommendation) const {
    if (options_.no_code_changes && ChangesCode(recommendation)) return true;
    return std::ranges::any_of(recommendation.changes, [&](const recommend::Change& change) {
      return change.kind == ChangeKind::Conf && std::ranges::find(options_.pinned, change.key) != options_.pinned.end();
    });
  }

  // Is there a step for each finding that it is for?
  [[nodiscard]] bool ServedOtherwise(const Recommendation& recommendation) const {
    return std::ranges::all_of(recommendation.for_findings, [&](std::size_t finding) {
      for (std::size_t item = 0; item < weighed_.size(); ++item) {
        if (Has(chosen_, item) && std::ranges::find(Of(item).for_findings, finding) != Of(item).for_findings.end())
          return true;
      }
      return false;
    });
  }

  std::string ReasonOf(std::size_t candidate) {
    const Candidate& of = candidates_[candidate];
    if (std::string excluded = Excluded(of); !excluded.empty()) return excluded;
    const auto place = std::ranges::find(weighed_, candidate);
    if (place == weighed_.end()) return "others save more";
    const auto item = static_cast<std::size_t>(place - weighed_.begin());
    if (static_cast<double>(of.alone.mid) <= -of.burden)
      return "predicted to take " + FormatTimeShort(-of.alone.mid) + " longer";
    for (std::size_t other = 0; other < weighed_.size(); ++other) {
      if (!Has(chosen_, other) || OutcomeOf(With(With(0, item), other))) continue;
      return "instead of it " + NameOf(Of(other)) + ", which saves " +
             FormatTimeShort(candidates_[weighed_[other]].alone.mid) + " (this " +
             FormatTimeShort(std::max<std::int64_t>(0, of.alone.mid)) + ")";
    }
    if (static_cast<double>(of.alone.mid) < of.burden) return "predicted to save next to nothing in this run";
    const std::optional<double> with = SavedBy(With(chosen_, item));
    if (!with) return WhyNotWith(chosen_, item);
    const double more = *with - SavedBy(chosen_).value_or(0);
    std::string text = "saves " + FormatTimeShort(of.alone.mid) + " alone, " +
                       (more < least_ ? std::string("nothing more") : FormatTimeShort(Ms(more)) + " more") +
                       " beside the plan";
    const Grade risk = recommendations_[of.recommendation].risk;
    if (more >= least_ && (risk == Grade::Medium || risk == Grade::High))
      text += ", at a " + std::string(rules::Word(risk)) + " risk";
    std::string common;
    for (std::size_t other = 0; other < weighed_.size() && common.empty(); ++other) {
      if (!Has(chosen_, other)) continue;
      common = InCommon(workload_, of.footprint, candidates_[weighed_[other]].footprint);
      if (!common.empty()) text += ": " + common + " (" + NameOf(Of(other)) + ")";
    }
    return text;
  }

  // ---------------------------------------------------------------- money
  void TellMoney(Plan& plan) const {
    const std::optional<cost::Prices>& prices = estimator_.predictor().prices();
    if (!prices) {
      if (options_.objective == Objective::Cost)
        plan.no_money = "no price is known (--prices FILE): the slot time of executors stands for it";
      return;
    }
    if (!estimator_.name().empty()) {
      plan.no_money = "the cost model " + estimator_.name() + " says nothing of money";
      return;
    }
    if (!estimator_.predictor().spent()) {
      plan.no_money = "the log does not say how many cores and how much memory an executor had";
      return;
    }
    plan.money = PlanMoney{prices->currency, prices->source, std::string(cost::Word(prices->billing)),
                           base_.money,      base_.money,    estimator_.predictor().spent()->core_hours};
    if (!plan.steps.empty()) plan.money->after = plan.steps.back().money;
    if (!base_.money)
      plan.no_money = prices->billing == cost::Billing::FixedCluster
                          ? "the cluster is paid for as it stands: what is saved is capacity, not money"
                          : "no node of the table of prices holds such an executor";
  }

  // ---------------------------------------------------------------- what would not help
  void LookAtRemedies(Plan& plan) {
    const double executors = model_.app.max_executors.Has(0) ? static_cast<double>(model_.app.max_executors.Get(0)) : 0;
    const auto asks = [&](std::string_view key) {
      return std::ranges::any_of(recommendations_, [&](const Recommendation& recommendation) {
        return std::ranges::any_of(recommendation.changes,
                                   [&](const recommend::Change& change) { return change.key == key; });
      });
    };
    if (executors >= 1 && !asks("spark.executor.instances") && !asks("spark.cores.max") &&
        !asks("spark.dynamicAllocation.maxExecutors")) {
      Look(plan, "twice the executors (" + FormatCount(Ms(2 * executors)) + ")",
           cost::ChangeExecutors(model_, workload_, 2 * executors));
    }
    if (model_.app.executor_heap.Has(0) && !asks("spark.executor.memory")) {
      const std::int64_t mib = 2 * model_.app.executor_heap.Get(0) / (1024 * 1024);
      Look(plan, "twice the executor memory (" + FormatBytes(mib * 1024 * 1024) + ")",
           cost::ChangeSetting(model_, workload_, "spark.executor.memory", std::to_string(mib) + "m"));
    }
  }

  void Look(Plan& plan, std::string what, const cost::Change& change) {
    if (change.refused || estimator_.Unknown(change.question)) return;
    const cost::MidRun mid = estimator_.RunMid(change.question);
    const double saved = base_.duration - mid.duration * change.question.spread.mid;
    if (saved > kNoHelp * base_.duration) return;
    Remedy remedy{std::move(what), IntervalOf(Saved(change.question, kFewestDraws, kNoLimit), saved),
                  cost::Letter(mid.extrapolated ? cost::EvidenceClass::E : change.question.evidence), ""};
    if (change.question.effects.empty() && !change.question.caveats.empty())
      remedy.because = "nothing in the log says that memory binds";
    plan.no_help.push_back(std::move(remedy));
  }

  std::vector<Recommendation>& recommendations_;
  std::span<const Bound> bounds_;
  const model::JobModel& model_;
  const PlanOptions& options_;
  Estimator& estimator_;
  const cost::Workload& workload_;
  double unit_;  // work of a question
  cost::MidRun base_;
  double least_ = 0;  // ms that a change must save
  std::uint32_t draws_ = kFewestDraws;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> weighed_;      // candidates, by item of the search
  std::vector<std::size_t> by_strength_;  // items, those that save most alone first
  SearchTask task_;
  Set chosen_ = 0;
  std::map<Set, std::optional<Outcome>> outcomes_;
  std::vector<double> critical_;  // of the run as it was; empty: not asked yet
};

// By the model that the user named; if it fails on the way, from the start by the replay.
void FillBy(cost::Predictor& predictor, std::vector<Recommendation>& recommendations, const model::JobModel& model,
            const PlanOptions& options, std::span<const Bound> bounds, Plan& plan) {
  if (options.model != nullptr) {
    Estimator estimator(predictor, options.model);
    plan.model = estimator.name();
    const Plan before = plan;
    const std::vector<Recommendation> as_proposed = recommendations;
    if (estimator.failed().empty()) Planner(recommendations, model, options, bounds, estimator).Fill(plan);
    if (estimator.failed().empty()) return;
    plan = before;
    plan.model_failed = estimator.failed();
    recommendations = as_proposed;
  }
  Estimator replay(predictor, nullptr);
  Planner(recommendations, model, options, bounds, replay).Fill(plan);
}

// What the user does not want is not done, whether it can be predicted or not.
void RejectUnwanted(std::vector<Recommendation>& recommendations, const PlanOptions& options) {
  for (Recommendation& recommendation : recommendations) {
    if (!recommendation.chosen) continue;
    std::string because;
    if (options.no_code_changes && ChangesCode(recommendation)) because = "no changes of code are wanted";
    for (const recommend::Change& change : recommendation.changes) {
      if (change.kind == ChangeKind::Conf && std::ranges::find(options.pinned, change.key) != options.pinned.end())
        because = change.key + " stays as it is";
    }
    if (because.empty()) continue;
    recommendation.chosen = false;
    recommendation.rejection = Rejection::Pinned;
    recommendation.reason = std::move(because);
  }
}

}  // namespace

std::string_view Word(InteractionKind kind) {
  switch (kind) {
    case InteractionKind::Overlap: return "overlap";
    case InteractionKind::Synergy: return "synergy";
    case InteractionKind::Conflict: return "conflict";
  }
  return "";
}

std::string NameOf(const Recommendation& recommendation) {
  if (recommendation.changes.size() == 1 && recommendation.changes[0].kind == ChangeKind::Conf)
    return recommendation.changes[0].key + "=" + recommendation.changes[0].to.text;
  const std::string& text = recommendation.title.empty() ? recommendation.fix : recommendation.title;
  const std::string name = text.substr(0, std::min({text.find(": "), text.find(". "), text.find('\n')}));
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

Plan MakePlan(std::vector<Recommendation>& recommendations, const model::JobModel& model, const PlanOptions& options,
              std::span<const Bound> bounds) {
  Plan plan;
  std::optional<cost::Workload> workload = cost::MakeWorkload(model);
  if (!workload) {
    plan.refused = "The log holds no time at all.";
    plan.refused_code = "no-time";
  } else {
    cost::Predictor predictor(model, *std::move(workload));
    if (options.prices) predictor.UsePrices(*options.prices);
    const cost::ReplayError& replay = predictor.replay();
    plan.replay = Replay{replay.total, replay.in_job, replay.frozen_share};
    plan.duration = Ms(predictor.workload().duration);
    if (model.app.failed.Get(0)) {
      plan.refused = "A run that fails has no time to compare with.";
      plan.refused_code = "failed";
    } else if (predictor.refused()) {
      plan.refused = predictor.refused()->text;
      plan.refused_code = predictor.refused()->code;
    } else {
      FillBy(predictor, recommendations, model, options, bounds, plan);
    }
  }
  RejectUnwanted(recommendations, options);
  plan.paste = recommend::MakePasteBlock(recommendations, model);
  return plan;
}

}  // namespace advise::plan
