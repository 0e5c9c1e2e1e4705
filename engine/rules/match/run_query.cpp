// The walk of the matcher, without heads and findings; then rows in order.
#include "rules/match/run_query.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "rules/match/walk.h"
#include "support/text.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMostRows = 1'000'000;

bool IsText(ValueForm form) {
  return form == ValueForm::Text || form == ValueForm::Word || form == ValueForm::Entity || form == ValueForm::Version;
}

// Numbers inside texts by their value: stage 2.0 stands before 12.0.
int CompareTexts(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (IsDigit(a[0]) && IsDigit(b[0])) {
      const auto number = [](std::string_view& text) {
        while (text.size() > 1 && text[0] == '0' && IsDigit(text[1])) text.remove_prefix(1);
        std::size_t n = 0;
        while (n < text.size() && IsDigit(text[n])) ++n;
        const std::string_view digits = text.substr(0, n);
        text.remove_prefix(n);
        return digits;
      };
      const std::string_view x = number(a);
      const std::string_view y = number(b);
      if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
      if (const int order = x.compare(y); order != 0) return order;
    } else {
      if (a[0] != b[0]) return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]) ? -1 : 1;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.empty() ? (b.empty() ? 0 : -1) : 1;
}

int CompareValues(const TypedValue& a, const TypedValue& b) {
  if (IsText(a.form)) return CompareTexts(a.text, b.text);
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

class QueryRunner : public WalkVisitor {
 public:
  static constexpr bool kMasks = true;

  QueryRunner(const RuleSet& set, const MatchResults& results, const BoundQuery& query)
      : results_(results), query_(query), rule_(query.rule), evaluation_(*results.evaluation), groups_(results.groups),
        late_(set), code_(late_.Rule(query.rule)) {}

  QueryResult Run(std::uint64_t steps) {
    evaluation_.Use(late_.code());
    evaluation_.Read(groups_, results_);
    evaluation_.Allow(steps);
    evaluation_.Bind({});
    try {
      Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
      if (rule_.group) Groups();
      if (query_.limit != std::size_t{0}) Order();
    } catch (const GivenUp&) {
      result_ = {};
      result_.given_up = true;
    }
    evaluation_.Forget(code_.plan);
    evaluation_.Use(evaluation_.set().program.code);
    evaluation_.Read(results_.groups, results_);
    result_.found = rows_.size();
    std::ranges::sort(result_.missing, {}, &MissingInput::name);
    return std::move(result_);
  }

  // ---------------------------------------------------------------- on the walk
  bool Holds(const std::vector<std::size_t>& conditions) {
    for (const std::size_t condition : conditions) {
      const Truth truth = evaluation_.Test(code_.plan.conditions[condition]);
      if (truth == Truth::Unknown) ++unknown;
      if (truth == Truth::False) return false;
    }
    return true;
  }

  void Found() {
    if (unknown > 0) return NoteUnknown(true);
    if (rule_.group) {
      const auto bound = evaluation_.Bound(rule_.slots.size());
      members_.emplace_back(bound.begin(), bound.end());
      if (members_.size() > kMostRows) throw GivenUp();
    } else {
      Take();
    }
  }

 private:
  // A row a way to bind the named variables, with its values.
  void Take() {
    std::vector<std::uint32_t> key;
    for (const SlotIndex slot : rule_.head) key.push_back(evaluation_.At(slot));
    const auto [place, fresh] = rows_.try_emplace(std::move(key));
    if (!fresh) return;
    if (rows_.size() > kMostRows) throw GivenUp();
    for (const Output& value : code_.evidence) place->second.push_back(evaluation_.Typed(value));
  }

  void NoteUnknown(bool members) {
    if (++result_.unknown > kMissingSamples) return;
    std::vector<MissingInput> missing;
    evaluation_.CollectMissing(&missing);
    for (std::size_t i = 0; i < code_.plan.conditions.size(); ++i) {
      if (rule_.group && rule_.conjuncts[i].before_group != members) continue;
      const std::size_t before = missing.size();
      if (evaluation_.Test(code_.plan.conditions[i]) != Truth::Unknown) missing.resize(before);
    }
    evaluation_.CollectMissing(nullptr);
    for (MissingInput& input : missing) {
      if (std::ranges::find(result_.missing, input) == result_.missing.end())
        result_.missing.push_back(std::move(input));
    }
  }

  void Groups() {
    const BoundGroup& group = *rule_.group;
    std::map<std::vector<std::string>, std::pair<std::vector<TypedValue>, std::vector<std::uint32_t>>> by_keys;
    for (const std::vector<std::uint32_t>& rows : members_) {
      evaluation_.Bind(rows);
      std::vector<std::string> texts;
      std::vector<TypedValue> keys;
      bool missing = false;
      for (const Output& key : code_.group_keys) {
        keys.push_back(evaluation_.Typed(key));
        missing = missing || keys.back().form == ValueForm::Missing;
        if (keys.back().text.empty()) keys.back().text = PrintValue(keys.back()).value_or("");
        texts.push_back(keys.back().text);
      }
      if (missing) continue;
      auto& [values, members] = by_keys[std::move(texts)];
      values = std::move(keys);
      members.push_back(rows[group.member]);
    }
    for (auto& [texts, row] : by_keys) {
      auto& [keys, members] = row;
      std::ranges::sort(members);
      members.erase(std::unique(members.begin(), members.end()), members.end());
      groups_.push_back({rule_.slots[group.member].type.entity->entity, std::move(keys), std::move(members)});
      evaluation_.Bind({});
      evaluation_.At(group.group) = static_cast<std::uint32_t>(groups_.size() - 1);
      unknown = 0;
      if (!Holds(code_.plan.after_group)) continue;
      if (unknown > 0) {
        NoteUnknown(false);
      } else {
        Take();
      }
    }
  }

  // Missing values come last, whatever the direction; equal rows in the order of the log.
  void Order() {
    std::vector<std::vector<TypedValue>*> order;
    for (auto& [key, values] : rows_) order.push_back(&values);
    std::ranges::stable_sort(order, [this](const auto* a, const auto* b) {
      for (const BoundQuery::Order& by : query_.order) {
        const TypedValue& x = (*a)[by.value];
        const TypedValue& y = (*b)[by.value];
        const bool no_x = x.form == ValueForm::Missing;
        const bool no_y = y.form == ValueForm::Missing;
        if (no_x != no_y) return no_y;
        const int compared = no_x ? 0 : CompareValues(x, y);
        if (compared != 0) return by.descending ? compared > 0 : compared < 0;
      }
      return false;
    });
    const std::size_t most = query_.limit.value_or(order.size());
    for (std::vector<TypedValue>* values : order) {
      if (result_.rows.size() == most) break;
      values->resize(query_.columns);
      result_.rows.push_back(std::move(*values));
    }
  }

  const MatchResults& results_;
  const BoundQuery& query_;
  const BoundRule& rule_;
  Evaluation& evaluation_;
  std::vector<GroupRow> groups_;
  LateLowerer late_;
  RuleCode code_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::map<std::vector<std::uint32_t>, std::vector<TypedValue>> rows_;  // by the rows of the named variables
  QueryResult result_;
};

}  // namespace

QueryResult RunQuery(const RuleSet& set, const MatchResults& results, const BoundQuery& query) {
  constexpr Limits kLimits;
  std::uint64_t rows = 0;
  for (std::size_t entity = 0; entity < model::kEntityCount; ++entity)
    rows += results.evaluation->model().RowCount(static_cast<model::Entity>(entity));
  return QueryRunner(set, results, query).Run(kLimits.rule_steps + rows * kLimits.rule_steps_per_row);
}

}  // namespace advise::rules
