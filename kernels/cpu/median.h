// Running median along one axis. The window's values stand sorted, one vector an entry, so every lane is a signal of
// its own; a step takes the oldest value d out and puts the newest value x in, without a branch:
//     e[j] = s[j] < d ? s[j] : s[j + 1]        what is left without d
//     s[j] = max(e[j-1], min(x, e[j]))         x between its neighbours
// Four operations for each value of the window, whatever the values are.
#pragma once
#include <limits>

#include "pages.h"
#include "plan.h"
#include "workspace.h"

namespace spectro {

// Beyond an end the signal is mirrored, its end value twice: d c b a | a b c d | d c b a.
inline Index mirrored_source(Index p, Index length) {
  const Index m = (p % (2 * length) + 2 * length) % (2 * length);
  return m < length ? m : 2 * length - 1 - m;
}

template <class T> SPECTRO_INLINE Vec<T> lesser(Vec<T> a, Vec<T> b) { return a < b ? a : b; }
template <class T> SPECTRO_INLINE Vec<T> greater(Vec<T> a, Vec<T> b) { return a > b ? a : b; }

// Medians of x[p - size/2 .. p - size/2 + size - 1] of a mirrored signal of `length` vectors, for p from 0 on; of an
// even number of values the upper middle one. `sorted` is scratch for `size` vectors.
template <class T> void running_median(const Vec<T>* x, Index length, Index size, Vec<T>* sorted, Vec<T>* out) {
  const Vec<T> highest = splat<T>(std::numeric_limits<T>::infinity());
  const auto at = [&](Index p) { return p >= 0 && p < length ? x[p] : x[mirrored_source(p, length)]; };
  for (Index j = 0; j < size; j++) sorted[j] = highest;
  for (Index i = 0; i < size; i++) {  // the first window, in the place of infinities
    Vec<T> carried = at(i - size / 2);
    for (Index j = 0; j <= i; j++) {
      const Vec<T> s = sorted[j];
      sorted[j] = lesser<T>(s, carried);
      carried = greater<T>(s, carried);
    }
  }
  out[0] = sorted[size / 2];
  for (Index p = 1; p < length; p++) {
    const Vec<T> oldest = at(p - 1 - size / 2), newest = at(p - size / 2 + size - 1);
    Vec<T> below = -highest, s = sorted[0];
    for (Index j = 0; j < size - 1; j++) {
      const Vec<T> next = sorted[j + 1], kept = s < oldest ? s : next;
      sorted[j] = greater<T>(below, lesser<T>(newest, kept));
      below = kept;
      s = next;
    }
    sorted[size - 1] = greater<T>(below, newest);
    out[p] = sorted[size / 2];
  }
}

// Along the middle axis of x [outer, length, inner]. Lanes are neighbours on the inner axis, or, where that is 1, rows.
template <class T>
bool median_filter(const T* x, Index outer, Index length, Index inner, Index size, T* out, int threads) {
  constexpr int W = lanes<T>;
  const bool rows = inner == 1;
  const Index signals = rows ? outer : inner, groups = ceil_div(signals, Index(W));
  claim_pages(out, outer * length * inner * static_cast<Index>(sizeof(T)), threads);
  return parallel_for(rows ? groups : outer * groups, threads, [&](Index job) {
    const Index first = job % groups * W;
    const int count = static_cast<int>(std::min<Index>(W, signals - first));
    const Index start = rows ? first * length : job / groups * length * inner + first;
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((2 * (length + W) + size) * sizeof(Vec<T>));
    Vec<T>* in = memory.reserve<Vec<T>>(length + W);
    Vec<T>* medians = memory.reserve<Vec<T>>(length + W);
    Vec<T>* sorted = memory.reserve<Vec<T>>(size);
    const T* from = x + start;
    T* to = out + start;
    if (!rows) {
      for (Index p = 0; p < length; p++)
        in[p] = count == W ? load<T>(from + p * inner) : load_some<T>(from + p * inner, 0, count);
    } else {
      for (Index p = 0; p < length; p += W) {
        const int valid = static_cast<int>(std::min<Index>(W, length - p));
        for (int l = 0; l < W; l++) {
          const T* row = from + (l < count ? l : 0) * length + p;
          in[p + l] = valid == W ? load<T>(row) : load_some<T>(row, 0, valid);
        }
        transpose<T>(in + p);
      }
    }
    running_median<T>(in, length, size, sorted, medians);
    if (!rows) {
      for (Index p = 0; p < length; p++) {
        if (count == W) store<T>(to + p * inner, medians[p]);
        else store_some<T>(to + p * inner, medians[p], count);
      }
    } else {
      for (Index p = 0; p < length; p += W) {
        const int valid = static_cast<int>(std::min<Index>(W, length - p));
        transpose<T>(medians + p);
        for (int l = 0; l < count; l++) {
          if (valid == W) store<T>(to + l * length + p, medians[p + l]);
          else store_some<T>(to + l * length + p, medians[p + l], valid);
        }
      }
    }
  });
}

}  // namespace spectro
