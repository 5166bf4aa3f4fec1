// Stores past the cache. An ordinary store first reads the line it changes: where a large output is only written, that is
// as much traffic as the writing itself. Streaming stores leave it out, but only for whole, aligned lines of 64 bytes.
// A block of frames is a run in each of many rows, and rows begin anywhere; so what does not fill a line at the end of a
// run waits until the next run of that row completes it.
#pragma once
#include <algorithm>
#include <cstring>

#include "simd.h"
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace spectro {

inline constexpr Index line_bytes = 64;
// Smaller outputs stay in the cache for whoever reads them next.
inline constexpr Index worth_streaming = Index(8) << 20;

SPECTRO_INLINE void stream_line(char* to, const char* from) {  // `to` is aligned
#if defined(__AVX512F__)
  _mm512_stream_si512(reinterpret_cast<__m512i*>(to), _mm512_loadu_si512(from));
#elif defined(__AVX__)
  for (int i = 0; i < 64; i += 32)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + i), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + i)));
#elif defined(__SSE2__)
  for (int i = 0; i < 64; i += 16)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
#else
  std::memcpy(to, from, line_bytes);
#endif
}

// Writes `bytes` from `from` to `target`, one of the runs that make up a row from left to right, each but the last
// at least a line long. What is left over of a line is kept in the line before `from`, where the next run of the row finds it.
// first, last: of the runs that follow one another; their outer ends belong to others.
template <class S> SPECTRO_INLINE void stream_run(S* target, S* from, Index bytes, bool first, bool last) {
  const Index offset = reinterpret_cast<std::intptr_t>(target) & (line_bytes - 1), end = offset + bytes;
  char *run = reinterpret_cast<char*>(from), *source = run - offset, *to = reinterpret_cast<char*>(target) - offset;
  Index at = 0;
  if (first && offset > 0) {
    at = std::min(line_bytes, end);
    std::memcpy(target, from, static_cast<std::size_t>(at - offset));
  }
  for (; at + line_bytes <= end; at += line_bytes) stream_line(to + at, source + at);
  if (last) std::memcpy(to + at, source + at, static_cast<std::size_t>(end - at));
  else std::memcpy(run - line_bytes, run + bytes - line_bytes, line_bytes);
}

// Streaming stores are ordered by nothing else: call it before another thread may look.
inline void finish_streaming() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace spectro
