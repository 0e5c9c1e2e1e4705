// Conditions and order over the attributes of the catalogue.
#include "service/model_page.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "metrics/catalogue.h"
#include "metrics/evaluate.h"
#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"

namespace advise::service {
namespace {

using metrics::Attribute;
using metrics::Value;
using metrics::ValueKind;
using model::Entity;
using model::JobModel;

Result<const Attribute*> FindAttribute(Entity entity, const std::string& name) {
  if (const Attribute* attribute = metrics::Find(entity, name)) {
    switch (attribute->kind) {
      case ValueKind::Number:
      case ValueKind::Text:
      case ValueKind::Bool:
      case ValueKind::Enum:
      case ValueKind::Entity: return attribute;
      case ValueKind::EntitySet:
      case ValueKind::TextList:
      case ValueKind::NumberList: break;
    }
    return Fail(DiagnosticCode::Usage, Quoted(name) + " is a list: rows cannot be picked or sorted by it");
  }
  std::vector<std::string_view> names;
  for (const Attribute& attribute : metrics::AttributesOf(entity)) names.push_back(attribute.name);
  return Fail(DiagnosticCode::Usage,
              OrDidYouMean(std::string(model::TableName(entity)) + " have no attribute " + Quoted(CleanText(name, 100)),
                           name, names));
}

std::string Printed(const JobModel& model, const Attribute& attribute, const Value& value) {
  switch (value.state) {
    case Value::State::Missing: return {};
    case Value::State::Integer: return std::to_string(value.integer);
    case Value::State::Real: return std::to_string(value.real);
    case Value::State::Bool: return value.boolean ? "true" : "false";
    case Value::State::Text: return std::string(value.text);
    case Value::State::Entity:
      return metrics::EntityKey(model, attribute.target, static_cast<std::uint32_t>(value.integer));
  }
  return {};
}

bool Holds(const JobModel& model, const RowCondition& condition, const Attribute& attribute, std::uint32_t row) {
  const Value value = metrics::Evaluate(model, attribute.id, row);
  if (value.missing()) return false;
  if (condition.equals) {
    const bool equal = value.state == Value::State::Real ? value.real == std::strtod(condition.equals->c_str(), nullptr)
                                                         : Printed(model, attribute, value) == *condition.equals;
    if (!equal) return false;
  }
  if (condition.least && !(value.real >= *condition.least)) return false;
  return !condition.most || value.real <= *condition.most;
}

void Sort(const JobModel& model, const Attribute& attribute, bool descending, std::vector<std::uint32_t>& rows) {
  struct Key {
    std::uint32_t row;
    bool missing;
    double number;
    std::string text;
  };
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    const Value value = metrics::Evaluate(model, attribute.id, row);
    const bool number = value.state == Value::State::Integer || value.state == Value::State::Real;
    keys.push_back({row, value.missing(), number ? value.real : 0, number ? "" : Printed(model, attribute, value)});
  }
  std::ranges::stable_sort(keys, [descending](const Key& a, const Key& b) {
    if (a.missing || b.missing) return !a.missing && b.missing;
    const auto order = std::pair(a.number, std::string_view(a.text)) <=> std::pair(b.number, std::string_view(b.text));
    return descending ? order > 0 : order < 0;
  });
  std::ranges::transform(keys, rows.begin(), &Key::row);
}

}  // namespace

Result<std::vector<std::uint32_t>> PickRows(const JobModel& model, const RowRequest& request) {
  if (!request.id.empty()) {
    const auto row = metrics::FindEntity(model, request.entity, request.id);
    if (row) return std::vector<std::uint32_t>{*row};
    return Fail(DiagnosticCode::Usage, "the log has no " + std::string(model::EntityName(request.entity)) + " " +
                                           Quoted(CleanText(request.id, 100)));
  }
  std::vector<std::uint32_t> rows(model.RowCount(request.entity));
  std::iota(rows.begin(), rows.end(), 0U);
  for (const RowCondition& condition : request.where) {
    ADVISE_TRY(const Attribute* attribute, FindAttribute(request.entity, condition.attribute));
    if ((condition.least || condition.most) && attribute->kind != ValueKind::Number)
      return Fail(DiagnosticCode::Usage, Quoted(condition.attribute) + " is no number");
    std::erase_if(rows, [&](std::uint32_t row) { return !Holds(model, condition, *attribute, row); });
  }
  if (!request.sort.empty()) {
    ADVISE_TRY(const Attribute* attribute, FindAttribute(request.entity, request.sort));
    Sort(model, *attribute, request.descending, rows);
  }
  return rows;
}

}  // namespace advise::service
