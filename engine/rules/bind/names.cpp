// Spelling by edit distance, then words between `_` and `.`.
#include "rules/bind/names.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMostRelated = 5;
constexpr std::size_t kLongestName = 200;

std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : Lower(name)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Names that share whole words with the bare `name`.
std::vector<std::string> Related(std::span<const BoundParam> params, std::string_view name) {
  const std::vector<std::string> wanted = WordsOf(name);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const BoundParam& param : params) {
    const std::vector<std::string> words = WordsOf(param.name);
    const auto shared = std::ranges::count_if(
        wanted, [&](const std::string& word) { return std::ranges::find(words, word) != words.end(); });
    if (shared > 0) found.emplace_back(static_cast<std::size_t>(shared), param.name);
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &std::pair<std::size_t, std::string>::first);
  std::vector<std::string> names;
  for (auto& [shared, one] : found) {
    if (names.size() < kMostRelated && std::ranges::find(names, one) == names.end()) names.push_back(std::move(one));
  }
  return names;
}

}  // namespace

std::string ShownFile(std::span<const PackInfo> packs, std::string_view path) {
  const std::filesystem::path file(path);
  for (const PackInfo& pack : packs) {
    if (pack.built_in && file.parent_path() == std::filesystem::path(pack.path))
      return (file.parent_path().filename() / file.filename()).string();
  }
  return std::string(path);
}

std::vector<std::uint32_t> FindParams(std::span<const BoundParam> params, std::string_view name) {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (params[i].name == name || params[i].pack + "." + params[i].name == name)
      found.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

std::string NoSuchParam(std::span<const BoundParam> params, std::string_view name) {
  std::string message = "there is no parameter " + Quoted(name);
  if (name.size() > kLongestName) return message;
  const std::size_t dot = name.rfind('.');
  const bool with_pack = dot != std::string_view::npos;
  const std::string_view bare = with_pack ? name.substr(dot + 1) : name;
  std::vector<std::string_view> names;
  for (const BoundParam& param : params) names.push_back(param.name);
  const auto shown = [&](std::string_view one) {
    const auto param = std::ranges::find(params, one, &BoundParam::name);
    return Quoted(with_pack ? param->pack + "." + param->name : param->name);
  };
  if (const auto near = DidYouMean(bare, names)) return message + "; did you mean " + shown(*near) + "?";
  const std::vector<std::string> related = Related(params, bare);
  return related.empty() ? message : message + "; did you mean " + Join(related, " or ", shown) + "?";
}

}  // namespace advise::rules
