// Overlap-add of transformed frames: the inverse STFT, and the adjoint of the STFT. They are the same loop and differ
// in the weights of the bins, in the window's factor and in the division by the envelope.
//
// A job makes some columns of output (plan.h) from all frames that meet there, adding them up in a transposed block
// of its own; so no two jobs write to one place. Groups begin at multiples of W whatever the block, so that sums are
// taken in one order and do not depend on the number of threads.
#pragma once
#include <limits>

#include "framing.h"
#include "rows.h"
#include "threads.h"
#include "workspace.h"

namespace spectro {

// Where the samples of the padded signal go. Adjoints want the paddings as well, to fold them back.
template <class S> struct SignalOut {
  S* data;              // [batch, length], from padded position `start` on
  Index batch, length, start;
  S* head = nullptr;    // [batch, start], if wanted
  S* tail = nullptr;    // [batch, tail_length], what follows
  Index tail_length = 0;
};

struct Normalisation {
  bool wanted;
  double floor;  // where the envelope is not above it, the sum is left as it is
};

// scale / (sum of the squared windows of the frames that cover a sample), for the samples of one column.
template <class T>
void column_factors(const Plan<T>& plan, Index frames, Index column, double scale, double floor, T* out) {
  constexpr Index step = 256;
  double envelope[step];
  for (Index r0 = 0; r0 < plan.hop; r0 += step) {
    const Index count = std::min(step, plan.hop - r0);
    std::fill(envelope, envelope + count, 0.0);
    for (Index q = 0; q < plan.overlap; q++) {
      if (column - q < 0 || column - q >= frames) continue;
      const double* window = plan.window.data() + q * plan.hop + r0;
      const Index covered = std::min(count, plan.n - q * plan.hop - r0);
      for (Index r = 0; r < covered; r++) envelope[r] += window[r] * window[r];
    }
    for (Index r = 0; r < count; r++)
      out[r0 + r] = static_cast<T>(envelope[r] > floor ? scale / envelope[r] : scale);
  }
}
// The same for a column that has all its frames, as all but those near the ends do.
template <class T> std::vector<T> inner_factors(const Plan<T>& plan, double scale, double floor) {
  std::vector<T> out(plan.hop);
  column_factors(plan, 2 * plan.overlap, plan.overlap, scale, floor, out.data());
  return out;
}

// 1 / envelope for the positions start .. start + length - 1 of the padded signal.
template <class T, class S>
void reciprocal_envelope(const Plan<T>& plan, Index frames, Index start, Index length, double floor, S* out) {
  const std::vector<T> inner = inner_factors(plan, 1.0, floor);
  std::vector<T> outer(plan.hop);
  for (Index done = 0; done < length;) {
    const Index column = (start + done) / plan.hop, r = (start + done) % plan.hop;
    const Index count = std::min(plan.hop - r, length - done);
    const bool whole = column >= plan.overlap - 1 && column < frames;
    if (!whole) column_factors(plan, frames, column, 1.0, floor, outer.data());
    std::copy_n((whole ? inner : outer).data() + r, count, out + done);
    done += count;
  }
}

// The samples of a frame, from the transform of r (real_fft.h).
template <class T> struct KeepSamples {
  Vec<T>* out;
  Index n;
  SPECTRO_INLINE void edge(Index k, Vec<T> re) const { out[k] = re; }
  SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T> im) const { out[k] = re + im, out[n - k] = re - im; }
};

// Adds W windowed frames to the block. Samples q hop + r, q = 0, 1, .. go to overlapping, shifted vectors of row r;
// in the order of s these come far apart, and no load has to wait for a store that covers it in part.
template <class T> void add_frames(const Plan<T>& plan, const Vec<T>* samples, const T* window, T* sums) {
  for (Index s = 0; s < plan.n; s++) {
    T* p = sums + plan.inverse_offset[s];
    store(p, load(p) + samples[s] * window[s]);
  }
}

// W columns of the block one after the other, times `factor` (none: 1), each `hop` samples long.
template <class T, class S> void take_columns(const Plan<T>& plan, const T* sums, const T* factor, S* out) {
  constexpr int W = lanes<T>;
  Index r = 0;
  for (; r + W <= plan.rows; r += W) {
    Vec<T> square[W];
    for (int l = 0; l < W; l++) square[l] = load(sums + (r + l) * plan.inverse_pitch) * (factor ? factor[r + l] : T(1));
    transpose<T>(square);
    for (int l = 0; l < W; l++) store_as<T>(out + l * plan.hop + r, square[l]);
  }
  for (; r < plan.hop; r++)
    for (int l = 0; l < W; l++)
      out[l * plan.hop + r] =
          r < plan.rows ? static_cast<S>(sums[r * plan.inverse_pitch + l] * (factor ? factor[r] : T(1))) : S(0);
}

// `stage(batch, first, groups, values)` fills, for groups of W frames from `first` on (some may not exist and must be
// zeros), the n vectors r[k] = A[k] + B[k] of each, plan.stage_pitch apart (real_fft.h): for `together` groups at once.
template <class T, class S, class Stage>
bool overlap_add_frames(const Plan<T>& plan, Index frames, const SignalOut<S>& out, const T* window, T scale,
                        Normalisation normalise, Index together, Index stage_bytes, int threads, const Stage& stage) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  const Index first_column = out.head ? 0 : out.start / plan.hop;
  const Index end_column = ceil_div(out.start + out.length + out.tail_length, plan.hop);
  const Index all_columns = end_column - first_column;
  if (all_columns <= 0) return true;
  threads = plan.useful_threads(out.batch * frames, threads);
  const Index block = plan.balanced(plan.inverse_block, all_columns, out.batch, threads);
  const Index blocks = ceil_div(all_columns, block);
  const Index margin = plan.overlap - 1;

  const std::vector<T> inner = normalise.wanted ? inner_factors(plan, static_cast<double>(scale), normalise.floor)
                                                : std::vector<T>(plan.hop, scale);

  return parallel_for(out.batch * blocks, threads, [&](Index job) {
    const Index batch = job / blocks, column0 = first_column + job % blocks * block;
    const Index columns = std::min(block, end_column - column0);
    const Index frame0 = (column0 - margin + round_up(margin, W)) / W * W - round_up(margin, W);
    const Index left = column0 - frame0;  // columns of the block before the wanted ones
    const Index groups = ceil_div(left + columns, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.inverse_pitch + (W + 1) * plan.hop) * sizeof(T) + stage_bytes +
                 (plan.fft.buffer_vectors() + together * plan.stage_pitch) * sizeof(V));
    T* sums = memory.reserve<T>(plan.rows * plan.inverse_pitch);
    V* buffer = memory.reserve<V>(plan.fft.buffer_vectors());
    V* values = memory.reserve<V>(together * plan.stage_pitch);
    T* edge = memory.reserve<T>(W * plan.hop);
    T* edge_factors = memory.reserve<T>(plan.hop);
    const Index touched = std::min(plan.inverse_pitch, groups * W + plan.overlap + W);
    for (Index r = 0; r < plan.rows; r++) std::fill_n(sums + r * plan.inverse_pitch, touched, T(0));

    for (Index g = 0; g < groups; g += together) {
      const Index some = std::min(together, groups - g), first = frame0 + g * W;
      if (first + some * W <= 0 || first >= frames) continue;
      stage(batch, first, some, values, buffer, memory);
      for (Index i = 0; i < some; i++) {
        V* frame = values + i * plan.stage_pitch;  // once read it is free to hold the result
        plan.fft.run(plan.staged(reinterpret_cast<const T*>(frame)), buffer, KeepSamples<T>{frame, plan.n});
        add_frames(plan, frame, window, sums + (g + i) * W);
      }
    }

    S* row = out.data + batch * out.length;
    for (Index c = 0; c < columns; c += W) {
      const Index column = column0 + c, at = column * plan.hop - out.start;
      const bool whole = column >= margin && column + W <= frames;
      if (whole && c + W <= columns && at >= 0 && at + W * plan.hop <= out.length) {
        take_columns(plan, sums + left + c, inner.data(), row + at);
        continue;
      }
      take_columns<T>(plan, sums + left + c, static_cast<const T*>(nullptr), edge);
      for (Index l = 0; l < std::min<Index>(W, columns - c); l++) {
        const bool inside = column + l >= margin && column + l < frames;
        if (normalise.wanted && !inside)
          column_factors(plan, frames, column + l, static_cast<double>(scale), normalise.floor, edge_factors);
        const T* factor = normalise.wanted && !inside ? edge_factors : inner.data();
        const T* y = edge + l * plan.hop;
        const Index begin = at + l * plan.hop;
        const Index head = std::clamp<Index>(-begin, 0, plan.hop);               // samples before the output,
        const Index body = std::clamp<Index>(out.length - begin, head, plan.hop);  // and where it ends
        const Index tail = std::clamp<Index>(out.length + out.tail_length - begin, body, plan.hop);
        if (out.head)
          for (Index r = 0; r < head; r++) out.head[batch * out.start + out.start + begin + r] = static_cast<S>(y[r] * factor[r]);
        for (Index r = head; r < body; r++) row[begin + r] = static_cast<S>(y[r] * factor[r]);
        for (Index r = body; r < tail; r++)
          out.tail[batch * out.tail_length + begin + r - out.length] = static_cast<S>(y[r] * factor[r]);
      }
    }
  });
}

enum class Sides : std::int32_t {
  one = 0,        // n/2 + 1 bins
  two = 1,        // n bins; the real part of their inverse transform
  two_lower = 2,  // n bins in memory of which only the first n/2 + 1 are read
};

template <class S> struct SpectrumIn {
  const S* data;
  Index frames;
  Layout layout;
  Sides sides;
  double edge_scale, inner_scale;  // of the bins 0 and n/2, and of the others
};

template <class T, class S>
bool inverse(const Plan<T>& plan, const SpectrumIn<S>& in, const SignalOut<S>& out, const T* window, T scale,
             Normalisation normalise, int threads) {
  using V = Vec<T>;
  const Index n = plan.n, stored = in.sides == Sides::one ? plan.bins : n;
  const T edge_scale = static_cast<T>(in.edge_scale), inner_scale = static_cast<T>(in.inner_scale);
  // In "bfn" the frames of a group are a line in each of many rows: where these must come from memory, it pays to read
  // on, four lines at least. From the cache, and in "bnf", a group at a time stays in the cache until it is added.
  const Index in_cache = 512 * 1024, bytes = out.batch * in.frames * stored * 2 * Index(sizeof(S));
  const Index together = in.layout == Layout::bfn && bytes > in_cache ? std::max<Index>(4, plan.block / lanes<T>) : 1;
  return overlap_add_frames(
      plan, in.frames, out, window, scale, normalise, together, 0, threads,
      [&](Index batch, Index first, Index groups, V* values, V*, Workspace&) {
        const S* data = in.data + 2 * batch * stored * in.frames;
        if (in.sides != Sides::two) {
          take_complex<T>(data, in.layout, stored, plan.bins, in.frames, first, groups,
                       [&](Index g, Index k, V re, V im) {
                         V* r = values + g * plan.stage_pitch;
                         if (k == 0 || 2 * k == n) {
                           r[k] = re * edge_scale;
                         } else {
                           re *= inner_scale, im *= inner_scale;
                           r[k] = re + im, r[n - k] = re - im;
                         }
                       });
          return;
        }
        // The real part keeps the Hermitian half of X: A'[k] = (A[k] + A[n-k]) / 2, B'[k] = (B[k] - B[n-k]) / 2.
        std::fill(values, values + groups * plan.stage_pitch, V{});
        take_complex<T>(data, in.layout, n, n, in.frames, first, groups, [&](Index g, Index k, V re, V im) {
          V* r = values + g * plan.stage_pitch;
          if (k == 0 || 2 * k == n) {
            r[k] += re * edge_scale;
          } else {
            const T half = inner_scale / 2;
            r[k] += (re + im) * half, r[n - k] += (re - im) * half;
          }
        });
      });
}

template <class S> void fold_padding(const Signal<S>& x, S* gradient, const S* head, const S* tail) {
  for (Index b = 0; b < x.batch; b++) {
    add_padded(x, gradient + b * x.length, -x.pad_left, x.pad_left, head + b * x.pad_left);
    add_padded(x, gradient + b * x.length, x.length, x.pad_right, tail + b * x.pad_right);
  }
}

// Runs make(out) with an output that collects the paddings, then folds them. `x` describes the forward call.
template <class S, class Make> bool with_folded_padding(const Signal<S>& x, S* gradient, const Make& make) {
  std::vector<S> head(x.batch * x.pad_left + 1), tail(x.batch * x.pad_right + 1);
  SignalOut<S> out{gradient, x.batch, x.length, x.pad_left, head.data(), tail.data(), x.pad_right};
  if (!make(out)) return false;
  fold_padding(x, gradient, head.data(), tail.data());
  return true;
}

// The adjoint of stft() with complex output. One-sided: <X, Y> sums over the stored bins only, so an inner bin is
// not counted twice, as it would be in an inverse transform: it gets half the weight.
template <class T, class S>
bool stft_adjoint(const Plan<T>& plan, const SpectrumIn<S>& in, const Signal<S>& x, S* gradient, int threads) {
  return with_folded_padding(x, gradient, [&](const SignalOut<S>& out) {
    return inverse(plan, in, out, plan.adjoint_window.data(), T(1), Normalisation{false, 0}, threads);
  });
}

}  // namespace spectro
