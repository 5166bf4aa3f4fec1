// Pre-emphasis: y[n] = x[n] - c x[n - 1] of each of `rows` signals that follow one another; y[0] = x[0].
#pragma once
#include "passes.h"

namespace spectro {

template <class S> bool preemphasis(const S* x, Index rows, Index length, double c, S* y, int threads) {
  constexpr int W = lanes<S>;
  const S factor = static_cast<S>(c);
  const bool done = for_pieces(rows * length, threads, [&](Index begin, Index end) {
    Index i = std::max<Index>(begin, 1);
    for (; i + W <= end; i += W) store(y + i, load(x + i) - factor * load(x + i - 1));
    for (; i < end; i++) y[i] = x[i] - factor * x[i - 1];
  });
  for (Index row = 0; length > 0 && row < rows; row++) y[row * length] = x[row * length];
  return done;
}

}  // namespace spectro
