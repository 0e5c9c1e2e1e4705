// The closed words of rules that the stages after them speak too: one enum each, and the words that stand for it.
// `Unstated` is what a rule does not say; its word is empty.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace advise::rules {

enum class Layer : std::uint8_t { Symptom, Cause, Advice };
enum class Severity : std::uint8_t { Info, Low, Medium, High, Critical };  // of a finding
enum class Category : std::uint8_t { Unstated, Resource, Distribution, Algorithm, Reliability, Log };
enum class Grade : std::uint8_t { Unstated, Low, Medium, High };  // of `effort` and `risk`
enum class Objective : std::uint8_t { Unstated, Time, Cost };
enum class Status : std::uint8_t { Unstated, Draft, Experimental, Stable, Deprecated };
// Where a change is made: in the session, when the application is submitted, or in the cluster below it.
enum class Scope : std::uint8_t { Unstated, Session, Submit, Cluster };
// What is changed: a setting, the program, a query, or the machines.
enum class ChangeKind : std::uint8_t { Conf, Code, Query, Cluster };

// The words of an enum, in the order of its enumerators.
template <class Enum>
std::span<const std::string_view> Words();

template <class Enum>
std::string_view Word(Enum value) {
  return Words<Enum>()[static_cast<std::size_t>(value)];
}
// nullopt: no such word; the empty one is none.
template <class Enum>
std::optional<Enum> ParseWord(std::string_view word) {
  const std::span<const std::string_view> words = Words<Enum>();
  const auto found = std::ranges::find(words, word);
  if (found == words.end() || word.empty()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

template <>
std::span<const std::string_view> Words<Layer>();
template <>
std::span<const std::string_view> Words<Severity>();
template <>
std::span<const std::string_view> Words<Category>();
template <>
std::span<const std::string_view> Words<Grade>();
template <>
std::span<const std::string_view> Words<Objective>();
template <>
std::span<const std::string_view> Words<Status>();
template <>
std::span<const std::string_view> Words<Scope>();
template <>
std::span<const std::string_view> Words<ChangeKind>();

// What stands behind `change`, and the kind it is of: `sql` is a query, `python` code, `executors` the cluster.
struct ChangeWord {
  std::string_view word;
  ChangeKind kind;
};
std::span<const ChangeWord> ChangeWords();

}  // namespace advise::rules
