// How advise writes numbers: the one place for the rules of form (decisions: engine/decisions, table in the report
// design). Used by rule messages, explanations, reports and diagnostics, so that the same value never looks different.
// Pure, locale-free. Rounding is half-up on the integer value, never on a rounded one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace advise {

// A plain value: "4 ms", "350 ms", "8.4 s", "35.1 s", "1m57s", "2h05m", "3d04h". Negative values take a minus sign.
std::string FormatTime(std::int64_t ms);
// For prose: whole seconds from 10 s on ("35 s"); else as FormatTime.
std::string FormatTimeShort(std::int64_t ms);
// Slot time, which adds up over slots: always seconds ("3,769 s"), from 100 hours on hours ("412 h").
std::string FormatSlotTime(std::int64_t ms);
// An interval of savings: "24..27 s", "8.1..8.4 s" below 10 s where whole seconds would be equal, "0..1 s" below 0.2 s,
// "4.0 min" where both ends print alike.
// A range through zero is words: "between 10 s less and 14 s more". low <= high.
std::string FormatInterval(std::int64_t low_ms, std::int64_t high_ms);

// Powers of 1024, three digits: "8.76 GiB", "39.8 MiB", "310 GiB"; exact multiples without decimals: "128 MiB", "0 B".
std::string FormatBytes(std::int64_t bytes);

// "28,564,493"
std::string FormatCount(std::int64_t count);
// For prose: full up to 999,999, then "28.7 million", "5.24 billion".
std::string FormatCountShort(std::int64_t count);

// A number that is neither whole nor has a unit: above 10 without decimals ("184"), below with two ("1.19").
std::string FormatRatio(double ratio);
// 0.3 is "30 %"; below 1 % and above 99 % one decimal: "0.4 %", "99.5 %"; exact 0 and 1 are "0 %" and "100 %".
std::string FormatShare(double share);

}  // namespace advise
