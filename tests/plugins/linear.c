/* An example of a cost model as a shared library: time follows work and slots in proportion. It reads of a scenario what
 * it knows ("scale" and "set_slots") by looking for names in the text, which an example may; a real one parses JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost/plugin/advise_cost.h"

struct advise_cost_model {
  double duration_ms;
  double work_ms;
  double executors;
};

/* The value behind a name in quotes, or NULL. */
static const char* value_of(const char* text, const char* name) {
  const char* at = strstr(text, name);
  if (at == NULL) return NULL;
  at += strlen(name);
  while (*at == ':' || *at == ' ') ++at;
  return at;
}

static double number_of(const char* text, const char* name, double otherwise) {
  const char* const at = value_of(text, name);
  return at == NULL ? otherwise : strtod(at, NULL);
}

int advise_cost_describe(advise_cost_info* out) {
  if (out->size < sizeof *out) return 1;
  out->abi = ADVISE_COST_ABI;
  out->id = "linear-c";
  out->version = "1";
  out->ops_csv = "scale,set_slots";
  return 0;
}

int advise_cost_calibrate(const advise_cost_run* run, advise_cost_model** out, char* err, size_t err_len) {
  char* graph = malloc(run->graph_json_len + 1);
  advise_cost_model* model = malloc(sizeof *model);
  if (graph == NULL || model == NULL) {
    snprintf(err, err_len, "no memory");
    free(graph);
    free(model);
    return 1;
  }
  memcpy(graph, run->graph_json, run->graph_json_len);
  graph[run->graph_json_len] = '\0';
  model->duration_ms = number_of(graph, "\"duration_ms\"", 0);
  model->executors = 0;
  for (const char* at = graph; (at = strstr(at, "\"slots\"")) != NULL; ++at) model->executors += 1;
  model->work_ms = 0;
  for (uint64_t i = 0; i < run->tasks->n_tasks; ++i) model->work_ms += run->tasks->duration_ms[i];
  free(graph);
  *out = model;
  return 0;
}

int advise_cost_predict(advise_cost_model* model, const char* scenario_json, size_t len, uint64_t seed, char** out_json,
                        size_t* out_len, char* err, size_t err_len) {
  (void)seed;
  char* scenario = malloc(len + 1);
  char* answer = malloc(4096);
  if (scenario == NULL || answer == NULL) {
    snprintf(err, err_len, "no memory");
    free(scenario);
    free(answer);
    return 1;
  }
  memcpy(scenario, scenario_json, len);
  scenario[len] = '\0';
  double time = model->duration_ms;
  char unsupported[2048] = "";
  for (const char* at = scenario; (at = value_of(at, "\"op\"")) != NULL;) {
    const char* const end = *at == '"' ? strchr(++at, '"') : NULL;
    if (end == NULL) break;
    if (strncmp(at, "scale\"", 6) == 0) {
      time *= number_of(at, "\"mid\"", 1);
    } else if (strncmp(at, "set_slots\"", 10) == 0) {
      const double executors = number_of(at, "\"executors\"", 0);
      if (executors > 0 && model->executors > 0) time *= model->executors / executors;
    } else if (strlen(unsupported) + (size_t)(end - at) + 4 < sizeof unsupported) {
      if (unsupported[0] != '\0') strcat(unsupported, ",");
      strcat(unsupported, "\"");
      strncat(unsupported, at, (size_t)(end - at));
      strcat(unsupported, "\"");
    }
  }
  free(scenario);
  const int written = snprintf(answer, 4096,
                               "{\"time_ms\":{\"lo\":%.17g,\"mid\":%.17g,\"hi\":%.17g},\"unsupported\":[%s]}",
                               0.9 * time, time, 1.2 * time, unsupported);
  *out_json = answer;
  *out_len = (size_t)written;
  return 0;
}

void advise_cost_free(void* text) { free(text); }
void advise_cost_release(advise_cost_model* model) { free(model); }
