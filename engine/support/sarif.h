// The frame of SARIF 2.1.0 (results of static analysis, as code scanning of forges reads it): one log with one run.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "support/json_stream.h"

namespace advise {

struct SarifRule {
  std::string_view id;
  std::string_view brief;
  std::string_view full{};  // empty: none
};

// Until EndSarif the results are written, each an object of its own.
void BeginSarif(JsonStream& json, std::string_view tool, std::span<const SarifRule> rules);
void EndSarif(JsonStream& json);

// { "text": … } under the key.
void SarifText(JsonStream& json, std::string_view key, std::string_view text);
// The member artifactLocation; the path becomes the reference of a URI.
void SarifArtifact(JsonStream& json, std::string_view path);

}  // namespace advise
