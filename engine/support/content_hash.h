// Whether bytes are those that were seen before, or were damaged since: a 64-bit hash, eight bytes a step. Stable over
// runs, compilers and machines; no protection against someone who means harm. For short keys: fnv_hash.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace advise {

inline std::uint64_t ContentHash(std::string_view bytes) {
  // Every step can be undone, so two texts that differ in one word never have the same hash.
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.size() - at < 8 ? bytes.size() - at : 8;
    for (std::size_t i = 0; i < size; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    }
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace advise
