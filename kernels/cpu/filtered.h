// Filtered spectrograms, from signal to log-mel without a spectrum in memory (reduced.h): every band sums its
// contiguous range of bins, and the scale is applied before the store.
//     v[band] = factor * sum_k weight[band, k] |X[k]|^power
// and the scale of scaling.h; what lies too far below the peak is lifted in a second pass.
#pragma once
#include <numeric>

#include "inverse.h"
#include "reduced.h"
#include "scaling.h"

namespace spectro {

// Weights are real, or (`parts` = 2) complex.
template <class T> struct FilterBank {
  struct Band { Index begin, end, weights; };
  FilterBank(Index bin_count, Index band_count, Index parts, const Index* begin, const Index* end, const double* all)
      : bins(bin_count) {
    Index used = 0;
    for (Index b = 0; b < band_count; b++) {
      if (begin[b] < 0 || end[b] < begin[b] || end[b] > bins) throw std::invalid_argument("band outside the spectrum");
      bands.push_back({begin[b], end[b], used});
      used += parts * (end[b] - begin[b]);
    }
    weights.assign(all, all + used);
    for (const Band& band : bands)
      totals.push_back(static_cast<T>(std::accumulate(all + band.weights, all + band.weights + band.end - band.begin, 0.0)));
  }
  Index bins;
  std::vector<Band> bands;
  std::vector<T> weights;
  std::vector<T> totals;  // of each band's (real) weights
};

// |X|^2 -> |X|^power, in place.
template <class T> void raise(Vec<T>* power, Index bins, double exponent) {
  if (exponent == 2) return;
  for (Index k = 0; k < bins; k++) {
    if (exponent == 1) power[k] = sqrt<T>(power[k]);
    else
      for (int l = 0; l < lanes<T>; l++) power[k][l] = std::pow(power[k][l], static_cast<T>(exponent / 2));
  }
}

// Four sums, so that additions need not wait for each other.
template <class T>
SPECTRO_INLINE Vec<T> band_sum(const Vec<T>* powers, const typename FilterBank<T>::Band& band, const T* weight) {
  Vec<T> s0 = {}, s1 = {}, s2 = {}, s3 = {};
  Index k = band.begin;
  for (; k + 4 <= band.end; k += 4, weight += 4) {
    s0 += powers[k] * weight[0], s1 += powers[k + 1] * weight[1];
    s2 += powers[k + 2] * weight[2], s3 += powers[k + 3] * weight[3];
  }
  for (; k < band.end; k++) s0 += powers[k] * *weight++;
  return (s0 + s1) + (s2 + s3);
}

// First all sums, then all logarithms: side by side these hide each other's latency, between sums they could not.
template <class T>
void band_values(const FilterBank<T>& bank, const Scaling& scaling, const Vec<T>* powers, Vec<T>* values) {
  const std::size_t bands = bank.bands.size();
  for (std::size_t b = 0; b < bands; b++)
    values[b] = band_sum<T>(powers, bank.bands[b], bank.weights.data() + bank.bands[b].weights) *
                static_cast<T>(scaling.factor);
  if (!scaling.logarithmic) return;
  const Scaled<T> scaled(scaling);
  for (std::size_t b = 0; b < bands; b++) values[b] = scaled(values[b]);
}

template <class T, class S>
bool filtered(const Plan<T>& plan, const FilterBank<T>& bank, const Scaling& scaling, const Signal<S>& x, Index frames,
              S* out, Layout layout, int threads) {
  const Index bands = static_cast<Index>(bank.bands.size()), parts = scaling.joint ? 1 : x.batch;
  const auto reduce = [&](Vec<T>* powers, Room<T>, Vec<T>* rows) {
    raise<T>(powers, plan.bins, scaling.power);
    band_values(bank, scaling, powers, rows);
  };
  if (!reduce_powers(plan, x, frames, bands, 0, out, layout, threads, reduce)) return false;
  if (scaling.range < 0 || parts == 0) return true;
  return limit_range(out, parts, x.batch / parts * bands * frames, static_cast<S>(scaling.range), threads);
}

// The gradient of filtered(): for each group of frames the spectrum is made again, the gradient goes back through
// scale and bands to dP[k], with P = |X|^p to
//     dX[k] = p |X|^(p-2) X[k] dP[k]           (0 where X is 0),
// and on through the adjoint of the transform. Nothing larger than a block is kept.
template <class T, class S>
bool filtered_adjoint(const Plan<T>& plan, const FilterBank<T>& bank, const Scaling& scaling, const Signal<S>& x,
                      Index frames, const S* gradient_out, Layout layout, S* gradient_in, int threads) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  const Index n = plan.n, bins = plan.bins, bands = static_cast<Index>(bank.bands.size());
  const Scaled<T> scaled(scaling);
  const Index stage_bytes = (plan.rows * plan.pitch + gather_scratch(plan)) * Index(sizeof(T)) +
                            (plan.block / W * bands + 4 * bins) * Index(sizeof(V)) + 1024;

  const auto through_group = [&](const Frames<T>& group, const V* upstream, V* values, V* buffer, V* spectrum, V* powers,
                                 V* dpowers) {
    plan.fft.run(group, buffer, KeepComplex<T>{spectrum});
    if (scaling.logarithmic) {
      for (Index k = 0; k < bins; k++)
        powers[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
      raise<T>(powers, bins, scaling.power);
    }
    std::fill(dpowers, dpowers + bins, V{});
    for (Index b = 0; b < bands; b++) {
      const auto& band = bank.bands[b];
      const T* weight = bank.weights.data() + band.weights;
      V g = upstream[b] * static_cast<T>(scaling.factor);
      if (scaling.logarithmic) {
        const V u = scaled.argument(band_sum<T>(powers, band, weight) * static_cast<T>(scaling.factor));
        const V slope = static_cast<T>(scaling.multiplier * scaling.gain) / u;
        g *= select<T>((Bits<T>)(u < scaled.floor), V{}, slope);
      }
      for (Index k = band.begin; k < band.end; k++) dpowers[k] += g * *weight++;
    }
    for (Index k = 0; k < bins; k++) {
      V re = spectrum[2 * k], im = spectrum[2 * k + 1], d = dpowers[k];
      if (scaling.power != 2) {
        V slope = re * re + im * im;
        for (int l = 0; l < W; l++)
          slope[l] = slope[l] > 0 ? std::pow(slope[l], static_cast<T>(scaling.power / 2 - 1)) : T(0);
        d *= slope;
      }
      d *= static_cast<T>(scaling.power);
      re *= d, im *= d;
      if (k == 0 || 2 * k == n) values[k] = re;
      else values[k] = (re + im) * T(0.5), values[n - k] = (re - im) * T(0.5);  // one-sided: see stft_adjoint
    }
  };

  return with_folded_padding(x, gradient_in, [&](const SignalOut<S>& out) {
    return overlap_add_frames(
        plan, frames, out, plan.adjoint_window.data(), T(1), Normalisation{false, 0}, plan.block / W, stage_bytes, threads,
        [&](Index batch, Index first, Index groups, V* values, V* buffer, Workspace& memory) {
          const Workspace::Mark mark(memory);
          T* columns = memory.reserve<T>(plan.rows * plan.pitch);
          S* scratch = memory.reserve<S>(gather_scratch(plan));
          V* upstream = memory.reserve<V>(groups * bands);
          V* spectrum = memory.reserve<V>(2 * bins);
          V* powers = memory.reserve<V>(bins);
          V* dpowers = memory.reserve<V>(bins);
          gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
          // Frames that do not exist have no upstream gradient, whatever samples they would cover.
          take_real<T>(gradient_out + batch * bands * frames, layout, bands, frames, first, groups,
                    [&](Index g, Index b, V v) { upstream[g * bands + b] = v; });
          for (Index g = 0; g < groups; g++)
            through_group(plan.frames(columns + g * W), upstream + g * bands, values + g * plan.stage_pitch, buffer, spectrum, powers,
                          dpowers);
        });
  });
}

}  // namespace spectro
