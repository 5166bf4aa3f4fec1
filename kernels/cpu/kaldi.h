// Frames as Kaldi conditions them before the transform, one by one: x of `size` samples every `shift`, less its mean m,
//     y[j] = (x[j] - m) - c (x[j - 1] - m),   y[0] = (1 - c) (x[0] - m),   times the window, zeros up to `n_fft`
// and the energy of a frame: the sum of the squares of x - m, or of what comes out.
#pragma once
#include <algorithm>

#include "passes.h"
#include "workspace.h"

namespace spectro {

struct Conditioning {
  Index size, shift, n_fft;
  bool remove_mean, raw_energy;
  double emphasis;
};

namespace detail {
template <class S> S sum_of_lanes(Vec<S> v) {
  S sum = 0;
  for (int l = 0; l < lanes<S>; l++) sum += v[l];
  return sum;
}
template <class S, class F> S sum_over(const S* x, Index count, const F& f) {
  constexpr int W = lanes<S>;
  Vec<S> sums[2] = {};
  Index j = 0;
  for (; j + 2 * W <= count; j += 2 * W) sums[0] += f(load(x + j)), sums[1] += f(load(x + j + W));
  for (; j < count; j += W) {
    const int rest = static_cast<int>(std::min<Index>(W, count - j));
    Vec<S> v = f(load_some<S>(x + j, 0, rest));
    for (int l = rest; l < W; l++) v[l] = 0;
    sums[0] += v;
  }
  return sum_of_lanes<S>(sums[0] + sums[1]);
}
}  // namespace detail

// out [count, n_fft], energy [count].
template <class S>
bool condition(const Conditioning& how, const S* x, Index count, const S* window, S* out, S* energy, int threads) {
  constexpr int W = lanes<S>;
  const Index size = how.size, block = 32, samples_a_thread = 65536;
  const S c = static_cast<S>(how.emphasis);
  threads = static_cast<int>(std::min<Index>(threads, 1 + count * size / samples_a_thread));
  const auto squares = [&](const S* y) { return detail::sum_over(y, size, [](Vec<S> v) { return v * v; }); };

  return parallel_for((count + block - 1) / block, threads, [&](Index job) {
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((size + W) * sizeof(S));
    S* before = memory.reserve<S>(size + W) + W;  // from -1 on: what is taken off sample j, by its own rounding
    for (Index f = job * block; f < std::min(count, (job + 1) * block); f++) {
      const S* frame = x + f * how.shift;
      S* y = out + f * how.n_fft;
      const S sum = how.remove_mean ? detail::sum_over(frame, size, [](Vec<S> v) { return v; }) : S(0);
      const S mean = sum / static_cast<S>(size);
      map_values(frame, 0, size, y, [&](Vec<S> v) { return v - mean; });
      if (how.raw_energy) energy[f] = squares(y);
      map_values(y, 0, size, before, [&](Vec<S> v) { return v * c; });
      before[-1] = before[0];
      Index j = 0;
      for (; j + W <= size; j += W) store(y + j, (load(y + j) - load(before + j - 1)) * load(window + j));
      for (; j < size; j++) y[j] = (y[j] - before[j - 1]) * window[j];
      if (!how.raw_energy) energy[f] = squares(y);
      std::fill(y + size, y + how.n_fft, S(0));
    }
  });
}

}  // namespace spectro
