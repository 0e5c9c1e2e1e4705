// advise_cut_probe CUTS SEED LOG…: cuts each file at CUTS random bytes (SEED makes them repeatable) and reads every
// piece, in one process: it must give a model or a clear error, never a crash. Run it under the address sanitizer.
// Prints one line a log.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "ingest/ingest.h"

namespace {

using namespace advise;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// true: a model; false: an error with a message.
bool ReadPiece(const std::string& path) {
  const auto logs = ingest::FindLogs(path, Limits());
  if (!logs) {
    if (logs.error().message.empty()) std::abort();
    return false;
  }
  bool any = false;
  for (const ingest::LogInput& log : *logs) {
    const auto run = ingest::Ingest(log, ingest::IngestOptions());
    if (!run && run.error().message.empty()) std::abort();
    any |= run.has_value();
  }
  return any;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: advise_cut_probe CUTS SEED LOG...\n");
    return 2;
  }
  const int cuts = std::atoi(argv[1]);
  std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
  const std::filesystem::path piece =
      std::filesystem::temp_directory_path() / ("advise_cut_" + std::to_string(getpid()));
  for (int i = 3; i < argc; ++i) {
    const std::string bytes = ReadFile(argv[i]);
    if (bytes.empty()) continue;
    int models = 0;
    int errors = 0;
    for (int cut = 0; cut < cuts; ++cut) {
      std::ofstream(piece, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(random() % bytes.size()));
      if (ReadPiece(piece.string()))
        ++models;
      else
        ++errors;
    }
    std::printf("%s: %d cuts, %d models, %d errors\n", std::filesystem::path(argv[i]).filename().c_str(), cuts, models,
                errors);
  }
  std::error_code ignored;
  std::filesystem::remove(piece, ignored);
  return 0;
}
