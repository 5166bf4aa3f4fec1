// Pre-emphasis: y[n] = x[n] - c x[n - 1] of each of `rows` signals that follow one another; y[0] = x[0].
#pragma once
#include "passes.h"

namespace spectro {

template <class S> bool preemphasis(const S* x, Index rows, Index length, double c, S* y, int threads) {
  constexpr int W = lanes<S>;
  const S factor = static_cast<S>(c);
  // One thread goes through this many values sooner than it wakes another, and waits for it.
  const Index worth_waking = Index(1) << 20;
  const bool done = for_pieces(rows * length, rows * length < worth_waking ? 1 : threads, [&](Index begin, Index end) {
    Index i = std::max<Index>(begin, 1);
    // Several at a time: a load of x that begins in the vector just stored would wait for it where x and y lie whole
    // pages apart, since processors compare the lower bits of the addresses first.
    for (; i + 4 * W <= end; i += 4 * W) {
      Vec<S> v[4];
      for (int j = 0; j < 4; j++) v[j] = load(x + i + j * W) - factor * load(x + i + j * W - 1);
      for (int j = 0; j < 4; j++) store(y + i + j * W, v[j]);
    }
    for (; i < end; i++) y[i] = x[i] - factor * x[i - 1];
  });
  for (Index row = 0; length > 0 && row < rows; row++) y[row * length] = x[row * length];
  return done;
}

}  // namespace spectro
