#include "golden/runners.h"

namespace advise::golden {

std::span<const Runner> Runners() {
  static constexpr Runner kRunners[] = {
      {"syntax", RunSyntaxGolden},
      {"report", RunReportGolden},
      {"page", RunPageGolden},
      {"bind", RunBindGolden},
      {"program", RunProgramGolden},
  };
  return kRunners;
}

}  // namespace advise::golden
