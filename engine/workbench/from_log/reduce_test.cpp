// Delta debugging in the large: entities first, then edges and settings, then attributes, then tasks, then digits.
#include "workbench/from_log/reduce_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "metrics/catalogue.h"
#include "rules/match/why_not.h"
#include "support/quoted.h"
#include "workbench/from_log/literal.h"
#include "workbench/given_model.h"

namespace advise::workbench {
namespace {

using rules::BoundTest;
using rules::GivenCell;
using rules::GivenSample;

constexpr std::size_t kMostTrials = 3000;  // each is a job of some rows, matched: about a millisecond

void DropGiven(BoundTest& test, std::uint32_t given, std::vector<std::uint32_t>& head) {
  const auto shift = [given](std::uint32_t& index) { index -= index > given ? 1 : 0; };
  const auto names = [given](const GivenCell& cell) {
    return cell.kind == GivenCell::Kind::Given && cell.given == given;
  };
  test.givens.erase(test.givens.begin() + given);
  for (rules::GivenEntity& other : test.givens) {
    std::erase_if(other.values, [&](const rules::GivenValue& value) { return names(value.cell); });
    std::erase_if(other.tasks, [&](const GivenSample& sample) {
      return std::ranges::any_of(sample.runs, [&](const auto& run) { return names(run.first); });
    });
    for (rules::GivenValue& value : other.values) shift(value.cell.given);
    for (GivenSample& sample : other.tasks) {
      for (auto& run : sample.runs) shift(run.first.given);
    }
  }
  std::erase_if(test.links, [given](const rules::GivenLink& link) {
    return link.from == given || link.to == given || link.as == given;
  });
  for (rules::GivenLink& link : test.links) {
    shift(link.from);
    shift(link.to);
    if (link.as) shift(*link.as);
  }
  for (std::uint32_t& index : head) shift(index);
}

// The values of one task, one a sample.
using TaskValues = std::vector<GivenCell>;

std::vector<TaskValues> TasksOf(const rules::GivenEntity& stage) {
  std::vector<TaskValues> tasks;
  for (const GivenSample& sample : stage.tasks) {
    std::size_t at = 0;
    for (const auto& [cell, count] : sample.runs) {
      for (std::int64_t i = 0; i < count; ++i, ++at) {
        if (tasks.size() <= at) tasks.emplace_back();
        tasks[at].push_back(cell);
      }
    }
  }
  return tasks;
}

bool Same(const GivenCell& a, const GivenCell& b) {
  return a.kind == b.kind && a.number == b.number && a.text == b.text && a.boolean == b.boolean && a.given == b.given;
}

void SetTasks(rules::GivenEntity& stage, const std::vector<TaskValues>& tasks) {
  for (std::size_t i = 0; i < stage.tasks.size(); ++i) {
    stage.tasks[i].runs.clear();
    for (const TaskValues& task : tasks) {
      auto& runs = stage.tasks[i].runs;
      if (!runs.empty() && Same(runs.back().first, task[i])) {
        ++runs.back().second;
      } else {
        runs.emplace_back(task[i], 1);
      }
    }
  }
}

class Reducer {
 public:
  Reducer(Trial& trial, BoundTest& test) : trial_(trial), test_(test) {}

  bool Run() {
    DropLooseShuffles();
    if (!trial_.Fires(test_)) return false;
    DropGivens();
    DropSettings();
    DropLinks();
    DropValues();
    for (std::size_t given = 0; given < test_.givens.size(); ++given) ShrinkTasks(given);
    RoundNumbers();
    DropValues();
    return true;
  }

 private:
  // Keeps the change if the finding stays.
  template <class Change>
  bool Try(const Change& change) {
    if (++trials_ > kMostTrials) return false;
    BoundTest before = test_;
    std::vector<std::uint32_t> head = trial_.head();
    change(test_);
    if (trial_.Fires(test_)) return true;
    test_ = std::move(before);
    trial_.head() = std::move(head);
    return false;
  }

  // A shuffle is given as an edge.
  void DropLooseShuffles() {
    for (std::uint32_t given = static_cast<std::uint32_t>(test_.givens.size()); given-- > 0;) {
      const bool shuffle = test_.givens[given].type.entity == model::Entity::Shuffle;
      const bool joined = std::ranges::any_of(test_.links, [&](const auto& link) { return link.as == given; });
      if (shuffle && !joined) DropGiven(test_, given, trial_.head());
    }
  }

  void DropGivens() {
    for (std::uint32_t given = static_cast<std::uint32_t>(test_.givens.size()); given-- > 0;) {
      if (std::ranges::find(trial_.head(), given) != trial_.head().end()) continue;
      if (test_.givens[given].type.entity == model::Entity::Shuffle) continue;  // goes with its edge
      Try([&](BoundTest& test) { DropGiven(test, given, trial_.head()); });
    }
    DropLooseShuffles();
  }

  void DropSettings() {
    for (std::size_t i = test_.settings.size(); i-- > 0;)
      Try([&](BoundTest& test) { test.settings.erase(test.settings.begin() + static_cast<std::ptrdiff_t>(i)); });
  }

  void DropLinks() {
    for (std::size_t i = test_.links.size(); i-- > 0;) {
      Try([&](BoundTest& test) {
        const auto as = test.links[i].as;
        test.links.erase(test.links.begin() + static_cast<std::ptrdiff_t>(i));
        if (as) DropGiven(test, *as, trial_.head());
      });
    }
  }

  void DropValues() {
    for (std::size_t given = 0; given < test_.givens.size(); ++given) {
      for (std::size_t i = test_.givens[given].values.size(); i-- > 0;) {
        Try([&](BoundTest& test) {
          auto& values = test.givens[given].values;
          values.erase(values.begin() + static_cast<std::ptrdiff_t>(i));
        });
      }
      for (std::size_t i = test_.givens[given].metrics.size(); i-- > 0;) {
        Try([&](BoundTest& test) {
          auto& metrics = test.givens[given].metrics;
          metrics.erase(metrics.begin() + static_cast<std::ptrdiff_t>(i));
        });
      }
      for (std::size_t i = test_.givens[given].tasks.size(); i-- > 0;) {
        Try([&](BoundTest& test) {
          auto& tasks = test.givens[given].tasks;
          tasks.erase(tasks.begin() + static_cast<std::ptrdiff_t>(i));
        });
      }
    }
  }

  // ---------------------------------------------------------------- tasks
  // Fewer of them, most alike: sorted by the attribute that varies most, the usual task in place of all but the last
  // few; else some at equal distances.
  void ShrinkTasks(std::size_t given) {
    std::vector<TaskValues> tasks = TasksOf(test_.givens[given]);
    if (tasks.size() < 2 || test_.givens[given].tasks.empty()) return;
    const std::size_t by = MostUneven(tasks);
    std::ranges::stable_sort(tasks, {}, [by](const TaskValues& task) { return task[by].number; });
    const TaskValues usual = tasks[tasks.size() / 2];
    std::set<std::size_t> sizes;
    for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 8U, 10U, 20U, 21U, 30U, 40U, 41U, 50U, 100U, 101U, 200U, 500U, 1000U}) {
      if (size < tasks.size()) sizes.insert(size);
    }
    sizes.insert(tasks.size());
    for (const std::size_t size : sizes) {
      for (std::size_t odd = 0; odd <= std::min<std::size_t>(3, size); ++odd) {
        std::vector<TaskValues> few(size - odd, usual);
        few.insert(few.end(), tasks.end() - static_cast<std::ptrdiff_t>(odd), tasks.end());
        if (Try([&](BoundTest& test) { SetTasks(test.givens[given], few); })) return;
      }
    }
    for (const std::size_t size : sizes) {
      if (size < 2) continue;
      std::vector<TaskValues> spread;
      for (std::size_t i = 0; i < size; ++i) spread.push_back(tasks[i * (tasks.size() - 1) / (size - 1)]);
      if (Try([&](BoundTest& test) { SetTasks(test.givens[given], spread); })) return;
    }
  }

  // The largest value against the median.
  static std::size_t MostUneven(const std::vector<TaskValues>& tasks) {
    std::size_t most = 0;
    double largest = -1;
    for (std::size_t i = 0; i < tasks.front().size(); ++i) {
      std::vector<double> values;
      for (const TaskValues& task : tasks) {
        if (task[i].kind == GivenCell::Kind::Number) values.push_back(task[i].number);
      }
      if (values.empty()) continue;
      std::ranges::sort(values);
      const double ratio = (values.back() + 1) / (values[values.size() / 2] + 1);
      if (ratio > largest) {
        largest = ratio;
        most = i;
      }
    }
    return most;
  }

  // ---------------------------------------------------------------- digits
  void RoundNumbers() {
    for (std::size_t given = 0; given < test_.givens.size(); ++given) {
      for (std::size_t i = 0; i < test_.givens[given].values.size(); ++i) {
        const metrics::Attribute& attribute = metrics::Get(test_.givens[given].values[i].attribute);
        Round(attribute, [given, i](BoundTest& test) -> GivenCell& { return test.givens[given].values[i].cell; });
      }
      for (std::size_t i = 0; i < test_.givens[given].metrics.size(); ++i) {
        const rules::GivenMetric metric = test_.givens[given].metrics[i];
        if (!metric.number || *metric.number == 0) continue;
        for (const int digits : {1, 2, 3}) {
          const double rounded = RoundForLiteral(LiteralUnit(metric.kind, metric.part), *metric.number, digits);
          if (Try([&](BoundTest& test) { test.givens[given].metrics[i].number = rounded; })) break;
        }
      }
      for (std::size_t s = 0; s < test_.givens[given].tasks.size(); ++s) {
        const metrics::Attribute& attribute = metrics::Get(test_.givens[given].tasks[s].attribute);
        for (std::size_t r = 0; r < test_.givens[given].tasks[s].runs.size(); ++r) {
          Round(attribute,
                [given, s, r](BoundTest& test) -> GivenCell& { return test.givens[given].tasks[s].runs[r].first; });
        }
      }
    }
  }

  template <class CellOf>
  void Round(const metrics::Attribute& attribute, const CellOf& cell_of) {
    const GivenCell& cell = cell_of(test_);
    if (cell.kind != GivenCell::Kind::Number || cell.number == 0) return;
    const double number = cell.number;
    for (const int digits : {1, 2, 3}) {
      const double rounded = RoundForLiteral(attribute, number, digits);
      if (Try([&](BoundTest& test) { cell_of(test).number = rounded; })) return;
    }
  }

  Trial& trial_;
  BoundTest& test_;
  std::size_t trials_ = 0;
};

rules::MatchResults Matched(const rules::RuleSet& set, const GivenModel& given) {
  rules::MatchOptions options;
  options.texts = false;
  return rules::MatchAll(set, given.model, options);
}

}  // namespace

bool Trial::Fires(const BoundTest& test) const {
  const GivenModel given = MakeModel(test);
  const rules::MatchResults results = Matched(set_, given);
  const rules::BoundRule& rule = set_.rules[rule_];
  return std::ranges::any_of(results.matches, [&](const rules::Match& match) {
    if (match.rule != rule_ || match.is_suppressed) return false;
    for (std::size_t i = 0; i < head_.size(); ++i) {
      const std::uint32_t row = given.rows[head_[i]];
      const bool group = rule.slots[rule.head[i]].type.kind == rules::TypeKind::Group;
      if (group ? !std::ranges::binary_search(results.groups[match.head[i]].members, row) : match.head[i] != row)
        return false;
    }
    return true;
  });
}

bool Trial::JustMisses(const BoundTest& test) const {
  if (Fires(test)) return false;
  const GivenModel given = MakeModel(test);
  const rules::MatchResults results = Matched(set_, given);
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t one : head_) rows.push_back(given.rows[one]);
  const rules::WhyNot why = rules::ExplainWhyNot(set_, results, rule_, rows);
  if (why.kind == rules::WhyNot::Kind::NoFinding) return true;  // what it starts from is gone
  return why.kind == rules::WhyNot::Kind::Conditions && !why.unmet.empty() &&
         std::ranges::none_of(why.unmet, &rules::UnmetCondition::unknown);
}

bool Reduce(Trial& trial, BoundTest& test) { return Reducer(trial, test).Run(); }

std::optional<Miss> NearestMiss(const Trial& trial, const BoundTest& test) {
  constexpr double kOtherWord = 8;  // a flag or a word changed: further than any number but none at all
  constexpr std::array<double, 9> kDown = {0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0.01, 0};
  constexpr std::array<double, 9> kUp = {1.1, 1.2, 1.5, 2, 3, 5, 10, 100, 1000};
  std::optional<Miss> best;
  double least = HUGE_VAL;
  // Other values of a number, near ones first.
  const auto vary = [&](const metrics::Attribute& attribute, double& into, const auto& take) {
    const double number = into;
    for (const bool up : {false, true}) {
      for (const double factor : up ? kUp : kDown) {
        const double distance = factor > 0 ? std::abs(std::log(factor)) : 10;
        if (distance >= least) break;
        double value = RoundForLiteral(attribute, number * factor, 2);
        if (attribute.high) value = std::min(value, *attribute.high);
        if (value == number) continue;
        into = value;
        if (take(distance)) break;
      }
    }
  };
  const auto look = [&](const metrics::Attribute& attribute, const std::string& what, const auto& cell_of) {
    BoundTest changed = test;
    GivenCell& cell = cell_of(changed);
    const auto take = [&](double distance) {
      if (distance >= least || !trial.JustMisses(changed)) return false;
      least = distance;
      best = Miss{changed, what};
      return true;
    };
    if (cell.kind == GivenCell::Kind::Bool) {
      cell.boolean = !cell.boolean;
      take(kOtherWord);
      return;
    }
    if (cell.kind == GivenCell::Kind::Text) {
      const std::string written = cell.text;
      for (const std::string_view word : attribute.enum_values) {
        if (word == written) continue;
        cell.text = word;
        if (take(kOtherWord)) return;
      }
      return;
    }
    if (cell.kind == GivenCell::Kind::Number) vary(attribute, cell.number, take);
  };
  for (std::size_t given = 0; given < test.givens.size(); ++given) {
    const rules::GivenEntity& entity = test.givens[given];
    for (std::size_t i = 0; i < entity.values.size(); ++i) {
      const metrics::Attribute& attribute = metrics::Get(entity.values[i].attribute);
      look(attribute, std::string(attribute.name) + " of " + entity.name,
           [given, i](BoundTest& changed) -> GivenCell& { return changed.givens[given].values[i].cell; });
    }
    for (std::size_t i = 0; i < entity.metrics.size(); ++i) {
      const rules::GivenMetric& metric = entity.metrics[i];
      if (!metric.number) continue;
      BoundTest changed = test;
      vary(LiteralUnit(metric.kind, metric.part), *changed.givens[given].metrics[i].number, [&](double distance) {
        if (distance >= least || !trial.JustMisses(changed)) return false;
        least = distance;
        best = Miss{changed, Quoted(metric.name) + " of " + entity.name};
        return true;
      });
    }
    for (std::size_t s = 0; s < entity.tasks.size(); ++s) {
      const metrics::Attribute& attribute = metrics::Get(entity.tasks[s].attribute);
      for (std::size_t r = 0; r < entity.tasks[s].runs.size(); ++r) {
        look(attribute, "tasks." + std::string(attribute.name) + " of " + entity.name,
             [given, s, r](BoundTest& changed) -> GivenCell& { return changed.givens[given].tasks[s].runs[r].first; });
      }
    }
  }
  return best;
}

}  // namespace advise::workbench
