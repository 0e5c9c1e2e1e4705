// Joining, counting and spelling: what several sentences of the report have in common.
#include "report/words.h"

#include <algorithm>
#include <array>

#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {

std::string Joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string Counted(std::size_t n, std::string_view one, std::string_view many) {
  constexpr std::array<std::string_view, 10> kWords = {"no",   "one", "two",   "three", "four",
                                                       "five", "six", "seven", "eight", "nine"};
  const std::string number = n < kWords.size() ? std::string(kWords[n]) : FormatCount(static_cast<std::int64_t>(n));
  return number + " " + std::string(n == 1 ? one : many);
}

std::string CountOf(std::uint64_t n, std::string_view one, std::string_view many) {
  return FormatCount(static_cast<std::int64_t>(n)) + " " + std::string(n == 1 ? one : many);
}

std::string BySeverity(const std::vector<diagnose::Severity>& severities) {
  using diagnose::Severity;
  constexpr std::array kDown = {Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info};
  std::vector<std::string> parts;
  for (const Severity severity : kDown) {
    const auto n = std::ranges::count(severities, severity);
    if (n > 0) parts.push_back(std::to_string(n).append(" ").append(Word(severity)));
  }
  return Joined(parts, ", ");
}

std::string LowerFirst(std::string_view sentence) {
  std::string text(sentence);
  const auto lower = [&](std::size_t i) {
    return i < text.size() && ((text[i] >= 'a' && text[i] <= 'z') || text[i] == ' ');
  };
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z' && lower(1)) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string UpperFirst(std::string sentence) {
  if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
    sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
  return sentence;
}

std::string_view WithoutStop(std::string_view sentence) {
  while (sentence.ends_with('.') || sentence.ends_with(' ')) sentence.remove_suffix(1);
  return sentence;
}

std::string BareName(std::string_view rule) {
  const std::size_t dot = rule.rfind('.');
  return std::string(dot == std::string_view::npos ? rule : rule.substr(dot + 1));
}

std::string PlainName(std::string_view rule) {
  std::string name = BareName(rule);
  std::ranges::replace(name, '_', ' ');
  for (const std::string_view word : {"gc", "aqe", "udf", "sql"}) {
    for (std::size_t at = name.find(word); at != std::string::npos; at = name.find(word, at + 1)) {
      const bool whole =
          (at == 0 || name[at - 1] == ' ') && (at + word.size() == name.size() || name[at + word.size()] == ' ');
      for (std::size_t i = at; whole && i < at + word.size(); ++i) name[i] = static_cast<char>(name[i] - 'a' + 'A');
    }
  }
  return name;
}

std::string FileName(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return CleanText(slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1), 60);
}

std::string ShellWord(std::string_view path) {
  const bool plain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+=:@%,").find(c) != std::string_view::npos;
  });
  if (plain && !path.empty()) return std::string(path);
  std::string word = "'";
  for (const char c : path) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace advise::report
