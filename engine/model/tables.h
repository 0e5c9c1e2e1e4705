// The tables of a Spark run: one struct of columns an entity, made from schema.def. All columns of a table have the
// same size. Rows of a table are in the order given at the table; rows never move once the model is built.
#pragma once

#include "model/column.h"
#include "model/enums.h"

namespace advise::model {

#include "model/schema.def"

#define ADVISE_MEMBER(name, Column, unit, since, scope, missing, doc) Column name;
#define ADVISE_RESIZE(name, Column, unit, since, scope, missing, doc) name.Resize(rows);
#define ADVISE_PEAK_RESIZE_OF(Spark, suffix, unit, since) p.peak_##suffix.Resize(rows);
#define ADVISE_PEAK_MEMBER(Spark, suffix, unit, since) IntColumn peak_##suffix;

// One table whose rows can be filled in any order. AddRow appends a row of missing values and returns its index.
#define ADVISE_TABLE(Name, COLUMNS)                          \
  struct Name {                                              \
    COLUMNS(ADVISE_MEMBER)                                   \
    [[nodiscard]] std::size_t size() const { return rows_; } \
    std::size_t AddRow() {                                   \
      const std::size_t rows = ++rows_;                      \
      COLUMNS(ADVISE_RESIZE)                                 \
      return rows_ - 1;                                      \
    }                                                        \
                                                             \
   private:                                                  \
    std::size_t rows_ = 0;                                   \
  };

ADVISE_TABLE(AppTable, ADVISE_APP_COLUMNS)               // exactly one row
ADVISE_TABLE(JobTable, ADVISE_JOB_COLUMNS)               // order of first mention in the log
ADVISE_TABLE(HostTable, ADVISE_HOST_COLUMNS)             // order of first mention
ADVISE_TABLE(SqlTable, ADVISE_SQL_COLUMNS)               // order of first mention
ADVISE_TABLE(NodeTable, ADVISE_NODE_COLUMNS)             // by execution, final plan first, pre-order
ADVISE_TABLE(ShuffleTable, ADVISE_SHUFFLE_COLUMNS)       // by (to, from)
ADVISE_TABLE(GapTable, ADVISE_GAP_COLUMNS)               // by start
ADVISE_TABLE(CachedRddTable, ADVISE_CACHED_RDD_COLUMNS)  // by RDD id
ADVISE_TABLE(IncidentTable, ADVISE_INCIDENT_COLUMNS)     // input order

// Stages and executors also have the peak_* columns of ADVISE_EXECUTOR_METRICS.
#define ADVISE_TABLE_WITH_PEAKS(Name, COLUMNS)                                                                       \
  struct Name {                                                                                                      \
    COLUMNS(ADVISE_MEMBER)                                                                                           \
    struct Peaks {                                                                                                   \
      ADVISE_EXECUTOR_METRICS(ADVISE_PEAK_MEMBER)                                                                    \
    };                                                                                                               \
    Peaks peaks;                                                                                                     \
    [[nodiscard]] std::size_t size() const { return rows_; }                                                         \
    std::size_t AddRow() {                                                                                           \
      const std::size_t rows = ++rows_;                                                                              \
      COLUMNS(ADVISE_RESIZE)                                                                                         \
      ResizePeaks(peaks, rows);                                                                                      \
      return rows_ - 1;                                                                                              \
    }                                                                                                                \
                                                                                                                     \
   private:                                                                                                          \
    static void ResizePeaks(Peaks& p,                                                                                \
                            std::size_t rows){ADVISE_EXECUTOR_METRICS(ADVISE_PEAK_RESIZE_OF)} std::size_t rows_ = 0; \
  };

ADVISE_TABLE_WITH_PEAKS(StageTable, ADVISE_STAGE_COLUMNS)        // order of first mention
ADVISE_TABLE_WITH_PEAKS(ExecutorTable, ADVISE_EXECUTOR_COLUMNS)  // order of first mention

// The task table is append-only (PackedColumn), in the order of the task ends in the log; running attempts come last,
// by id. The flag and reference columns of a row may be set later; the builder appends every column of a row exactly
// once.
struct TaskTable {
  ADVISE_TASK_COLUMNS(ADVISE_MEMBER)
  [[nodiscard]] std::size_t size() const { return id.size(); }
};

#undef ADVISE_MEMBER
#undef ADVISE_RESIZE
#undef ADVISE_PEAK_MEMBER
#undef ADVISE_PEAK_RESIZE_OF
#undef ADVISE_TABLE
#undef ADVISE_TABLE_WITH_PEAKS

}  // namespace advise::model
