// When the rows of an entity began, for what is asked in the order of time.
#pragma once

#include <optional>

#include "metrics/attribute.h"

namespace advise::metrics {

// The attribute that says when a row of the entity began. nullopt: such rows have no place in time (hosts, shuffles).
std::optional<AttributeId> BeginOf(Entity entity);

}  // namespace advise::metrics
