// The words of rules/words.h: one list each.
#include "rules/words.h"

#include <array>

namespace advise::rules {
namespace {

using W = std::string_view;
constexpr std::array<W, 3> kLayers = {"symptom", "cause", "advice"};
constexpr std::array<W, 5> kSeverities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<W, 6> kCategories = {"", "resource", "distribution", "algorithm", "reliability", "log"};
constexpr std::array<W, 4> kGrades = {"", "low", "medium", "high"};
constexpr std::array<W, 3> kObjectives = {"", "time", "cost"};
constexpr std::array<W, 5> kStatuses = {"", "draft", "experimental", "stable", "deprecated"};
constexpr std::array<W, 4> kScopes = {"", "session", "submit", "cluster"};
constexpr std::array<W, 4> kChangeKinds = {"conf", "code", "query", "cluster"};
constexpr std::array<ChangeWord, 10> kChangeWords = {{{"code", ChangeKind::Code},
                                                      {"python", ChangeKind::Code},
                                                      {"scala", ChangeKind::Code},
                                                      {"query", ChangeKind::Query},
                                                      {"sql", ChangeKind::Query},
                                                      {"cluster", ChangeKind::Cluster},
                                                      {"infra", ChangeKind::Cluster},
                                                      {"executors", ChangeKind::Cluster},
                                                      {"nodes", ChangeKind::Cluster},
                                                      {"instances", ChangeKind::Cluster}}};

}  // namespace

template <>
std::span<const W> Words<Layer>() {
  return kLayers;
}
template <>
std::span<const W> Words<Severity>() {
  return kSeverities;
}
template <>
std::span<const W> Words<Category>() {
  return kCategories;
}
template <>
std::span<const W> Words<Grade>() {
  return kGrades;
}
template <>
std::span<const W> Words<Objective>() {
  return kObjectives;
}
template <>
std::span<const W> Words<Status>() {
  return kStatuses;
}
template <>
std::span<const W> Words<Scope>() {
  return kScopes;
}
template <>
std::span<const W> Words<ChangeKind>() {
  return kChangeKinds;
}

std::span<const ChangeWord> ChangeWords() { return kChangeWords; }

}  // namespace advise::rules
