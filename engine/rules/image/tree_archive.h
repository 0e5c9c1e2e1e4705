// Trees of plain structs to bytes and back. A struct is told by a row `kFields<Struct> = count`: a wrong count does not
// compile, so no field can be forgotten. Only for rules/image/*.cpp and explain/template_bytes.cpp, which have the
// rows.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "support/source.h"

namespace advise::rules {

// How many fields a struct has, and how many enumerators an enum.
template <class Struct>
inline constexpr int kFields = 0;
template <class Enum>
inline constexpr unsigned kEnumerators = 0;

// Structs inside each other; a tree of a text that the parser takes has a fraction of it.
inline constexpr int kMostNested = 2000;

template <int count, class Struct>
auto Tie(Struct& s) {
  static_assert(count >= 1 && count <= 13, "a row of kFields is missing, or Tie has to learn this count");
  if constexpr (count == 1) {
    auto& [a] = s;
    return std::tie(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = s;
    return std::tie(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = s;
    return std::tie(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = s;
    return std::tie(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = s;
    return std::tie(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = s;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = s;
    return std::tie(a, b, c, d, e, f, g);
  } else {
    static_assert(count == 13, "Tie has to learn this count");
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = s;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
  }
}

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsPointer : std::false_type {};
template <class T>
struct IsPointer<std::unique_ptr<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};
template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};

class TreeWriter {
 public:
  template <class T>
  void Put(const T& value) {
    if constexpr (std::same_as<T, std::string>) {
      Number(value.size());
      bytes_ += value;
    } else if constexpr (std::same_as<T, SourceId>) {
      // of the text that the tree is read for
    } else if constexpr (std::same_as<T, SourceSpan>) {
      Number(value.valid() ? std::uint64_t{value.begin} + 1 : 0);
      if (value.valid()) Number(value.end - value.begin);
    } else if constexpr (std::same_as<T, double>) {
      const auto word = std::bit_cast<std::uint64_t>(value);
      for (unsigned shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>((word >> shift) & 0xffU);
    } else if constexpr (std::is_enum_v<T>) {
      static_assert(kEnumerators<T> > 0, "a row of kEnumerators is missing");
      Number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::integral<T>) {
      Number(static_cast<std::uint64_t>(value));  // negative ones come back by the same cast
    } else if constexpr (IsVector<T>::value) {
      Number(value.size());
      for (const auto& element : value) Put(element);
    } else if constexpr (IsOptional<T>::value || IsPointer<T>::value) {
      Number(value ? 1 : 0);
      if (value) Put(*value);
    } else if constexpr (IsPair<T>::value) {
      Put(value.first);
      Put(value.second);
    } else if constexpr (IsVariant<T>::value) {
      Number(value.index());
      std::visit([this](const auto& alternative) { this->Put(alternative); }, value);
    } else {
      PutFields(value);
    }
  }

  template <class Struct>
  void PutFields(const Struct& value) {
    if (++nested_ > kMostNested) too_deep_ = true;
    std::apply([this](const auto&... field) { (this->Put(field), ...); }, Tie<kFields<Struct>>(value));
    --nested_;
  }

  // Empty: it nests too deep to be read again.
  [[nodiscard]] std::string Take() { return too_deep_ ? std::string() : std::move(bytes_); }

 private:
  // Seven bits a byte, the lowest first.
  void Number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>((number & 0x7fU) | 0x80U);
    bytes_ += static_cast<char>(number);
  }

  std::string bytes_;
  int nested_ = 0;
  bool too_deep_ = false;
};

// Reads nothing behind the end of the bytes and keeps no number that its type does not have, whatever the bytes are.
class TreeReader {
 public:
  // Spans come out as places of this source.
  TreeReader(std::string_view bytes, SourceId source) : rest_(bytes), source_(source) {}

  template <class T>
  void Get(T& value) {
    if (failed_) return;
    if constexpr (std::same_as<T, std::string>) {
      const std::uint64_t size = Number();
      if (size > rest_.size()) return Fail();
      value.assign(rest_.substr(0, size));
      rest_.remove_prefix(size);
    } else if constexpr (std::same_as<T, SourceId>) {
      value = source_;
    } else if constexpr (std::same_as<T, SourceSpan>) {
      const std::uint64_t begin = Number();
      if (begin == 0) return;
      const std::uint64_t end = begin - 1 + Number();
      if (end > UINT32_MAX || begin - 1 > end) return Fail();
      value = {source_, static_cast<std::uint32_t>(begin - 1), static_cast<std::uint32_t>(end)};
    } else if constexpr (std::same_as<T, double>) {
      if (rest_.size() < 8) return Fail();
      std::uint64_t word = 0;
      for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
      value = std::bit_cast<double>(word);
      rest_.remove_prefix(8);
    } else if constexpr (std::is_enum_v<T>) {
      const std::uint64_t number = Number();
      if (number >= kEnumerators<T>) return Fail();
      value = static_cast<T>(number);
    } else if constexpr (std::same_as<T, bool>) {
      value = Flag();
    } else if constexpr (std::integral<T>) {
      value = static_cast<T>(Number());
    } else if constexpr (IsVector<T>::value) {
      const std::uint64_t size = Number();
      if (size > rest_.size()) return Fail();  // each takes a byte at least
      value.reserve(std::min<std::uint64_t>(size, 1024));
      for (std::uint64_t i = 0; i < size && !failed_; ++i) Get(value.emplace_back());
    } else if constexpr (IsOptional<T>::value) {
      if (Flag()) Get(value.emplace());
    } else if constexpr (IsPointer<T>::value) {
      if (!Flag()) return;
      value = std::make_unique<typename T::element_type>();
      Get(*value);
    } else if constexpr (IsPair<T>::value) {
      Get(value.first);
      Get(value.second);
    } else if constexpr (IsVariant<T>::value) {
      Alternative(value, Number(), std::make_index_sequence<std::variant_size_v<T>>());
    } else {
      GetFields(value);
    }
  }

  template <class Struct>
  void GetFields(Struct& value) {
    if (++nested_ > kMostNested) return Fail();
    std::apply([this](auto&... field) { (this->Get(field), ...); }, Tie<kFields<Struct>>(value));
    --nested_;
  }

  // Everything was there, and nothing is left.
  [[nodiscard]] bool Done() const { return !failed_ && rest_.empty(); }

 private:
  void Fail() { failed_ = true; }

  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return number;
    }
    Fail();
    return 0;
  }
  bool Flag() {
    const std::uint64_t flag = Number();
    if (flag > 1) Fail();
    return flag == 1 && !failed_;
  }

  template <class Variant, std::size_t... index>
  void Alternative(Variant& value, std::uint64_t wanted, std::index_sequence<index...> /*all*/) {
    const bool known = ((wanted == index && (Get(value.template emplace<index>()), true)) || ...);
    if (!known) Fail();
  }

  std::string_view rest_;
  SourceId source_;
  int nested_ = 0;
  bool failed_ = false;
};

}  // namespace advise::rules
