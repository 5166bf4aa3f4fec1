// A filterbank over spectra that are in memory already, v [batch, bins, frames] in either layout (rows.h):
//     y[band] = sum_k weight[band, k] v[k]
// Or, `centered`, with the mean m of a frame's bins apart, y[band] = sum_k weight (v[k] - m) + m sum_k weight: decibels
// of a frame share an offset that outweighs what they differ by, and sums of it would lose the last bits of that.
#pragma once
#include "filtered.h"

namespace spectro {

template <class T>
bool apply_bank(const FilterBank<T>& bank, const T* v, Layout from, Index batch, Index frames, bool centered, T* out,
                Layout to, int threads) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  const Index bins = bank.bins, bands = static_cast<Index>(bank.bands.size());
  const Index cache = 32 * 1024, most = std::clamp<Index>(cache / ((bins + bands) * Index(sizeof(V))), 1, 16);
  const Index block = most * W, blocks = ceil_div(frames, block);
  const Index products = batch * frames * static_cast<Index>(bank.weights.size()), worth_a_thread = 1 << 19;
  threads = static_cast<int>(std::min<Index>(threads, 1 + products / worth_a_thread));

  return parallel_for(batch * blocks, threads, [&](Index job) {
    const Index signal = job / blocks, first = job % blocks * block, count = std::min(block, frames - first);
    const Index groups = ceil_div(count, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin(groups * (bins + bands) * sizeof(V));
    V* spectra = memory.reserve<V>(groups * bins);
    V* sums = memory.reserve<V>(groups * bands);
    take_real<T>(v + signal * bins * frames, from, bins, frames, first, groups,
                 [&](Index g, Index k, V value) { spectra[g * bins + k] = value; });
    for (Index g = 0; g < groups; g++) {
      V *spectrum = spectra + g * bins, *sum = sums + g * bands, mean = {};
      if (centered) {
        for (Index k = 0; k < bins; k++) mean += spectrum[k];
        mean /= static_cast<T>(bins);
        for (Index k = 0; k < bins; k++) spectrum[k] -= mean;
      }
      for (Index b = 0; b < bands; b++)
        sum[b] = band_sum<T>(spectrum, bank.bands[b], bank.weights.data() + bank.bands[b].weights) + mean * bank.totals[b];
    }
    put_real<T>(out + signal * bands * frames, to, bands, frames, first, count,
                [&](Index g, Index band) { return sums[g * bands + band]; });
  });
}

}  // namespace spectro
