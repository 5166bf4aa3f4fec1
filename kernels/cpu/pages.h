// First use of large outputs. Fresh memory has no pages yet: each is found and zeroed when first written, in pieces of
// up to 2 MB. In layout "bfn" the blocks of one signal that two threads work on lie in the same rows, so both would come
// to a new page at the same moment, both would zero 2 MB, and one of the two would be thrown away. Taking the pages
// beforehand, every thread its own, zeroes each once. (Threads with signals of their own do better without: they write
// to a page while it is still in the cache from being zeroed.)
#pragma once
#include <algorithm>

#include "threads.h"

namespace spectro {

inline void claim_pages(void* memory, std::int64_t bytes, int threads) {
  constexpr std::int64_t page = 4096, huge = std::int64_t(2) << 20;
  if (threads < 2 || bytes < 2 * huge) return;
  const std::int64_t begin = reinterpret_cast<std::intptr_t>(memory), end = begin + bytes, first = begin / huge;
  parallel_for((end - 1) / huge - first + 1, threads, [&](std::int64_t job) {
    const std::int64_t from = std::max<std::int64_t>(begin, (first + job) * huge);
    const std::int64_t to = std::min<std::int64_t>(end, (first + job + 1) * huge);
    for (std::int64_t at = from; at < to; at = (at / page + 1) * page) *reinterpret_cast<volatile char*>(at) = 0;
  });
}

}  // namespace spectro
