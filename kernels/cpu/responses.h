// Responses of complex filters, given by their spectra (the constant-Q transform): for each frame and filter
//     y[band] = sum_k weight[band, k] X[k]
#pragma once
#include "filtered.h"

namespace spectro {

// Out [batch, bands, frames]. Two pairs of sums, so that additions need not wait for each other.
template <class T, class S>
bool responses(const Plan<T>& plan, const FilterBank<T>& bank, const Signal<S>& x, Index frames, S* out, int threads) {
  using V = Vec<T>;
  const Index bands = static_cast<Index>(bank.bands.size());
  return reduce_spectra<KeepComplex>(
      plan, x, frames, 2 * bands, 0, threads,
      [&](const V* spectrum, Room<T>, V* kept) {
        for (const auto& band : bank.bands) {
          const T* w = bank.weights.data() + band.weights;
          V ar = {}, ai = {}, br = {}, bi = {};
          for (Index k = band.begin; k < band.end; k++, w += 2) {
            const V re = spectrum[2 * k], im = spectrum[2 * k + 1];
            ar += re * w[0], ai += im * w[0];
            br += im * w[1], bi += re * w[1];
          }
          *kept++ = ar - br, *kept++ = ai + bi;
        }
      },
      [&](Index batch, Index first, Index count, const V* staged) {
        put_complex<T>(out + 2 * batch * bands * frames, Layout::bfn, bands, frames, first, count,
                       [&](Index g, Index band, V& re, V& im) {
                         const V* p = staged + 2 * (g * bands + band);
                         re = p[0], im = p[1];
                       });
      });
}

}  // namespace spectro
