// Messages, call sites, stacks and settings.
#include <algorithm>
#include <array>
#include <cctype>

#include "anonymise/scrub.h"
#include "anonymise/vocabulary.h"
#include "spark/settings.h"

namespace advise::anonymise {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool AllDigits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsDigit); }

constexpr std::string_view kOpeners = "([{<'\"`=";
constexpr std::string_view kClosers = ")]}>'\"`.,;:!?";

// "3.0", "5.5", "137", "51.3", "1.5GB", "13.0%": numbers with units, short enough to be no id of a person.
bool IsMeasure(std::string_view word) {
  constexpr std::size_t kShort = 8;
  std::size_t i = word.starts_with('-') ? 1 : 0;
  const std::size_t begin = i;
  while (i < word.size() && (IsDigit(word[i]) || word[i] == '.')) ++i;
  if (i == begin || i - begin > kShort || (word.find('.') != word.rfind('.'))) return false;
  const std::string_view unit = word.substr(i);
  return unit.empty() || unit == "%" || (unit.size() <= 3 && IsMessageWord(unit));
}

// Class names of exceptions say what happened; those of the user's own packages lose the package.
bool IsExceptionName(std::string_view name) {
  constexpr std::array<std::string_view, 7> kEnds = {"Error",           "Exception", "OOM", "Failure",
                                                     "FailedException", "Timeout",   "Lost"};
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && std::ranges::all_of(name, IsAlpha) &&
         std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); });
}

class MessageScrubber {
 public:
  explicit MessageScrubber(Pseudonyms& names) : names_(names) {}

  std::string Run(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find_first_of(" \t\r\n");
      Token(text.substr(0, end));
      if (end == std::string_view::npos) break;
      space_ += text[end] == '\n' ? '\n' : ' ';
      text = text.substr(end + 1);
    }
    return std::move(out_);
  }

 private:
  void Token(std::string_view token) {
    if (token.empty()) return;
    std::size_t begin = 0;
    while (begin < token.size() && kOpeners.find(token[begin]) != std::string_view::npos) ++begin;
    std::size_t end = token.size();
    while (end > begin && kClosers.find(token[end - 1]) != std::string_view::npos) --end;
    const std::string word = Word(token.substr(begin, end - begin));
    if (word == "…" && last_was_gap_) return;
    last_was_gap_ = word == "…";
    out_ += space_;
    space_.clear();
    out_.append(token.substr(0, begin)).append(word).append(token.substr(end));
  }

  std::string Word(std::string_view word) {
    if (word.empty()) return {};
    if (const auto known = names_.Find(word)) return *known;
    if (IsMeasure(word) || IsMessageWord(word) || IsExceptionName(word)) return std::string(word);
    if (word.starts_with("spark.") && spark::FindSetting(word) != nullptr) return std::string(word);
    if (IsPublicClass(word) && word.find('/') == std::string_view::npos) return std::string(word);
    if (const std::size_t colon = word.rfind(':'); colon != std::string_view::npos) {
      const auto host = names_.Find(word.substr(0, colon));
      if (host && AllDigits(word.substr(colon + 1))) return *host + ":" + std::string(word.substr(colon + 1));
    }
    if (const std::size_t dot = word.rfind('.'); dot != std::string_view::npos && IsExceptionName(word.substr(dot + 1)))
      return std::string(word.substr(dot + 1));
    if (const std::size_t slash = word.find('/'); slash != std::string_view::npos && word.size() > 2)
      return ScrubPaths(word, names_);
    // "exitCode=137", "memory-limit": pieces that are all words stay.
    std::string pieces;
    std::size_t at = 0;
    while (at < word.size()) {
      const std::size_t end = word.find_first_of("=-_:,()", at);
      const std::string_view piece = word.substr(at, end == std::string_view::npos ? end : end - at);
      if (!piece.empty() && !IsMeasure(piece) && !IsMessageWord(piece) && !IsExceptionName(piece)) return "…";
      pieces += piece;
      if (end == std::string_view::npos) return pieces;
      pieces += word[end];
      at = end + 1;
    }
    return pieces;
  }

  Pseudonyms& names_;
  std::string out_;
  std::string space_;
  bool last_was_gap_ = false;
};

// Files of Spark and the JDK that stand in call sites.
bool IsSparkFile(std::string_view file) {
  constexpr std::array<std::string_view, 10> kFiles = {"NativeMethodAccessorImpl.java",
                                                       "DirectMethodHandleAccessor.java",
                                                       "FutureTask.java",
                                                       "ThreadPoolExecutor.java",
                                                       "Executors.java",
                                                       "AdaptiveSparkPlanExec.scala",
                                                       "<console>",
                                                       "<unknown>",
                                                       "SparkPi.scala",
                                                       "Thread.java"};
  return std::ranges::find(kFiles, file) != kFiles.end();
}

bool IsMethod(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return IsAlpha(c) || IsDigit(c) || c == '$' || c == '_'; });
}

}  // namespace

std::string ScrubMessage(std::string_view text, Pseudonyms& names) { return MessageScrubber(names).Run(text); }

std::string ScrubCallSite(std::string_view text, Pseudonyms& names) {
  const std::size_t at = text.find(" at ");
  const std::size_t colon = text.rfind(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon < at || !IsMethod(text.substr(0, at)) ||
      !AllDigits(text.substr(colon + 1)))
    return names.For(NameKind::Label, text);
  const std::string_view file = text.substr(at + 4, colon - at - 4);
  if (IsSparkFile(file)) return std::string(text);
  const std::size_t dot = file.rfind('.');
  const std::string ending =
      dot == std::string_view::npos || file.size() - dot > 6 ? "" : std::string(file.substr(dot));
  return std::string(text.substr(0, at + 4)) + names.For(NameKind::File, file) + ending +
         std::string(text.substr(colon));
}

std::string ScrubStack(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::string_view start = line.starts_with("java.base/") ? line.substr(10) : line;
    if (!IsPublicClass(start)) continue;
    out.append(out.empty() ? "" : "\n").append(line);
  }
  return out;
}

std::string ScrubSetting(std::string_view key, std::string_view value, Pseudonyms& names) {
  if (value.empty() || value == "true" || value == "false" || IsMeasure(value)) return std::string(value);
  if (const auto known = names.Find(value)) return *known;
  if (key == "spark.master") {
    if (value.starts_with("local") || value.starts_with("yarn")) return std::string(value);
    const std::size_t scheme = value.find("://");
    return scheme == std::string_view::npos
               ? "master"
               : std::string(value.substr(0, scheme + 3)) + names.For(NameKind::Host, value.substr(scheme + 3));
  }
  const spark::Setting* setting = spark::FindSetting(key);
  if (setting != nullptr && setting->type != spark::SettingType::Text && spark::ParseValue(*setting, value).has_value())
    return std::string(value);
  if (IsPublicClass(value) && value.find('/') == std::string_view::npos && value.find(' ') == std::string_view::npos)
    return std::string(value);
  // One of Spark's own words: "client", "FAIR", "zstd", the default.
  constexpr std::array<std::string_view, 17> kWords = {
      "client", "cluster", "FAIR",    "FIFO",      "zstd",   "lz4",       "snappy", "lzf",    "in-memory",
      "hive",   "static",  "dynamic", "CORRECTED", "LEGACY", "EXCEPTION", "STATIC", "DYNAMIC"};
  if (std::ranges::find(kWords, value) != kWords.end()) return std::string(value);
  if (setting != nullptr && !value.empty() &&
      setting->defaults.find("=" + std::string(value)) != std::string_view::npos)
    return std::string(value);
  if (value.find('/') != std::string_view::npos) return ScrubPaths(value, names);
  return names.For(NameKind::Name, value);
}

}  // namespace advise::anonymise
