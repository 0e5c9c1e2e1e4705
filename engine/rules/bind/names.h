// Names as users write them and read them: parameters that they meant, files of packs in reports.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/bind/bound_rule.h"

namespace advise::rules {

// "core/skew.rules" of a built-in pack, the same on every machine; of other packs the path as it was given.
std::string ShownFile(std::span<const PackInfo> packs, std::string_view path);

// Parameters of this name: by itself, or behind that of its pack ("spark.core.skew_ratio"). Indices.
std::vector<std::uint32_t> FindParams(std::span<const BoundParam> params, std::string_view name);

// "there is no parameter `skew_rato`; did you mean `skew_ratio`?": the one that is spelled alike, else up to five that
// have words in common with it, those with most first. With their packs if `name` has one, which does not matter for
// what is alike.
std::string NoSuchParam(std::span<const BoundParam> params, std::string_view name);

}  // namespace advise::rules
