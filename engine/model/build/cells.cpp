// Small steps that all fillers of rows share.
#include "model/build/cells.h"

#include <algorithm>
#include <string>

namespace advise::model {
namespace {

constexpr std::size_t kMaxMessage = 4096;

}  // namespace

std::string_view Shorten(std::string_view text) {
  if (text.size() <= kMaxMessage) return text;
  std::size_t end = kMaxMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a code point
  return text.substr(0, end);
}

void SeeTime(AppTable& app, std::int64_t time) {
  if (time == kMissing || time <= 0) return;
  if (!app.last_event.Has(0) || time > app.last_event.Get(0)) app.last_event.Set(0, time);
  if (!app.first_event.Has(0) || time < app.first_event.Get(0)) app.first_event.Set(0, time);
}

void SetPairs(StringPool& strings, std::vector<StringId>& list, const TextPairs& pairs) {
  std::vector<std::string> texts;
  texts.reserve(pairs.size());
  for (const auto& [key, value] : pairs) texts.push_back(std::string(key) + "=" + std::string(value));
  std::sort(texts.begin(), texts.end());
  list.clear();
  for (const std::string& text : texts) list.push_back(strings.Intern(text));
}

void KeepNamed(StringPool& strings, std::vector<UserAccumulator>& kept, std::size_t row,
               std::span<const NamedAccumulator> named) {
  for (const NamedAccumulator& accumulator : named) {
    kept.push_back({static_cast<std::uint32_t>(row), accumulator.id, strings.Intern(accumulator.name),
                    accumulator.update.empty() ? StringId::None : strings.Intern(accumulator.update),
                    strings.Intern(accumulator.value)});
  }
}

}  // namespace advise::model
