// The answers as text for people and JSON for machines.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "ask/why.h"
#include "ask/why_not.h"
#include "model/log_info.h"

namespace advise::ask {

struct TextStyle {
  std::size_t width = 100;
  bool utf8 = true;
};
std::string WhyText(const WhyAnswer& answer, const TextStyle& style);
std::string WhyNotText(const WhyNotAnswer& answer, const TextStyle& style);

// One object each: "advise", "log" (the path), then the answer. Ends with a line end.
void WriteWhyJson(const WhyAnswer& answer, const model::LogInfo& log, std::ostream& out);
void WriteWhyNotJson(const WhyNotAnswer& answer, const model::LogInfo& log, std::ostream& out);

}  // namespace advise::ask
