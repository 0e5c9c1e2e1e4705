// The entry of the program.
#include <string>
#include <vector>

#include "cli/heap.h"
#include "cli/subcommand.h"

int main(int argc, char** argv) {
  advise::cli::UseLargePages();
  return advise::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
