// "Did you mean …?" for names of closed lists: clauses, attributes, rules, options.
#pragma once

#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace advise {

// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other, each place edited once
// (Damerau-Levenshtein, "optimal string alignment"), in bytes. Time and space: the product of the lengths, and one row.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `wrong`, the first one among equals; none when all are so far that the hint would only
// confuse: more than one edit for each three characters. Names longer than 100 bytes get no hint. Differences of letter
// case count as no edit. The view is the candidate's.
std::optional<std::string_view> DidYouMean(std::string_view wrong, std::span<const std::string_view> candidates);

// Adds "; did you mean `candidate`?" to the message where there is a near one. False: there is none.
bool AddDidYouMean(std::string& message, std::string_view wrong, std::span<const std::string_view> candidates);
template <std::ranges::input_range Names>
bool AddDidYouMean(std::string& message, std::string_view wrong, const Names& candidates) {
  const std::vector<std::string_view> views(std::ranges::begin(candidates), std::ranges::end(candidates));
  return AddDidYouMean(message, wrong, std::span<const std::string_view>(views));
}
// The message, with that question if there is one.
template <class Names>
std::string OrDidYouMean(std::string message, std::string_view wrong, const Names& candidates) {
  AddDidYouMean(message, wrong, candidates);
  return message;
}

}  // namespace advise
