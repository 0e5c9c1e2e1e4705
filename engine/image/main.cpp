// advise_image DATA FILE: compiles the rule packs and templates below DATA into an image. The build runs it.
#include <cstdio>
#include <fstream>

#include "image/build_image.h"

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: advise_image DATA FILE\n", stderr);
    return 2;
  }
  const advise::Result<std::string> image = advise::BuildImage(arguments[1]);
  if (!image) {
    std::fprintf(stderr, "advise_image: %s\n", image.error().message.c_str());
    return 1;
  }
  std::ofstream file(arguments[2], std::ios::binary);
  file << *image;
  file.close();
  if (file) return 0;
  std::fprintf(stderr, "advise_image: cannot write %s\n", arguments[2]);
  return 1;
}
