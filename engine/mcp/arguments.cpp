// Walks schema and value together; the first thing that is wrong is told with its place.
#include "mcp/arguments.h"

#include <algorithm>
#include <vector>

#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"

namespace advise::mcp {
namespace {

constexpr std::int64_t kLongestArgument = 4'096;

bool IsOfType(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

std::string Named(const std::string& place) { return place.empty() ? "the arguments" : Quoted(place); }

std::optional<std::string> Check(const Json& schema, const Json& value, const std::string& place) {
  if (const auto type = schema.find("type"); type != schema.end()) {
    const Json types = type->is_array() ? *type : Json::array({*type});
    std::string words;
    bool good = false;
    for (const Json& one : types) {
      good = good || IsOfType(value, one.get<std::string>());
      words += (words.empty() ? "" : " or ") + one.get<std::string>();
    }
    if (!good) return Named(place) + " must be of type " + words;
  }
  if (const auto words = schema.find("enum"); words != schema.end()) {
    if (std::find(words->begin(), words->end(), value) == words->end())
      return Named(place) + " must be one of " + words->dump();
  }
  if (value.is_string()) {
    const std::int64_t most = schema.value("maxLength", kLongestArgument);
    if (static_cast<std::int64_t>(value.get_ref<const std::string&>().size()) > most)
      return Named(place) + " is longer than " + std::to_string(most) + " bytes";
  }
  if (value.is_number() && schema.contains("minimum")) {
    const double number = value.get<double>();
    if (!(number >= schema.at("minimum").get<double>() && number <= schema.at("maximum").get<double>()))
      return Named(place) + " is not within " + schema.at("minimum").dump() + " and " + schema.at("maximum").dump();
  }
  if (value.is_array()) {
    const std::int64_t most = schema.value("maxItems", std::int64_t{100});
    if (static_cast<std::int64_t>(value.size()) > most)
      return Named(place) + " has more than " + std::to_string(most) + " elements";
    if (const auto items = schema.find("items"); items != schema.end()) {
      for (const Json& item : value) {
        if (auto wrong = Check(*items, item, place + "[]")) return wrong;
      }
    }
  }
  if (!value.is_object()) return std::nullopt;
  for (const Json& name : schema.value("required", Json::array())) {
    if (!value.contains(name.get<std::string>())) return Named(name.get<std::string>()) + " is missing";
  }
  const Json properties = schema.value("properties", Json::object());
  const auto others = schema.find("additionalProperties");
  const bool closed = others != schema.end() && *others == Json(false);
  for (const auto& [name, member] : value.items()) {
    const auto property = properties.find(name);
    if (property != properties.end()) {
      if (auto wrong = Check(*property, member, name)) return wrong;
    } else if (closed) {
      std::vector<std::string> names;
      for (const auto& [known, unused] : properties.items()) names.push_back(known);
      return OrDidYouMean("there is no argument " + Quoted(CleanText(name, 100)), name, names);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> CheckArguments(const Json& schema, const Json& value) { return Check(schema, value, ""); }

Json Text(const std::string& description) { return {{"type", "string"}, {"description", description}}; }
Json Whole(const std::string& description, std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}, {"description", description}};
}
Json Flag(const std::string& description) { return {{"type", "boolean"}, {"description", description}}; }
Json OneOf(const std::string& description, const Json& words) {
  return {{"type", "string"}, {"enum", words}, {"description", description}};
}
Json Object(const Json& properties, const Json& required) {
  return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
}

}  // namespace advise::mcp
