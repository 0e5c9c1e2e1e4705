// What a change would do to a run, in the terms of the model: the typed form of a rule's `effect` clause, with every
// name resolved to rows and every value to a number. Plain data; the cost model turns it into operations on its
// workload and composes them (reference: replace → drop → set → cap → scale inside a phase).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/entity.h"
#include "model/enums.h"
#include "spark/values.h"
#include "support/typed_value.h"

namespace advise::model {

// A number that is known up to an interval, in base units (ms, bytes, 0..1 of a share). low == high: exact.
struct EffectRange {
  ValueForm form = ValueForm::Number;
  double low = 0;
  double high = 0;
  friend bool operator==(const EffectRange&, const EffectRange&) = default;
};

// One attribute of some rows: `s.tasks.gc_time`. `attribute` is its name in schema.def, which outlives all models.
struct EffectTarget {
  Entity entity = Entity::App;
  std::vector<std::uint32_t> rows;  // ascending, each once; of App row 0
  std::string_view attribute;
  friend bool operator==(const EffectTarget&, const EffectTarget&) = default;
};

struct SetSetting {
  std::string key;
  spark::SettingValue value;
  // The queries for which it is set: those of these rows; none: the whole application.
  Entity subject = Entity::App;
  std::vector<std::uint32_t> subject_rows;
  friend bool operator==(const SetSetting&, const SetSetting&) = default;
};
struct SetAttribute {
  EffectTarget target;
  EffectRange value;
  friend bool operator==(const SetAttribute&, const SetAttribute&) = default;
};
// No value above it.
struct CapAttribute {
  EffectTarget target;
  EffectRange limit;
  friend bool operator==(const CapAttribute&, const CapAttribute&) = default;
};
struct ScaleAttribute {
  EffectTarget target;
  EffectRange factor;
  friend bool operator==(const ScaleAttribute&, const ScaleAttribute&) = default;
};
// They are gone, and whatever else is said of them.
struct DropRows {
  Entity entity = Entity::Stage;
  std::vector<std::uint32_t> rows;  // ascending, each once
  friend bool operator==(const DropRows&, const DropRows&) = default;
};
struct ReplaceNode {
  NodeRow node;
  NodeKind with{};
  std::vector<std::pair<std::string, EffectRange>> arguments;  // bytes = 3 MiB
  friend bool operator==(const ReplaceNode&, const ReplaceNode&) = default;
};

using Effect = std::variant<ReplaceNode, DropRows, SetSetting, SetAttribute, CapAttribute, ScaleAttribute>;

}  // namespace advise::model
