// Whether bytes are those that were seen before, or were damaged since: a 64-bit hash, eight bytes a step. Stable over
// runs, compilers and machines; no protection against someone who means harm. For short keys: fnv_hash.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace advise {

// The first eight bytes, the lowest first; what is not there is zero.
inline std::uint64_t FirstWord(std::string_view bytes) {
  std::uint64_t word = 0;
  if (std::endian::native == std::endian::little && bytes.size() >= 8) {
    std::memcpy(&word, bytes.data(), 8);
    return word;
  }
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

inline std::uint64_t ContentHash(std::string_view bytes) {
  // Every step can be undone, so two texts that differ in one word never have the same hash.
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ bytes.size();
  for (; !bytes.empty(); bytes.remove_prefix(bytes.size() < 8 ? bytes.size() : 8)) {
    hash = (hash ^ FirstWord(bytes)) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace advise
