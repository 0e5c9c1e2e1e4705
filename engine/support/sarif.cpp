// Members in the order of the standard.
#include "support/sarif.h"

#include "support/version.h"

namespace advise {
namespace {

std::string UriOf(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return uri;
}

}  // namespace

void SarifText(JsonStream& json, std::string_view key, std::string_view text) {
  json.BeginObject(key);
  json.String("text", text);
  json.EndObject();
}

void SarifArtifact(JsonStream& json, std::string_view path) {
  json.BeginObject("artifactLocation");
  json.String("uri", UriOf(path));
  json.EndObject();
}

void BeginSarif(JsonStream& json, std::string_view tool, std::span<const SarifRule> rules) {
  json.BeginObject(JsonLayout::LinePerMember);
  json.String("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.String("version", "2.1.0");
  json.BeginArray("runs");
  json.BeginObject(JsonLayout::LinePerMember);
  json.BeginObject("tool");
  json.BeginObject("driver", JsonLayout::LinePerMember);
  json.String("name", tool);
  json.String("version", kVersion);
  json.BeginArray("rules", JsonLayout::LinePerMember);
  for (const SarifRule& rule : rules) {
    json.BeginObject();
    json.String("id", rule.id);
    SarifText(json, "shortDescription", rule.brief);
    if (!rule.full.empty()) SarifText(json, "fullDescription", rule.full);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  json.EndObject();
  json.String("columnKind", "unicodeCodePoints");
  json.BeginArray("results", JsonLayout::LinePerMember);
}

void EndSarif(JsonStream& json) {
  json.EndArray();
  json.EndObject();
  json.EndArray();
  json.EndObject();
}

}  // namespace advise
