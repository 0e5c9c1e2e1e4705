// What names mean at a place of a text that may not parse: the item around the place, its variables and lets with their
// types, and what kind of word belongs there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/scan.h"
#include "metrics/catalogue.h"

namespace advise::lsp {

// What an expression stands for, as far as its words tell.
struct Thing {
  enum class Kind : std::uint8_t { Unknown, Entity, Set, Value };
  Kind kind = Kind::Unknown;
  metrics::EntityType entity{};                   // of Entity and Set
  const metrics::Attribute* attribute = nullptr;  // the last one on the way
  [[nodiscard]] bool HasAttributes() const { return kind == Kind::Entity || kind == Kind::Set; }
};

struct Variable {
  std::string name;
  std::string what;   // "variable", "group", "let"
  std::string value;  // of a let: as written
  Thing thing;
  std::size_t begin = 0;  // where it is declared
  std::size_t end = 0;
};

enum class Place : std::uint8_t {
  Nothing,      // inside a comment or a plain text
  TopLevel,     // between items
  ClauseStart,  // at the start of a line inside of a rule
  TestStart,    // the same inside of a test
  Member,       // behind a dot: `object`
  Type,         // behind the colon of a variable
  Edge,         // behind the colon of an edge
  Setting,      // inside the text behind `conf`
  SqlMetric,    // inside the text of `metric` and `metric_max`
  EnumValue,    // inside the text that is compared with `object`
  RuleName,     // behind `for`, `explains` …
  Expression,
};

class Scope {
 public:
  // The text outlives it.
  Scope(std::string_view text, std::size_t offset);

  [[nodiscard]] Place place() const { return place_; }
  [[nodiscard]] const Thing& object() const { return object_; }    // of Member and EnumValue
  [[nodiscard]] std::string_view alias() const { return alias_; }  // of Member: `core.`
  [[nodiscard]] const std::optional<metrics::EntityType>& element() const { return element_; }  // inside `[…]`, `by`
  // The word at the offset, as far as it goes; empty: none.
  [[nodiscard]] std::size_t word_begin() const { return word_begin_; }
  [[nodiscard]] std::size_t word_end() const { return word_end_; }
  [[nodiscard]] std::string_view word() const { return text_.substr(word_begin_, word_end_ - word_begin_); }
  [[nodiscard]] std::string_view prefix(std::size_t offset) const;
  [[nodiscard]] bool is_call() const { return is_call_; }  // `(` stands behind the word
  // "cause", "test" …; empty: outside of items.
  [[nodiscard]] std::string_view item() const { return item_; }
  [[nodiscard]] std::string_view item_name() const { return item_name_; }
  [[nodiscard]] std::size_t item_begin() const { return item_begin_; }
  [[nodiscard]] std::size_t item_end() const { return item_end_; }
  [[nodiscard]] const std::vector<Variable>& variables() const { return variables_; }
  [[nodiscard]] const Variable* Find(std::string_view name) const;
  // Names of the rules behind `for`.
  [[nodiscard]] const std::vector<std::string_view>& for_rules() const { return for_rules_; }

 private:
  [[nodiscard]] std::string_view At(const std::vector<Word>& words, std::size_t i) const;
  void FindItem(std::size_t offset);
  void ReadVariables();
  void Add(const Word& word, std::string what, Thing thing, std::string value = {});
  void FindPlace(std::size_t offset);
  void FindPlaceIn(const std::vector<Word>& words, std::size_t offset, bool hole);
  void FindElement(const std::vector<Word>& words, std::size_t end);
  [[nodiscard]] bool IsOfMetric(const std::vector<Word>& words, std::size_t text) const;
  [[nodiscard]] std::size_t ChainBegin(const std::vector<Word>& words, std::size_t end) const;
  [[nodiscard]] Thing Resolve(const std::vector<Word>& words, std::size_t begin, std::size_t end) const;

  std::string_view text_;
  std::vector<Word> words_;  // of the item
  std::string_view item_;
  std::string_view item_name_;
  std::size_t item_begin_ = 0;
  std::size_t item_end_ = 0;
  std::vector<Variable> variables_;
  std::vector<std::string_view> for_rules_;
  Place place_ = Place::Nothing;
  Thing object_;
  std::string_view alias_;
  std::optional<metrics::EntityType> element_;
  std::size_t word_begin_ = 0;
  std::size_t word_end_ = 0;
  bool is_call_ = false;
};

}  // namespace advise::lsp
