// Cost models as shared libraries: what a library exports so that `advise --cost-model ./name.so` can ask it. C, no
// exceptions across. Every struct begins with its size: fields are only ever added at the end. README.md has the JSON.
// The library runs inside advise: what crashes there crashes advise.
#ifndef ADVISE_COST_H
#define ADVISE_COST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ADVISE_COST_ABI 1
#define ADVISE_COST_COMPONENT_COUNT 13

typedef struct {
  uint32_t size;
  uint32_t abi;         /* ADVISE_COST_ABI that the library was built with */
  const char* id;       /* texts of the library, there as long as it is loaded */
  const char* version;
  const char* ops_csv;  /* operators that it knows: "scale,set_slots" */
} advise_cost_info;

/* Attempts by stage, in the order of their launch; arrays of n_tasks. Missing bytes are NaN. */
typedef struct {
  uint32_t size;
  uint64_t n_tasks;
  const uint32_t* stage;                             /* index in "stages" of the graph */
  const float* start_ms;                             /* in the replay of the run */
  const float* duration_ms;
  const float* component_ms[ADVISE_COST_COMPONENT_COUNT]; /* they add up to the duration; names in the graph */
  const float* input_bytes;
  const float* shuffle_read_bytes;
  const float* shuffle_write_bytes;
} advise_cost_tasks;

typedef struct {
  uint32_t size;
  const advise_cost_tasks* tasks;
  const char* graph_json;
  size_t graph_json_len;
} advise_cost_run;

typedef struct advise_cost_model advise_cost_model; /* of the library */

/* All return 0, or another number with a text in err (at most err_len bytes with its final 0). */
int advise_cost_describe(advise_cost_info* out);
/* The run is valid during the call alone. */
int advise_cost_calibrate(const advise_cost_run* run, advise_cost_model** out, char* err, size_t err_len);
/* *out_json is allocated by the library and given back by advise_cost_free. */
int advise_cost_predict(advise_cost_model* model, const char* scenario_json, size_t len, uint64_t seed,
                        char** out_json, size_t* out_len, char* err, size_t err_len);
void advise_cost_free(void* text);
void advise_cost_release(advise_cost_model* model);

#ifdef __cplusplus
}
#endif

#endif
