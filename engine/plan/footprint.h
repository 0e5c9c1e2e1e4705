// What effects touch, and how one sees in the next run that they happened: the words of a plan that come from effects.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "cost/predict.h"
#include "cost/workload.h"

namespace advise::plan {

struct Footprint {
  std::set<std::uint32_t> stages;  // of Workload::stages
  bool driver = false;             // time without tasks
  bool slots = false;
  bool arrivals = false;  // when executors come
};
Footprint FootprintOf(const cost::Workload& workload, const cost::Question& question);

// "both change stage 12"; empty: they touch nothing in common.
std::string InCommon(const cost::Workload& workload, const Footprint& a, const Footprint& b);

// What to look at after the change, in one sentence without full stop: "stage 12 has 24 tasks (200 before)". Empty:
// nothing but the duration tells.
std::string CheckOf(const cost::Workload& workload, const cost::Question& question);

}  // namespace advise::plan
