// mu-law companding: levels 0 .. mu of samples x in [-1, 1], the nearest to (sign(x) ln(1 + mu |x|) / ln(1 + mu) + 1) mu / 2.
#pragma once
#include <cmath>

#include "scaling.h"

namespace spectro {

template <class S> bool mu_encode(const S* x, Index count, double mu, std::int64_t* levels, int threads) {
  constexpr int W = lanes<S>;
  const Scaled<S> size({1, 1, true, mu, 1, 0, mu / 2 / std::log1p(mu), 0, -1, false});
  const S middle = static_cast<S>(mu / 2 + 0.5);
  return for_pieces(count, threads, [&](Index begin, Index end) {
    S level[64 * W];
    for (; begin < end; begin += 64 * W) {
      const Index some = std::min<Index>(64 * W, end - begin);
      map_values(x + begin, 0, some, level, [&](Vec<S> v) {
        const Bits<S> negative = (Bits<S>)(v < S(0));
        const Vec<S> y = size(select<S>(negative, -v, v));
        return select<S>(negative, -y, y) + middle;
      });
      for (Index i = 0; i < some; i++) levels[begin + i] = static_cast<std::int64_t>(level[i]);
    }
  });
}

}  // namespace spectro
