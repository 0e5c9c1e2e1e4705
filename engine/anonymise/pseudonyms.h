// The names of one run and what stands for them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace advise::anonymise {

enum class NameKind : std::uint8_t {
  Application,
  AppId,
  User,
  Host,
  Path,
  Table,
  Column,
  Label,
  Group,
  Tag,
  Pool,
  File,
  Executor,
  Name
};

class Pseudonyms {
 public:
  // "host-1": the same for the same name, the next number for a new one.
  std::string For(NameKind kind, std::string_view name);
  // What stands for it already, in any kind; nullopt: it was not met.
  [[nodiscard]] std::optional<std::string> Find(std::string_view name) const;
  [[nodiscard]] bool Has(NameKind kind, std::string_view name) const { return Of(kind).contains(name); }

 private:
  using Names = std::map<std::string, std::string, std::less<>>;
  static constexpr std::size_t kKinds = 14;
  [[nodiscard]] const Names& Of(NameKind kind) const { return names_[static_cast<std::size_t>(kind)]; }
  std::array<Names, kKinds> names_;
};

}  // namespace advise::anonymise
