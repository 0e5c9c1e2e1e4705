// How a share of few cases is printed: with its counts and its interval.
#pragma once

#include <string>
#include <string_view>

#include "support/json_stream.h"
#include "workbench/score.h"

namespace advise::workbench {

// "5 of 6 (44..97 %)"; "-" without cases.
std::string ShareText(const Share& share);

// { hits, of, low_permille, high_permille }; null without cases. The interval follows from the two counts and is there
// for readers.
void WriteShare(JsonStream& json, std::string_view key, const Share& share);

}  // namespace advise::workbench
