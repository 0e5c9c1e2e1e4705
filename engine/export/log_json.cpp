#include "export/log_json.h"

#include "support/version.h"

namespace advise::exports {

void WriteAdviseJson(JsonStream& json) {
  json.BeginObject();
  json.Key("version");
  json.String(kVersion);
  json.Key("schema");
  json.Integer(kJsonSchema);
  json.EndObject();
}

void WriteLogJson(const model::LogInfo& log, JsonStream& json) {
  const auto text = [&json](std::string_view name, std::string_view value) {
    json.Key(name);
    json.String(value);
  };
  const auto count = [&json](std::string_view name, std::uint64_t value) {
    json.Key(name);
    json.Count(value);
  };
  json.BeginObject();
  text("path", log.path);
  text("format", log.format);
  text("codec", log.codec);
  json.Key("spark_version");
  if (log.spark_version) {
    json.String(*log.spark_version);
  } else {
    json.Null();
  }
  text("environment", log.environment);
  json.Key("complete");
  json.Bool(log.complete);
  json.Key("selected");
  if (log.selected.empty()) {
    json.Null();
  } else {
    json.String(log.selected);
  }
  json.Key("ingest");
  json.BeginObject();
  count("bytes", log.bytes);
  count("decoded_bytes", log.decoded_bytes);
  count("lines", log.lines);
  count("events", log.events);
  count("unknown_events", log.unknown_events);
  count("bad_lines", log.bad_lines);
  json.Key("notes");
  json.BeginArray();
  for (const model::IngestNote& note : log.notes) {
    json.BeginObject();
    text("code", note.code);
    text("severity", note.severity);
    count("count", note.count);
    text("text", note.text);
    if (!note.example.empty()) text("example", note.example);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  json.EndObject();
}

}  // namespace advise::exports
