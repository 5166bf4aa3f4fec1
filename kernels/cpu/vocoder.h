// The phase vocoder: a spectrogram read at fractional frames, each bin's phase running on by what it turned in between
// (the formulas stand in spectro/spectrum/phase.py).
//
// A turn is a product of unit numbers, u_b conj(u_a), and the running phase the product of all turns so far: no angle is
// computed, and none grows. Rounding lets the product's length drift; one step of Newton's method for 1 / |r| a frame
// keeps it at 1. One lane is one bin.
#pragma once
#include "phases.h"

namespace spectro {

// Where frames lie: spectrogram [batch, bins, frames] with any strides, in complex numbers.
template <class S> struct Spectrogram {
  const S* data;
  Index batch, bins, frames, batch_stride, bin_stride, frame_stride;
};

// The steps: the frame before each, and how far on to the next one it lies.
struct Steps {
  const Index* first;
  const double* weight;
  Index count;
  bool line;  // a frame past the end goes on in a line from the last two; else it is silence
};

template <class S> class VocoderLanes {
 public:
  static constexpr int W = lanes<double>;
  using V = Vec<double>;

  VocoderLanes(const Spectrogram<S>& z, Index row, int count) : z_(z) {
    for (int l = 0; l < W; l++) {
      const Index r = row + std::min(l, count - 1);  // idle lanes repeat the last row
      base_[l] = z.data + 2 * (r / z.bins * z.batch_stride + r % z.bins * z.bin_stride);
    }
  }

  void run(const Steps& steps, S* out, int count) const {
    Polar a = read(steps.first[0], steps.line), b = read(steps.first[0] + 1, steps.line);
    V re = a.re, im = a.im;
    for (Index k = 0; k < steps.count; k++) {
      const Index i = steps.first[k];
      if (k > 0 && i != steps.first[k - 1]) {
        a = i == steps.first[k - 1] + 1 ? b : read(i, steps.line);
        b = read(i + 1, steps.line);
      }
      const V size = b.size * steps.weight[k] + a.size * (1.0 - steps.weight[k]);
      const V x = re * size, y = im * size;
      for (int l = 0; l < count; l++) {
        S* p = out + 2 * (l * steps.count + k);
        p[0] = static_cast<S>(x[l]), p[1] = static_cast<S>(y[l]);
      }
      const V turn_re = b.re * a.re + b.im * a.im, turn_im = b.im * a.re - b.re * a.im;
      const V next_re = re * turn_re - im * turn_im, next_im = re * turn_im + im * turn_re;
      const V correction = 1.5 - 0.5 * (next_re * next_re + next_im * next_im);
      re = next_re * correction, im = next_im * correction;
    }
  }

 private:
  struct Polar {
    V size, re, im;  // |z| and z / |z|
  };

  Polar read(Index i, bool line) const {
    if (i < z_.frames) return at(i);
    if (!line) return Polar{V{}, splat<double>(1), V{}};
    Polar last = at(z_.frames - 1);
    last.size = 2.0 * last.size - at(std::max<Index>(0, z_.frames - 2)).size;
    return last;
  }

  Polar at(Index i) const {
    V re, im;
    for (int l = 0; l < W; l++) {
      const S* p = base_[l] + 2 * i * z_.frame_stride;
      re[l] = p[0], im[l] = p[1];
    }
    const V size = modulus<S>(re, im);
    Polar found{size, re / size, im / size};
    for (int l = 0; l < W; l++) {
      if (size[l] > 0 && size[l] < std::numeric_limits<double>::infinity()) continue;
      const double angle = std::atan2(im[l], re[l]);  // zeros have signs, and infinities directions
      found.re[l] = std::cos(angle), found.im[l] = std::sin(angle);
    }
    return found;
  }

  const Spectrogram<S>& z_;
  const S* base_[W];
};

// out [batch, bins, steps]
template <class S> bool phase_vocoder(const Spectrogram<S>& z, const Steps& steps, S* out, int threads) {
  constexpr int W = lanes<double>;
  const Index rows = z.batch * z.bins, groups = (rows + W - 1) / W;
  if (rows * steps.count < values_a_piece) threads = 1;
  return parallel_for(groups, threads, [&](Index group) {
    const Index row = group * W;
    const int count = static_cast<int>(std::min<Index>(W, rows - row));
    VocoderLanes<S>(z, row, count).run(steps, out + 2 * row * steps.count, count);
  });
}

}  // namespace spectro
