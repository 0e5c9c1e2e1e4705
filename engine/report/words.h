// Small pieces of sentences, shared by all that words the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/finding.h"

namespace advise::report {

std::string Joined(const std::vector<std::string>& parts, std::string_view separator);
// "two causes", "12 causes".
std::string Counted(std::size_t n, std::string_view one, std::string_view many);
// "2 causes", "1,250 causes".
std::string CountOf(std::uint64_t n, std::string_view one, std::string_view many);
// "12 critical, 3 low" of counts by severity, the most severe first.
std::string BySeverity(const std::vector<diagnose::Severity>& severities);

// First letter small, unless the word is an abbreviation ("GC takes …") or code.
std::string LowerFirst(std::string_view sentence);
std::string UpperFirst(std::string sentence);
// Without the full stop at its end.
std::string_view WithoutStop(std::string_view sentence);

// "spark.core.gc_heavy" is "gc_heavy".
std::string BareName(std::string_view rule);
// "spark.core.gc_heavy" is "GC heavy".
std::string PlainName(std::string_view rule);

// The last part of a path, printable and at most 60 columns.
std::string FileName(std::string_view path);
// A path as the user can paste it into a shell.
std::string ShellWord(std::string_view path);

}  // namespace advise::report
