// What a plan node is, told from its name: over all Spark versions and the engines that replace Spark's operators.
#pragma once

#include <string_view>

#include "model/enums.h"

namespace advise::model {

// The engine whose operator this is.
Engine EngineOf(std::string_view node_name);

// The kind. The simpleString is asked only where names do not tell: BatchScan, and Project with a Scala UDF.
NodeKind KindOf(std::string_view node_name, std::string_view simple_string);

// The name without engine, "Exec", arguments and number: GpuBroadcastHashJoin, BroadcastHashJoinExecTransformer and
// PhotonBroadcastHashJoin are BroadcastHashJoin; "Scan parquet db.t" stays whole after its prefix.
std::string_view OperatorName(std::string_view node_name);

// Not an operator but a frame around operators: WholeStageCodegen, InputAdapter, query stages, AdaptiveSparkPlan,
// Photon's stages, ReusedSubquery. Parents and children see through wrappers.
bool IsWrapper(std::string_view node_name);

}  // namespace advise::model
