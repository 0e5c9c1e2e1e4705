// Reads expected.yaml and reports what it has no words for.
#include "workbench/labels.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "support/quoted.h"

namespace advise::workbench {
namespace {

namespace fs = std::filesystem;

// A value, or a list of them.
template <class T>
std::vector<T> OneOrMore(const YAML::Node& node) {
  if (!node) return {};
  if (node.IsSequence()) return node.as<std::vector<T>>();
  return {node.as<T>()};
}

class LabelReader {
 public:
  LabelReader(std::string path, Diagnostics& diagnostics) : diagnostics_(diagnostics) { file_.path = std::move(path); }

  LabelFile Read() {
    try {
      const YAML::Node root = YAML::LoadFile(file_.path);
      if (!root.IsMap()) {
        Report(root.Mark(), "is no map of keys");
        return std::move(file_);
      }
      Keys(root,
           {"job", "provenance", "captured", "master", "command", "answer", "mechanism", "runs", "everywhere", "logs"});
      file_.job = root["job"].as<std::string>("");
      file_.provenance = root["provenance"].as<std::string>("");
      LogLabels everywhere;
      if (root["everywhere"]) Lists(root["everywhere"], everywhere);
      for (const YAML::Node& log : root["logs"]) Log(log, everywhere);
      for (const YAML::Node& runs : root["runs"]) Runs(runs);
      if (file_.logs.empty()) Report(root.Mark(), "labels no log");
    } catch (const YAML::Exception& error) {
      Report(error.mark, "cannot be read: " + error.msg);
    }
    return std::move(file_);
  }

 private:
  void Report(const YAML::Mark& mark, const std::string& what) {
    const std::string line = mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
    diagnostics_.Report(DiagnosticCode::BadLabels, Quoted(file_.path + line) + " " + what);
  }

  void Keys(const YAML::Node& map, const std::vector<std::string_view>& known) {
    for (const auto& entry : map) {
      const auto key = entry.first.as<std::string>();
      if (std::ranges::find(known, key) == known.end()) Report(entry.first.Mark(), "has no key " + Quoted(key));
    }
  }

  // yaml-cpp throws where a value has another form: the entry is left out.
  void Log(const YAML::Node& node, const LogLabels& everywhere) {
    try {
      Keys(node, {"file", "variant", "spark", "partial", "held_out", "queries", "must", "may", "must_not", "measured",
                  "note", "unknown"});
      LogLabels log = everywhere;
      log.file = node["file"].as<std::string>();
      log.variant = node["variant"].as<std::string>("");
      log.spark = node["spark"].as<std::string>("");
      log.partial = node["partial"].as<bool>(false);
      log.held_out = node["held_out"].as<bool>(false);
      log.queries = OneOrMore<std::string>(node["queries"]);
      Lists(node, log);
      file_.logs.push_back(std::move(log));
    } catch (const YAML::Exception& error) {
      Report(error.mark.is_null() ? node.Mark() : error.mark, "has an entry that cannot be read: " + error.msg);
    }
  }

  void Runs(const YAML::Node& node) {
    Keys(node, {"variant", "spark", "app_duration_ms", "cpu_share", "load"});
    const auto variant = node["variant"].as<std::string>("");
    const auto spark = node["spark"].as<std::string>("");
    const auto log = std::ranges::find_if(
        file_.logs, [&](const LogLabels& one) { return one.variant == variant && one.spark == spark; });
    if (log == file_.logs.end()) {
      Report(node.Mark(), "has runs of " + Quoted(variant + " " + spark) + ", of which no log is labelled");
      return;
    }
    log->runs_ms = OneOrMore<std::int64_t>(node["app_duration_ms"]);
  }

  void Lists(const YAML::Node& node, LogLabels& log) {
    const std::array<std::pair<const char*, std::vector<Label>*>, 3> lists{
        {{"must", &log.must}, {"may", &log.may}, {"must_not", &log.must_not}}};
    for (const auto& [key, list] : lists) {
      for (const YAML::Node& label : node[key]) list->push_back(Read(label));
    }
  }

  Label Read(const YAML::Node& node) {
    Keys(node, {"pattern", "rule", "problem", "first", "subject", "advice", "note"});
    Label label;
    label.pattern = node["pattern"].as<std::string>("");
    label.rules = OneOrMore<std::string>(node["rule"]);
    label.problem = node["problem"].as<std::string>("");
    label.first = node["first"].as<bool>(false);
    label.note = node["note"].as<std::string>("");
    if (const YAML::Node subject = node["subject"]) {
      Keys(subject, {"stage", "job", "sql", "query", "node", "executor"});
      label.subject.stages = OneOrMore<std::int64_t>(subject["stage"]);
      label.subject.jobs = OneOrMore<std::int64_t>(subject["job"]);
      label.subject.sql = OneOrMore<std::int64_t>(subject["sql"]);
      label.subject.queries = OneOrMore<std::string>(subject["query"]);
      label.subject.nodes = OneOrMore<std::string>(subject["node"]);
      label.subject.executors = OneOrMore<std::string>(subject["executor"]);
    }
    if (const YAML::Node advice = node["advice"]) {
      for (const YAML::Node& change : advice.IsSequence() ? advice : YAML::Load("[]")) {
        label.changes.push_back({change["kind"].as<std::string>(""), change["key"].as<std::string>("")});
      }
    }
    return label;
  }

  Diagnostics& diagnostics_;
  LabelFile file_;
};

}  // namespace

std::vector<LabelFile> ReadLabels(const std::string& folder, Diagnostics& diagnostics) {
  std::vector<std::string> paths;
  std::error_code error;
  if (fs::is_regular_file(folder, error)) paths.push_back(folder);
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->path().filename() == "expected.yaml") paths.push_back(entry->path().string());
  }
  std::ranges::sort(paths);
  std::vector<LabelFile> files;
  for (const std::string& path : paths) {
    LabelFile file = LabelReader(path, diagnostics).Read();
    if (!file.logs.empty()) files.push_back(std::move(file));
  }
  return files;
}

}  // namespace advise::workbench
