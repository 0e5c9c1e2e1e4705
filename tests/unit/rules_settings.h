// A handful of Spark settings for tests of the rule leg; the real catalogue is recommend/settings.def.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>

#include "rules/bind/settings.h"

namespace advise::test {

class TestSettings : public rules::SettingsCatalogue {
 public:
  [[nodiscard]] std::optional<rules::SettingType> TypeOf(std::string_view key) const override {
    const Row* row = Find(key);
    return row == nullptr ? std::nullopt : std::optional(row->type);
  }
  [[nodiscard]] std::optional<std::string_view> DefaultFor(std::string_view key, int version) const override {
    if (key == "spark.sql.adaptive.enabled") return version == 0 || version >= 32 ? "true" : "false";
    const Row* row = Find(key);
    if (row == nullptr || row->fallback.empty()) return std::nullopt;
    return row->fallback;
  }
  [[nodiscard]] std::string_view AlternativeOf(std::string_view key) const override {
    return key == "spark.excludeOnFailure.enabled" ? "spark.blacklist.enabled" : "";
  }
  [[nodiscard]] std::optional<double> ParseValue(std::string_view key, std::string_view text) const override {
    const Row* row = Find(key);
    if (row == nullptr) return std::nullopt;
    if (row->type == rules::SettingType::Bool) return text == "true" ? 1.0 : 0.0;
    char* end = nullptr;
    const std::string copy(text);
    double number = std::strtod(copy.c_str(), &end);
    const std::string unit(end);
    if (end == copy.c_str()) return std::nullopt;
    if (unit == "m") number *= 1024.0 * 1024;
    if (unit == "g") number *= 1024.0 * 1024 * 1024;
    if (unit == "s") number *= 1000;
    return number;
  }

 private:
  struct Row {
    std::string_view key;
    rules::SettingType type;
    std::string_view fallback;
  };
  static const Row* Find(std::string_view key) {
    static constexpr Row kRows[] = {
        {"spark.sql.adaptive.enabled", rules::SettingType::Bool, "true"},
        {"spark.sql.adaptive.skewJoin.enabled", rules::SettingType::Bool, "true"},
        {"spark.sql.adaptive.skewJoin.skewedPartitionFactor", rules::SettingType::Real, "5"},
        {"spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", rules::SettingType::Bytes, "256m"},
        {"spark.sql.adaptive.advisoryPartitionSizeInBytes", rules::SettingType::Bytes, "64m"},
        {"spark.sql.adaptive.coalescePartitions.initialPartitionNum", rules::SettingType::Integer, ""},
        {"spark.sql.shuffle.partitions", rules::SettingType::Integer, "200"},
        {"spark.executor.memory", rules::SettingType::Bytes, "1g"},
        {"spark.network.timeout", rules::SettingType::Time, "120s"},
        {"spark.excludeOnFailure.enabled", rules::SettingType::Bool, "false"},
        {"spark.scheduler.mode", rules::SettingType::Text, "FIFO"},
    };
    const auto* row = std::ranges::find(kRows, key, &Row::key);
    return row == std::end(kRows) ? nullptr : row;
  }
};

}  // namespace advise::test
