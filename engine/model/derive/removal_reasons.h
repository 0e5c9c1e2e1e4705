// Why an executor went away, from Spark's free text.
#pragma once

#include <span>
#include <string_view>

#include "model/enums.h"

namespace advise::model {

// One row of the ordered table: the first row whose text occurs in the reason decides.
struct RemovalReason {
  std::string_view text;  // compared without case; a digit at its end does not match inside a longer number
  RemovalClass removal_class;
};
std::span<const RemovalReason> RemovalReasons();

// True if `text` occurs in `in`, without regard to case; a digit at its end does not match inside a longer number.
bool OccursIn(std::string_view in, std::string_view text);

// Unknown if no row matches: an ambiguous text ("Remote RPC client disassociated") is not evidence of any cause.
RemovalClass ClassifyRemoval(std::string_view reason);

}  // namespace advise::model
