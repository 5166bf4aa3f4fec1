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

SPECTRO_INLINE void stream_line(char* to, const char* from) {  // both aligned
#if defined(__AVX512F__)
  _mm512_stream_si512(reinterpret_cast<__m512i*>(to), *reinterpret_cast<const __m512i*>(from));
#elif defined(__AVX__)
  for (int i = 0; i < 64; i += 32)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + i), *reinterpret_cast<const __m256i*>(from + i));
#elif defined(__SSE2__)
  for (int i = 0; i < 64; i += 16)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), *reinterpret_cast<const __m128i*>(from + i));
#else
  std::memcpy(to, from, line_bytes);
#endif
}

// Rows written from left to right, in runs of at least a line each but for the last.
class StreamedRows {
 public:
  // `waiting`: one line per row, aligned; most_bytes: of a run; first, last: of the runs that follow one another.
  StreamedRows(char* waiting, bool first, bool last) : waiting_(waiting), first_(first), last_(last) {}

  // Writes `bytes` to `target`, a place in row k. `make(p)` puts them at p.
  template <Index most_bytes, class Make> SPECTRO_INLINE void put(Index k, void* target, Index bytes, const Make& make) {
    alignas(line_bytes) char buffer[most_bytes + 2 * line_bytes];
    const Index offset = reinterpret_cast<std::intptr_t>(target) & (line_bytes - 1);
    char* to = static_cast<char*>(target) - offset;
    std::memcpy(buffer, waiting_ + k * line_bytes, line_bytes);
    make(buffer + offset);
    const Index end = offset + bytes, whole = end & -line_bytes;
    Index at = first_ ? offset : 0;  // what is before belongs to others
    if (at > 0 && whole > 0) {
      std::memcpy(to + at, buffer + at, static_cast<std::size_t>(line_bytes - at));
      at = line_bytes;
    }
    for (; at < whole; at += line_bytes) stream_line(to + at, buffer + at);
    if (last_) std::memcpy(to + at, buffer + at, static_cast<std::size_t>(end - at));
    else std::memcpy(waiting_ + k * line_bytes, buffer + whole, line_bytes);
  }

  // Streaming stores are ordered by nothing else: call it before another thread may look.
  static void finish() {
#if defined(__SSE2__)
    _mm_sfence();
#endif
  }

 private:
  char* waiting_;
  bool first_, last_;
};

}  // namespace spectro
