// FNV-1a, 64 bit: stable over runs, compilers and machines. (http://www.isthe.com/chongo/tech/comp/fnv/)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace advise {

class FnvHash {
 public:
  void Add(std::string_view text) {
    for (const char c : text) AddByte(static_cast<unsigned char>(c));
    AddByte(0);  // "ab" + "c" is not "a" + "bc"
  }
  void Add(std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) AddByte(static_cast<unsigned char>((number >> shift) & 0xffU));
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void AddByte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

// A hash as 16 lower-case digits.
inline std::string HexText(std::uint64_t hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = kDigits[(hash >> (4 * i)) & 0xfU];
  return text;
}

}  // namespace advise
