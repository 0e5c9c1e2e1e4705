// Reads .advise.yaml with yaml-cpp and checks each value where it stands, so that a message can name the line.
#include "cli/config.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

#include "cli/common.h"
#include "diagnose/finding.h"
#include "explain/narration.h"
#include "support/did_you_mean.h"
#include "support/read_file.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kKeys = {"rules", "set", "level", "fail-on", "top"};

// Reads one file. Messages name it as it was found: relative to the working folder where that is above it.
class ConfigReader {
 public:
  ConfigReader(const fs::path& file, When color, bool lenient) : file_(file), color_(color), lenient_(lenient) {}

  std::optional<Config> Read() {
    const SmallFile file =
        ReadSmallFile(file_, file_.has_parent_path() ? file_.parent_path() : fs::path("."), std::uint64_t{1} << 20);
    if (!file.text) {
      Fail(file.why, std::nullopt);
      return std::nullopt;
    }
    YAML::Node root;
    try {
      root = YAML::Load(*file.text);
    } catch (const YAML::Exception& error) {
      Fail("is no YAML: " + std::string(error.msg), error.mark.line);
      return std::nullopt;
    }
    if (root.IsNull()) return config_;
    if (!root.IsMap()) {
      Fail("is no map of keys and values", 0);
      return std::nullopt;
    }
    for (const auto& entry : root) {
      if (!entry.first.IsScalar() || !Take(entry.first, entry.second)) return std::nullopt;
    }
    return config_;
  }

 private:
  // `line` counts from 0; without one the message is about the file as a whole.
  void Fail(const std::string& what, std::optional<int> line, const std::string& help = "") {
    PrintError({DiagnosticCode::Usage,
                "`" + file_.filename().string() + "` " +
                    (line ? "line " + std::to_string(*line + 1) + ": " : std::string()) + what,
                help.empty() ? "--no-config leaves the file out" : help},
               color_);
  }

  bool Take(const YAML::Node& key_node, const YAML::Node& value) {
    const std::string key = key_node.Scalar();
    if (key == "rules") return TakeRules(value);
    if (key == "set") return TakeSet(value);
    if (key == "level") return TakeLevel(value);
    if (key == "fail-on") return TakeFailOn(value);
    if (key == "top") return TakeTop(value);
    const std::optional<std::string_view> near = DidYouMean(key, kKeys);
    Fail("unknown key `" + key + "`" + LeftOut(), key_node.Mark().line,
         near ? "did you mean `" + std::string(*near) + "`?" : "keys are rules, set, level, fail-on and top");
    return lenient_;
  }

  bool TakeRules(const YAML::Node& value) {
    if (!value.IsScalar() && !value.IsSequence()) return Wrong("rules", "a path or a list of paths", value);
    if (value.IsScalar()) {
      AddRule(value.Scalar());
      return true;
    }
    for (const YAML::Node& path : value) {
      if (!path.IsScalar()) return Wrong("rules", "a path or a list of paths", path);
      AddRule(path.Scalar());
    }
    return true;
  }
  void AddRule(const std::string& path) {
    const fs::path rule = path;
    config_.rules.push_back((rule.is_absolute() ? rule : (file_.parent_path() / rule).lexically_normal()).string());
  }

  bool TakeSet(const YAML::Node& value) {
    if (!value.IsMap()) return Wrong("set", "parameters and values, as {skew_ratio: 6}", value);
    for (const auto& entry : value) {
      if (!entry.first.IsScalar() || !entry.second.IsScalar())
        return Wrong("set", "parameters and values, as {skew_ratio: 6}", entry.second);
      config_.set.push_back({entry.first.Scalar(), entry.second.Scalar(), ".advise.yaml"});
    }
    return true;
  }

  bool TakeLevel(const YAML::Node& value) {
    if (!value.IsScalar() || !explain::ParseLevel(value.Scalar()))
      return Wrong("level", "novice, practitioner or expert", value);
    config_.level = value.Scalar();
    return true;
  }
  bool TakeFailOn(const YAML::Node& value) {
    if (!value.IsScalar() || !rules::ParseWord<rules::Severity>(value.Scalar()))
      return Wrong("fail-on", "info, low, medium, high or critical", value);
    config_.fail_on = value.Scalar();
    return true;
  }
  bool TakeTop(const YAML::Node& value) {
    int top = 0;
    const std::string text = value.IsScalar() ? value.Scalar() : "";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), top);
    if (error != std::errc() || end != text.data() + text.size() || top < 0)
      return Wrong("top", "a number of findings", value);
    config_.top = top;
    return true;
  }

  bool Wrong(const std::string& key, const std::string& wanted, const YAML::Node& value) {
    Fail("`" + key + "` wants " + wanted + LeftOut(), value.Mark().line);
    return lenient_;
  }
  [[nodiscard]] std::string LeftOut() const { return lenient_ ? ", left out" : ""; }

  fs::path file_;
  When color_;
  bool lenient_;
  Config config_;
};

}  // namespace

std::optional<fs::path> FindConfig() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error) return std::nullopt;
  for (fs::path folder = here;; folder = folder.parent_path()) {
    const fs::path file = folder / ".advise.yaml";
    // Relative where it stands in the working folder itself, so that messages do not depend on the machine.
    if (fs::exists(fs::symlink_status(file, error))) return folder == here ? fs::path(".advise.yaml") : file;
    if (!folder.has_relative_path()) return std::nullopt;
  }
}

std::optional<Config> ReadConfig(const fs::path& file, When color, bool lenient) {
  return ConfigReader(file, color, lenient).Read();
}

}  // namespace advise::cli
