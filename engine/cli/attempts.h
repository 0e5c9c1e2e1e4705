// Several attempts of one application in one folder: the last one is reported, unless --attempt names another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace advise::cli {

// What is known of a log. Only some cluster managers number attempts.
struct AttemptOf {
  std::size_t path = 0;  // which path of the command line it was found below
  std::optional<std::string> app;
  std::optional<std::string> attempt;
};

// Whether both are attempts of one application, below one path. Spark names logs after them, so they are neighbours.
bool SameApplication(const AttemptOf& a, const AttemptOf& b);

// Numbers by value ("10" after "9"), other ids as texts.
bool IsEarlier(const std::string& a, const std::string& b);

// "1, 3": the attempts of the group but this one, in order, each once.
std::string OtherAttempts(const std::vector<AttemptOf>& group, const std::string& attempt);

}  // namespace advise::cli
