// Another sample rate by `up` filters that take turns, each on the samples about its own time:
//     y[n up + p] = sum_j taps[p, j] x[n down + first[p] + j],    x being zero outside its samples
// A lane is a tap: outputs lie next to each other, but the samples they read do not advance evenly.
#pragma once
#include <algorithm>

#include "simd.h"
#include "threads.h"
#include "workspace.h"

namespace spectro {

// `taps` a filter, a multiple of the lanes; those at the end may be zeros that only fill it up.
template <class S> struct Polyphase {
  Index down, up, taps;
  const Index* first;
  const S* weights;
};

template <class S>
bool polyphase(const Polyphase<S>& filter, const S* x, Index batch, Index samples, S* out, Index length, int threads) {
  constexpr int W = lanes<S>;
  const Index stretch = 8192, stretches = (length + stretch - 1) / stretch;  // outputs a job
  const auto [least, greatest] = std::minmax_element(filter.first, filter.first + filter.up);
  const Index earliest = *least, latest = *greatest + filter.taps;

  return parallel_for(batch * stretches, threads, [&](Index job) {
    const Index begin = job % stretches * stretch, end = std::min(length, begin + stretch);
    const S* signal = x + job / stretches * samples;
    // The samples that are read; at the ends of the signal, from a copy with zeros about it.
    const Index low = begin / filter.up * filter.down + earliest, high = (end - 1) / filter.up * filter.down + latest;
    const S* source = nullptr;
    if (low >= 0 && high <= samples) {
      source = signal + low;
    } else {
      Workspace& memory = Workspace::of_this_thread();
      memory.begin((high - low) * sizeof(S));
      S* copy = memory.reserve<S>(high - low);
      std::fill(copy, copy + (high - low), S(0));
      const Index from = std::clamp<Index>(low, 0, samples), to = std::clamp<Index>(high, from, samples);
      std::copy(signal + from, signal + to, copy + (from - low));
      source = copy;
    }
    Index phase = begin % filter.up, turn = begin / filter.up * filter.down - low;
    for (Index i = begin; i < end; i += W) {
      const int count = static_cast<int>(std::min<Index>(W, end - i));
      Vec<S> sums[W] = {};
      for (int l = 0; l < count; l++) {
        const S *samples_read = source + turn + filter.first[phase], *weight = filter.weights + phase * filter.taps;
        for (Index j = 0; j < filter.taps; j += W) sums[l] += load(samples_read + j) * load(weight + j);
        if (++phase == filter.up) phase = 0, turn += filter.down;
      }
      transpose<S>(sums);
      for (int step = W / 2; step > 0; step /= 2)
        for (int l = 0; l < step; l++) sums[l] += sums[l + step];
      S* y = out + job / stretches * length + i;
      if (count == W) store(y, sums[0]);
      else store_some<S>(y, sums[0], count);
    }
  });
}

}  // namespace spectro
