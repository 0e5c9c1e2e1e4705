// What a tool answers: facts with their units, how they are known, what is missing, and calls that go on from here.
// Each text that comes out of a log is made harmless: one line or plain lines, nothing invisible, of bounded length.
// Private to mcp/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/json.h"

namespace advise::mcp {

struct Answer {
  std::string log;               // id that other tools take; empty: of no log
  std::string summary;           // a sentence or two of ours; names of the log stand in it between “ and ”
  Json units = Json::object();   // member → unit
  std::string evidence;          // "measured", or a class from A to E
  Json missing = Json::array();  // what the log does not hold or the answer leaves out: {"what", "because"}
  Json next = Json::array();     // {"tool", "arguments", "for"}
  Json data = Json::object();
};

inline constexpr std::size_t kDefaultBytes = 48'000;  // some 12,000 tokens
inline constexpr std::size_t kLeastBytes = 2'000;
inline constexpr std::size_t kMostBytes = 1'000'000;

void AddMissing(Answer& answer, std::string what, std::string because);
void AddNext(Answer& answer, std::string tool, Json arguments, std::string what_for);

// The result of tools/call. `data` is cut to `most_bytes` of JSON: long lists keep their first elements, long texts
// their ends; what was cut stands in `missing`.
Json ToResult(Answer answer, std::size_t most_bytes);
Json ErrorResult(const std::string& message, const std::string& help);

// “name”: cleaned, at most 120 columns, its own quotation marks replaced.
std::string QuoteName(std::string_view name);

// Cleans every text and key of the document.
void Neutralise(Json& json);
// Cuts it to the size. One line a list that was cut: "findings: the first 10 of 40".
std::vector<std::string> Bound(Json& json, std::size_t most_bytes);

}  // namespace advise::mcp
