// Passes over whole arrays, by all threads.
#pragma once
#include <algorithm>
#include <atomic>
#include <limits>
#include <vector>

#include "simd.h"
#include "threads.h"

namespace spectro {

inline constexpr Index values_a_piece = 1 << 15;

// Calls body(begin, end) for the pieces of 0 .. count-1.
template <class F> bool for_pieces(Index count, int threads, const F& body) {
  const Index pieces = (count + values_a_piece - 1) / values_a_piece;
  return parallel_for(pieces, pieces < 4 ? 1 : threads, [&](Index piece) {
    body(piece * values_a_piece, std::min(count, (piece + 1) * values_a_piece));
  });
}

// out[i] = f(v[i]), for a function of vectors.
template <class S, class F> SPECTRO_INLINE void map_values(const S* v, Index begin, Index end, S* out, const F& f) {
  constexpr int W = lanes<S>;
  Index i = begin;
  for (; i + W <= end; i += W) store(out + i, f(load(v + i)));
  if (const int rest = static_cast<int>(end - i)) store_some<S>(out + i, f(load_some<S>(v + i, 0, rest)), rest);
}

// The greatest of some values; NaN if one is.
template <class S> S greatest(const S* values, Index count) {
  Vec<S> most = splat<S>(-std::numeric_limits<S>::infinity());
  Bits<S> invalid = {};
  Index i = 0;
  for (; i + lanes<S> <= count; i += lanes<S>) {
    const Vec<S> v = load(values + i);
    most = select<S>((Bits<S>)(v > most), v, most);
    invalid |= (Bits<S>)(v != v);
  }
  S result = -std::numeric_limits<S>::infinity();
  bool nan = false;
  for (int l = 0; l < lanes<S>; l++) result = std::max(result, most[l]), nan |= invalid[l] != 0;
  for (; i < count; i++) result = std::max(result, values[i]), nan |= values[i] != values[i];
  return nan ? std::numeric_limits<S>::quiet_NaN() : result;
}

// Lifts values that lie more than `range` below the peak of their part; the parts follow one another.
// make(begin, end) writes a piece of the values first, so that its peak is found while it is in the cache.
template <class S, class Make>
bool limit_range(S* values, Index parts, Index count, S range, int threads, const Make& make) {
  const Index pieces = std::max<Index>(1, count / values_a_piece), size = (count + pieces - 1) / pieces;
  if (parts * count < 4 * values_a_piece) threads = 1;
  std::vector<S> peaks(parts * pieces);
  const auto each_piece = [&](const auto& body) {
    return parallel_for(parts * pieces, threads, [&](Index job) {
      const Index start = job / pieces * count, begin = std::min(count, job % pieces * size);
      body(job, start + begin, start + std::min(count, begin + size));
    });
  };
  return each_piece([&](Index job, Index begin, Index end) {
           make(begin, end);
           peaks[job] = greatest(values + begin, end - begin);
         }) &&
         each_piece([&](Index job, Index begin, Index end) {
           const S limit = greatest(peaks.data() + job / pieces * pieces, pieces) - range;
           for (Index i = begin; i < end; i++) values[i] = values[i] > limit ? values[i] : limit;
         });
}
template <class S> bool limit_range(S* values, Index parts, Index count, S range, int threads) {
  return limit_range(values, parts, count, range, threads, [](Index, Index) {});
}

// Whether no value is infinite or NaN. Then its product with 0 is 0, and otherwise NaN, which a sum keeps.
template <class S> bool all_finite(const S* values, Index count, int threads) {
  std::atomic<bool> finite{true};
  for_pieces(count, threads, [&](Index begin, Index end) {
    Vec<S> zeros[4] = {};
    Index i = begin;
    for (; i + 4 * lanes<S> <= end; i += 4 * lanes<S>)
      for (int j = 0; j < 4; j++) zeros[j] += load(values + i + j * lanes<S>) * S(0);
    S zero = 0;
    for (const Vec<S>& v : zeros)
      for (int l = 0; l < lanes<S>; l++) zero += v[l];
    for (; i < end; i++) zero += values[i] * S(0);
    if (zero != 0) finite.store(false, std::memory_order_relaxed);
  });
  return finite.load();
}

}  // namespace spectro
