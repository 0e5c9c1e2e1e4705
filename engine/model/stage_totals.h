// What Spark adds up itself over the tasks of a stage attempt: the internal accumulators that StageCompleted states
// (Stage Info.Accumulables; InternalAccumulator.scala). They count attempts whose own events are not in the log, too.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "model/entity.h"

namespace advise::model {

// V(Name, its name in the log behind "internal.metrics.", column of the stage table). Units are those of the columns.
#define ADVISE_STAGE_TOTALS(V)                                                                \
  V(RunTime, "executorRunTime", executor_run_time)                                            \
  V(CpuTime, "executorCpuTime", executor_cpu_time)                                            \
  V(DeserializeTime, "executorDeserializeTime", executor_deserialize_time)                    \
  V(DeserializeCpuTime, "executorDeserializeCpuTime", executor_deserialize_cpu_time)          \
  V(GcTime, "jvmGCTime", jvm_gc_time)                                                         \
  V(ResultSize, "resultSize", result_size)                                                    \
  V(ResultSerializationTime, "resultSerializationTime", result_serialization_time)            \
  V(MemoryBytesSpilled, "memoryBytesSpilled", memory_bytes_spilled)                           \
  V(DiskBytesSpilled, "diskBytesSpilled", disk_bytes_spilled)                                 \
  V(InputBytes, "input.bytesRead", input_bytes)                                               \
  V(InputRecords, "input.recordsRead", input_records)                                         \
  V(OutputBytes, "output.bytesWritten", output_bytes)                                         \
  V(OutputRecords, "output.recordsWritten", output_records)                                   \
  V(ShuffleReadRecords, "shuffle.read.recordsRead", shuffle_read_records)                     \
  V(FetchWaitTime, "shuffle.read.fetchWaitTime", shuffle_fetch_wait_time)                     \
  V(RemoteBytesRead, "shuffle.read.remoteBytesRead", shuffle_remote_bytes_read)               \
  V(LocalBytesRead, "shuffle.read.localBytesRead", shuffle_local_bytes_read)                  \
  V(RemoteBlocks, "shuffle.read.remoteBlocksFetched", shuffle_remote_blocks_fetched)          \
  V(LocalBlocks, "shuffle.read.localBlocksFetched", shuffle_local_blocks_fetched)             \
  V(ShuffleWriteBytes, "shuffle.write.bytesWritten", shuffle_write_bytes)                     \
  V(ShuffleWriteRecords, "shuffle.write.recordsWritten", shuffle_write_records)               \
  V(ShuffleWriteTime, "shuffle.write.writeTime", shuffle_write_time)

enum class StageTotal : std::uint8_t {
#define ADVISE_NAME(Name, text, column) Name,
  ADVISE_STAGE_TOTALS(ADVISE_NAME)
#undef ADVISE_NAME
};
// By StageTotal.
inline constexpr std::string_view kStageTotalNames[] = {
#define ADVISE_TEXT(Name, text, column) text,
    ADVISE_STAGE_TOTALS(ADVISE_TEXT)
#undef ADVISE_TEXT
};
using StageTotalValues = std::vector<std::pair<StageTotal, std::int64_t>>;

// Of an attempt that had completed before the log held a task of it.
struct StageTotals {
  StageRow stage;
  StageTotalValues values;
};

}  // namespace advise::model
