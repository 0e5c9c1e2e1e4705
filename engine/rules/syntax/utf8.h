// UTF-8 checks of rule text. Inside rules/syntax only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace advise::rules::syntax {

// Length of the well-formed UTF-8 sequence at `at` (no overlong forms, no surrogates); 0 when there is none.
std::size_t Utf8Length(std::string_view text, std::size_t at);

// Replaces every byte that is not part of UTF-8 by `?`, so that the length stays; returns where the first one was.
std::optional<std::size_t> RepairUtf8(std::string& text);

}  // namespace advise::rules::syntax
