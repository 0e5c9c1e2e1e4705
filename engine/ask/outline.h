// Texts that hang on each other, drawn as a tree of lines within a width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace advise::ask {

struct Outline {
  std::string text{};
  std::string right{};  // at the end of its line, if there is room: a place in a file
  std::vector<Outline> under{};

  Outline& Add(std::string line, std::string place = {}) {
    under.push_back({std::move(line), std::move(place), {}});
    return under.back();
  }
};

// What is under the root; the root's own text stands above without a branch. Ends with a line end. `utf8` false: the
// branches are ASCII, and so are characters that the page has stand-ins for.
std::string Draw(const Outline& root, std::size_t width, bool utf8);

}  // namespace advise::ask
