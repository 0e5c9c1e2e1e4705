// Counts first: a per cent of three cases says nothing.
#include "workbench/share_output.h"

#include <cmath>

namespace advise::workbench {

std::string ShareText(const Share& share) {
  if (share.of == 0) return "-";
  return std::to_string(share.hits) + " of " + std::to_string(share.of) + " (" +
         std::to_string(std::lround(share.low() * 100)) + ".." + std::to_string(std::lround(share.high() * 100)) +
         " %)";
}

void WriteShare(JsonStream& json, std::string_view key, const Share& share) {
  json.Key(key);
  if (share.of == 0) return json.Null();
  json.BeginObject();
  json.Count("hits", share.hits);
  json.Count("of", share.of);
  json.Integer("low_permille", std::lround(share.low() * 1000));
  json.Integer("high_permille", std::lround(share.high() * 1000));
  json.EndObject();
}

}  // namespace advise::workbench
