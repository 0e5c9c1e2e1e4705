// How the process asks the kernel for memory.
#pragma once

namespace advise::cli {

// Rules are tens of thousands of small pieces. With pages of 2 MiB the kernel hands out a dozen of them instead of
// seven thousand small ones, a fifth of what a small log costs. Only advice, and only for the first 32 MiB of the heap:
// nothing depends on it. To be called before anything large is allocated.
void UseLargePages();

}  // namespace advise::cli
