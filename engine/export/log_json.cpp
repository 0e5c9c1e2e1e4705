// Writes model::LogInfo member by member, in the order of the contract.
#include "export/log_json.h"

namespace advise::exports {

void WriteLogJson(const model::LogInfo& log, JsonStream& json) {
  json.BeginObject();
  json.String("path", log.path);
  json.String("format", log.format);
  json.String("codec", log.codec);
  json.String("spark_version", log.spark_version);
  json.String("environment", log.environment);
  json.Bool("complete", log.complete);
  json.StringOrNull("selected", log.selected);
  json.BeginObject("ingest");
  json.Count("bytes", log.bytes);
  json.Count("decoded_bytes", log.decoded_bytes);
  json.Count("lines", log.lines);
  json.Count("events", log.events);
  json.Count("unknown_events", log.unknown_events);
  json.Count("bad_lines", log.bad_lines);
  json.BeginArray("notes");
  for (const model::IngestNote& note : log.notes) {
    json.BeginObject();
    json.String("code", note.code);
    json.String("severity", note.severity);
    json.Count("count", note.count);
    json.String("text", note.text);
    if (!note.example.empty()) json.String("example", note.example);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  json.EndObject();
}

}  // namespace advise::exports
