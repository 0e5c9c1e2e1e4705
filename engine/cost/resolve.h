// Effects in the terms of the model (model/effect.h: the effect clause of a rule, a changed setting) → a change that
// can be predicted. One place, whoever asks: the plan of the report, `advise whatif --effect`.
#pragma once

#include <span>

#include "cost/changes.h"
#include "model/effect.h"

namespace advise::cost {

// All effects together, as one change of the kind "effect". Refused, with the reason, if one of them cannot be told
// from the log: a setting or an attribute without a model, rows of which the run has none. Settings that are meant for
// some queries act on the stages and gaps of those alone.
Change ResolveEffects(const model::JobModel& model, const Workload& workload, std::span<const model::Effect> effects);

}  // namespace advise::cost
