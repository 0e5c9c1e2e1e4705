// Messages, call sites, stacks and settings.
#include <algorithm>
#include <array>
#include <cctype>

#include "anonymise/scrub.h"
#include "anonymise/vocabulary.h"
#include "spark/settings.h"
#include "support/text.h"

namespace advise::anonymise {
namespace {

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

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

// "local", "local[4]", "local[*, 3]", "yarn", "yarn-cluster".
bool IsPlainMaster(std::string_view master) {
  if (master == "local" || master == "yarn" || master == "yarn-client" || master == "yarn-cluster") return true;
  for (const std::string_view start : {"local[", "local-cluster["}) {
    if (!master.starts_with(start) || !master.ends_with(']')) continue;
    const std::string_view inside = master.substr(start.size(), master.size() - start.size() - 1);
    return inside.find_first_not_of("0123456789,* ") == std::string_view::npos;
  }
  return false;
}

// "java.base/java.lang.Thread.run(Thread.java:840)", "scala.Option.map(Unknown Source)" and nothing behind it.
bool IsPublicFrame(std::string_view line) {
  constexpr std::string_view kModule = "java.base/";
  if (line.starts_with(kModule)) line.remove_prefix(kModule.size());
  const std::size_t open = line.find('(');
  const auto of_name = [](char c) { return IsAlpha(c) || IsDigit(c) || c == '.' || c == '_' || c == '$'; };
  if (!IsPublicClass(line) || open == std::string_view::npos || !line.ends_with(')')) return false;
  const std::string_view place = line.substr(open + 1, line.size() - open - 2);
  const std::size_t colon = std::min(place.find(':'), place.size());
  const bool file = std::ranges::all_of(place.substr(0, colon), of_name) &&
                    (colon == place.size() || AllDigits(place.substr(colon + 1)));
  return (file || place == "Native Method" || place == "Unknown Source" || place.starts_with("<generated>")) &&
         std::ranges::all_of(line.substr(0, open),
                             [&](char c) { return of_name(c) || c == '<' || c == '>' || c == '/'; });
}

// The words of a text through `change`, what stands between them as it is.
template <class IsWordChar, class Change>
std::string EachWord(std::string_view text, const IsWordChar& is_word_char, const Change& change) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word_char(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    out += change(text.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace

std::string ScrubMessage(std::string_view text, Pseudonyms& names) { return MessageScrubber(names).Run(text); }

std::string ScrubCallSite(std::string_view text, Pseudonyms& names) {
  const std::size_t at = text.find(" at ");
  const std::size_t colon = text.rfind(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon < at ||
      !AllDigits(text.substr(colon + 1)))
    return names.For(NameKind::Label, text);
  const std::string_view method = text.substr(0, at);
  const std::string_view file = text.substr(at + 4, colon - at - 4);
  const std::string said =
      (IsCallSiteMethod(method) ? std::string(method) : names.For(NameKind::Name, method)) + " at ";
  const std::string line(text.substr(colon));
  if (IsSparkFile(file)) return said + std::string(file) + line;
  const std::size_t dot = file.rfind('.');
  constexpr std::array<std::string_view, 8> kEndings = {".scala", ".java", ".py",    ".kt",
                                                        ".R",     ".sql",  ".ipynb", ".clj"};
  const bool known = dot != std::string_view::npos && std::ranges::find(kEndings, file.substr(dot)) != kEndings.end();
  return said + names.For(NameKind::File, file) + (known ? std::string(file.substr(dot)) : "") + line;
}

std::string ScrubStack(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (IsPublicFrame(line)) out.append(out.empty() ? "" : "\n").append(line);
  }
  return out;
}

std::string ScrubSetting(std::string_view key, std::string_view value, Pseudonyms& names) {
  if (value.empty() || value == "true" || value == "false" || IsMeasure(value)) return std::string(value);
  if (const auto known = names.Find(value)) return *known;
  if (key == "spark.master") {
    if (IsPlainMaster(value)) return std::string(value);
    const std::size_t scheme = value.find("://");
    return scheme == std::string_view::npos || !IsScheme(value.substr(0, scheme))
               ? names.For(NameKind::Name, value)
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

std::string ScrubSettingKey(std::string_view key, Pseudonyms& names) {
  if (IsPublicSetting(key)) return std::string(key);
  for (const std::string_view place : {"spark.hadoop.", "spark.executorEnv.", "spark."}) {
    if (key.starts_with(place)) return std::string(place) + names.For(NameKind::Name, key.substr(place.size()));
  }
  return names.For(NameKind::Name, key);
}

std::string ScrubVersion(std::string_view version) {
  return EachWord(version, IsAlpha,
                  [](std::string_view word) { return IsVersionWord(word) ? std::string(word) : "…"; });
}

std::string ScrubMetricName(std::string_view name, Pseudonyms& names) {
  return EachWord(
      name, [](char c) { return IsAlpha(c) || IsDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; },
      [&names](std::string_view word) {
        if (IsMetricWord(word) || AllDigits(word)) return std::string(word);
        return names.Find(word).value_or("…");
      });
}

std::string ScrubMetricType(std::string_view type, Pseudonyms& names) {
  constexpr std::array<std::string_view, 6> kTypes = {"sum", "size", "timing", "nsTiming", "average", "count"};
  if (std::ranges::find(kTypes, type) != kTypes.end()) return std::string(type);
  constexpr std::string_view kCustom = "v2Custom_";
  if (!type.starts_with(kCustom)) return names.For(NameKind::Name, type);
  const std::string_view name = type.substr(kCustom.size());
  return std::string(kCustom) + (IsPublicClass(name) ? std::string(name) : names.For(NameKind::Name, name));
}

}  // namespace advise::anonymise
