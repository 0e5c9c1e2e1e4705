// Reads declarations off the words of an item, then looks at the words around the place.
#include "lsp/scope.h"

#include <algorithm>
#include <array>

namespace advise::lsp {
namespace {

constexpr std::array<std::string_view, 10> kItems = {"pack",  "use",    "param",    "def",      "symptom",
                                                     "cause", "advice", "override", "suppress", "test"};

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

Thing EntityThing(std::string_view name, Thing::Kind kind = Thing::Kind::Entity) {
  const auto type = metrics::FindEntityType(name);
  return type ? Thing{kind, *type, nullptr} : Thing{};
}

Thing Step(const Thing& from, std::string_view name) {
  if (!from.HasAttributes()) return {};
  const metrics::Attribute* attribute = metrics::Find(from.entity.entity, name);
  if (attribute == nullptr || !attribute->for_rules) return {};
  const bool many = from.kind == Thing::Kind::Set || attribute->kind == metrics::ValueKind::EntitySet;
  if (attribute->kind == metrics::ValueKind::Entity || attribute->kind == metrics::ValueKind::EntitySet)
    return {many ? Thing::Kind::Set : Thing::Kind::Entity, {attribute->target, std::nullopt}, attribute};
  return {Thing::Kind::Value, from.entity, attribute};
}

}  // namespace

Scope::Scope(std::string_view text, std::size_t offset) : text_(text) {
  offset = std::min(offset, text.size());
  word_begin_ = word_end_ = offset;
  FindItem(offset);
  words_ = Scan(text_.substr(item_begin_, item_end_ - item_begin_), item_begin_);
  ReadVariables();
  FindPlace(offset);
}

std::string_view Scope::prefix(std::size_t offset) const {
  return offset <= word_begin_ ? std::string_view()
                               : text_.substr(word_begin_, std::min(offset, word_end_) - word_begin_);
}

std::string_view Scope::At(const std::vector<Word>& words, std::size_t i) const {
  return i < words.size() ? text_.substr(words[i].begin, words[i].end - words[i].begin) : std::string_view();
}

const Variable* Scope::Find(std::string_view name) const {
  const auto found = std::ranges::find(variables_, name, &Variable::name);
  return found == variables_.end() ? nullptr : &*found;
}

// An item begins with its word in the first column.
void Scope::FindItem(std::size_t offset) {
  item_end_ = text_.size();
  for (std::size_t line = 0; line <= text_.size();) {
    const std::size_t end = std::min(text_.find('\n', line), text_.size());
    std::string_view first = text_.substr(line, end - line);
    const std::size_t name_end = first.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    const std::string_view word = first.substr(0, name_end);
    if (std::ranges::find(kItems, word) != kItems.end()) {
      if (line > offset) {
        item_end_ = line;
        return;
      }
      item_ = word;
      item_begin_ = line;
      const auto words = Scan(first);
      item_name_ = words.size() > 1 ? first.substr(words[1].begin, words[1].end - words[1].begin) : std::string_view();
    }
    line = end + 1;
  }
}

void Scope::Add(const Word& word, std::string what, Thing thing, std::string value) {
  const std::string_view name = text_.substr(word.begin, word.end - word.begin);
  for (Variable& known : variables_) {
    if (known.name != name) continue;
    // (s) of a head is the (s:Stage) of a pattern; the narrower type counts.
    if (known.thing.kind == Thing::Kind::Unknown || (thing.entity.node_kind && !known.thing.entity.node_kind))
      known.thing = thing;
    return;
  }
  variables_.push_back({std::string(name), std::move(what), std::move(value), thing, word.begin, word.end});
}

void Scope::ReadVariables() {
  const std::vector<Word>& w = words_;
  const bool rule = IsOneOf(item_, {"symptom", "cause", "advice"});
  std::size_t depth = 0;
  bool head = rule || item_ == "def";
  for (std::size_t i = 0; i < w.size(); ++i) {
    const std::string_view word = At(w, i);
    if (word == "(") ++depth;
    if (word == ")" && depth > 0) --depth;
    if (word == "{") head = false;
    const bool name = i + 2 < w.size() && w[i + 1].kind == WordKind::Name;
    if ((word == "(" || (head && word == "," && depth == 1)) && name && At(w, i + 2) == ":") {
      std::size_t type = i + 3;
      if (IsOneOf(At(w, type), {"Group", "Dist"}) && At(w, type + 1) == "<") {
        Add(w[i + 1], "variable", EntityThing(At(w, type + 2), Thing::Kind::Set));
      } else {
        Add(w[i + 1], "variable", EntityThing(At(w, type)));
      }
    }
    if (word == "[" && name && At(w, i + 2) == ":") {
      const metrics::EdgeInfo* edge = metrics::FindEdge(At(w, i + 3));
      std::size_t behind = i + 5;  // [p:Shuffle]->{1,4}
      while (IsOneOf(At(w, behind), {"-", ">", "->"})) ++behind;
      const bool chain = behind > i + 5 && At(w, behind) == "{";
      if (edge != nullptr && (edge->as || chain)) {
        const Thing::Kind kind = chain ? Thing::Kind::Set : Thing::Kind::Entity;
        Add(w[i + 1], "variable", {kind, {edge->as.value_or(edge->from), std::nullopt}, nullptr});
      }
    }
    if (word == "given" && item_ == "test") {
      std::vector<std::size_t> names;
      std::size_t at = i + 1;
      while (at < w.size() && w[at].kind == WordKind::Name) {
        names.push_back(at);
        at += At(w, at + 1) == "," ? 2U : 1U;
      }
      if (At(w, at) == ":") {
        for (const std::size_t one : names) Add(w[one], "given", EntityThing(At(w, at + 1)));
      }
    }
    if (word == "group" && At(w, i + 1) == "by") {
      const Variable* member = Find(At(w, i + 2));
      for (std::size_t j = i + 2; j + 1 < w.size() && !IsOneOf(At(w, j), {"let", "where", "message"}); ++j) {
        if (At(w, j) != "as") continue;
        Thing group = member != nullptr ? member->thing : Thing{};
        if (group.kind == Thing::Kind::Entity) group.kind = Thing::Kind::Set;
        Add(w[j + 1], "group", group);
        break;
      }
    }
    if (word == "let" && name && At(w, i + 2) == "=") {
      std::size_t end = i + 3;
      while (end < w.size() && !w[end].first_on_line) ++end;
      const std::size_t begin = w[std::min(i + 3, w.size() - 1)].begin;
      const std::string value(i + 3 < end ? text_.substr(begin, w[end - 1].end - begin) : std::string_view());
      const bool path = i + 3 < end && ChainBegin(w, end) == i + 3;
      Add(w[i + 1], "let", path ? Resolve(w, i + 3, end) : Thing{Thing::Kind::Value, {}, nullptr}, value);
    }
    if (word == "for" && w[i].first_on_line && rule) {
      for (std::size_t j = i + 1; j + 1 < w.size() && !(w[j].first_on_line); ++j) {
        if (w[j].kind == WordKind::Name && At(w, j + 1) == "(") {
          std::size_t first = j;  // core.skewed_join
          while (first >= 2 && At(w, first - 1) == "." && w[first - 2].kind == WordKind::Name) first -= 2;
          for_rules_.push_back(text_.substr(w[first].begin, w[j].end - w[first].begin));
        }
      }
    }
  }
}

// The first word of the path that ends before word `end`: names, dots, `[…]`, a call at its start.
std::size_t Scope::ChainBegin(const std::vector<Word>& words, std::size_t end) const {
  std::size_t at = end;
  while (at > 0) {
    const std::string_view word = At(words, at - 1);
    if (word == "]" || word == ")") {
      const std::string_view open = word == "]" ? "[" : "(";
      std::size_t depth = 0;
      std::size_t i = at;
      while (i > 0) {
        --i;
        if (At(words, i) == word) ++depth;
        if (At(words, i) == open && --depth == 0) break;
      }
      if (depth != 0) return end;
      at = i;
      continue;
    }
    if (words[at - 1].kind != WordKind::Name) return at == end ? end : at;
    --at;
    if (at == 0 || At(words, at - 1) != ".") return at;
    --at;
  }
  return at;
}

Thing Scope::Resolve(const std::vector<Word>& words, std::size_t begin, std::size_t end) const {
  if (begin >= end) return {};
  const std::string_view first = At(words, begin);
  std::size_t at = begin + 1;
  Thing thing;
  const auto skip = [&](std::string_view open, std::string_view close) {
    std::size_t depth = 0;
    for (; at < end; ++at) {
      if (At(words, at) == open) ++depth;
      if (At(words, at) == close && --depth == 0) {
        ++at;
        return;
      }
    }
  };
  if (At(words, at) == "(") {
    // argmax(s.tasks by duration): a member of the set.
    const std::size_t inside = at + 1;
    std::size_t stop = inside;
    std::size_t depth = 0;
    for (; stop < end; ++stop) {
      const std::string_view word = At(words, stop);
      if (depth == 0 && IsOneOf(word, {"by", ",", ")"})) break;
      if (IsOneOf(word, {"(", "["})) ++depth;
      if (IsOneOf(word, {")", "]"}) && depth > 0) --depth;
    }
    const Thing set = Resolve(words, inside, stop);
    if (set.HasAttributes() && IsOneOf(first, {"argmax", "argmin", "first"}))
      thing = {Thing::Kind::Entity, set.entity, nullptr};
    if (set.HasAttributes() && IsOneOf(first, {"top", "rest"})) thing = {Thing::Kind::Set, set.entity, nullptr};
    skip("(", ")");
  } else if (first == "app") {
    thing = {Thing::Kind::Entity, {metrics::Entity::App, std::nullopt}, nullptr};
  } else if (const Variable* variable = Find(first)) {
    thing = variable->thing;
  } else if (element_) {
    thing = Step({Thing::Kind::Entity, *element_, nullptr}, first);
  }
  while (at < end) {
    const std::string_view word = At(words, at);
    if (word == "[") {
      skip("[", "]");
    } else if (word == "." && at + 1 < end) {
      thing = Step(thing, At(words, at + 1));
      at += 2;
    } else {
      return {};
    }
  }
  return thing;
}

// The innermost `[` or `argmax(… by` that is open before word `end`.
void Scope::FindElement(const std::vector<Word>& words, std::size_t end) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < end; ++i) {
    const std::string_view word = At(words, i);
    if (IsOneOf(word, {"(", "[", "{"})) open.push_back(i);
    if (IsOneOf(word, {")", "]", "}"}) && !open.empty()) open.pop_back();
  }
  for (auto bracket = open.rbegin(); bracket != open.rend(); ++bracket) {
    const std::size_t at = *bracket;
    if (At(words, at) == "[" && at > 0 && !IsOneOf(At(words, at - 1), {"-", "<-", "="})) {
      const Thing set = Resolve(words, ChainBegin(words, at), at);
      if (set.HasAttributes()) element_ = set.entity;
      return;
    }
    if (At(words, at) != "(" || at == 0 || !IsOneOf(At(words, at - 1), {"argmax", "argmin", "top"})) continue;
    for (std::size_t i = at + 1; i < end; ++i) {
      if (At(words, i) != "by") continue;
      const Thing set = Resolve(words, at + 1, i);
      if (set.HasAttributes()) element_ = set.entity;
      return;
    }
  }
}

void Scope::FindPlace(std::size_t offset) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const Word& word = words_[i];
    const bool inside = word.begin < offset && (offset < word.end || (offset == word.end && !word.closed));
    if (word.kind == WordKind::Comment && word.begin < offset && offset <= word.end) return;
    if (word.kind != WordKind::Text || !inside) continue;
    // A hole of the text: the last `{` before the place that is not doubled and not closed.
    std::optional<std::size_t> hole;
    for (std::size_t at = word.begin; at < offset; ++at) {
      if (text_[at] == '{') {
        if (at + 1 < offset && text_[at + 1] == '{') {
          ++at;
        } else {
          hole = at + 1;
        }
      }
      if (text_[at] == '}') hole.reset();
    }
    if (hole) {
      const std::size_t end = std::min({text_.find('}', offset), text_.find('\n', offset), word.end});
      FindPlaceIn(Scan(text_.substr(*hole, end - *hole), *hole), offset, true);
      return;
    }
    word_begin_ = word.begin + 1;
    word_end_ = word.closed ? word.end - 1 : word.end;
    if (i > 0 && At(words_, i - 1) == "conf") {
      place_ = Place::Setting;
    } else if (i > 1 && At(words_, i - 1) == "(" && At(words_, i - 2) == "conf_is_set") {
      place_ = Place::Setting;
    } else if (IsOfMetric(words_, i)) {
      place_ = Place::SqlMetric;
    } else if (i > 1 && IsOneOf(At(words_, i - 1), {"=", "!="})) {
      object_ = Resolve(words_, ChainBegin(words_, i - 1), i - 1);
      place_ = Place::EnumValue;
    }
    return;
  }
  FindPlaceIn(words_, offset, false);
}

// metric("…"), metric(s.nodes, "…")
bool Scope::IsOfMetric(const std::vector<Word>& words, std::size_t text) const {
  const bool argument = text > 1 && IsOneOf(At(words, text - 1), {"(", ","});
  if (!argument) return false;
  std::size_t depth = 0;
  for (std::size_t i = text; i-- > 1;) {
    const std::string_view word = At(words, i);
    if (IsOneOf(word, {")", "]", "}"})) ++depth;
    if (!IsOneOf(word, {"(", "[", "{"})) continue;
    if (depth == 0) return word == "(" && IsOneOf(At(words, i - 1), {"metric", "metric_max"});
    --depth;
  }
  return false;
}

void Scope::FindPlaceIn(const std::vector<Word>& words, std::size_t offset, bool hole) {
  // The word at the place, and how many words stand before it.
  std::size_t before = 0;
  while (before < words.size() && words[before].end < offset) ++before;
  const bool at_word = before < words.size() && words[before].begin <= offset && words[before].kind == WordKind::Name &&
                       (words[before].begin < offset || words[before].end > offset);
  if (at_word) {
    word_begin_ = words[before].begin;
    word_end_ = words[before].end;
    is_call_ = At(words, before + 1) == "(";
  } else {
    while (before < words.size() && words[before].end <= offset) ++before;
  }
  const std::string_view last = before > 0 ? At(words, before - 1) : std::string_view();
  FindElement(words, before);
  if (last == ".") {
    place_ = Place::Member;
    const std::size_t begin = ChainBegin(words, before - 1);
    object_ = Resolve(words, begin, before - 1);
    if (begin < before - 1) alias_ = text_.substr(words[begin].begin, words[before - 2].end - words[begin].begin);
    return;
  }
  if (last == ":" && before > 1) {
    // -[x:Shuffle]-> against (s:Stage) and s: Stage.
    std::size_t open = before - 1;
    while (open > 0 && !IsOneOf(At(words, open), {"(", "[", ",", "given"})) --open;
    place_ = At(words, open) == "[" ? Place::Edge : Place::Type;
    return;
  }
  if (last == "|") {
    place_ = Place::Type;
    return;
  }
  if (hole) {
    place_ = Place::Expression;
    return;
  }
  const bool starts_line = [&] {
    std::size_t at = word_begin_;
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at == 0 || text_[at - 1] == '\n';
  }();
  const bool rule = IsOneOf(item_, {"symptom", "cause", "advice"});
  std::size_t depth = 0;  // of braces
  bool closed = false;
  for (std::size_t i = 0; i < before; ++i) {
    if (At(words, i) == "{") ++depth;
    if (At(words, i) == "}" && depth > 0 && --depth == 0) closed = true;
  }
  const bool first_column = word_begin_ == 0 || text_[word_begin_ - 1] == '\n';
  if (item_.empty() || (closed && depth == 0) || (first_column && starts_line && depth == 0)) {
    place_ = Place::TopLevel;
    return;
  }
  if (starts_line && depth == 1 && rule) {
    place_ = Place::ClauseStart;
  } else if (starts_line && depth == 1 && item_ == "test") {
    place_ = Place::TestStart;
  } else if (IsOneOf(last, {"for", "explains", "requires", "supersedes", "expect", "suppress", "with", "out"})) {
    place_ = Place::RuleName;
  } else {
    place_ = Place::Expression;
  }
}

}  // namespace advise::lsp
