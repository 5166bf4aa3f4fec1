// STFT: gather a block of columns, transform its frames group by group, each into its place in the rows. An output too
// large for the cache goes through a staging area, which is streamed out row by row (stream.h): that turns the stores of
// a group (32 or 64 bytes a bin, each in another page) into runs of 512 bytes.
#pragma once
#include "framing.h"
#include "pages.h"
#include "rows.h"
#include "stream.h"
#include "threads.h"
#include "workspace.h"

namespace spectro {

enum class Quantity : std::int32_t { complex = 0, magnitude = 1, power = 2 };

// Where a transform leaves its bins (real_fft.h): one group's vectors, bin after bin.
template <class T> struct KeepComplex {
  static constexpr Index parts = 2;  // vectors a bin
  Vec<T>* out;
  SPECTRO_INLINE void edge(Index k, Vec<T> re) const { out[2 * k] = re, out[2 * k + 1] = Vec<T>{}; }
  SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T> im) const { out[2 * k] = re, out[2 * k + 1] = im; }
};

template <class T> struct KeepPower {
  static constexpr Index parts = 1;
  Vec<T>* out;
  SPECTRO_INLINE void edge(Index k, Vec<T> re) const { out[k] = re * re; }
  SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T> im) const { out[k] = re * re + im * im; }
};

template <class S> struct SpectrumOut {
  S* data;  // complex values as pairs
  Layout layout;
  Quantity quantity;
  bool twosided;  // all n_fft bins; those above n_fft / 2 are the conjugates of those below
  // Factors of the bins 0 and n_fft/2, and of the others. They differ in the adjoint of a one-sided inverse, where
  // each inner bin stands for its conjugate too.
  double edge_scale, inner_scale;
};

// Or as they will stand in layout "bfn": a row a bin, `pitch` values apart, of which these are the group's.
template <class T, class S> struct KeepRows {
  S* out;
  Index pitch;
  T edge_scale, inner_scale;
  SPECTRO_INLINE void edge(Index k, Vec<T> re) const { put(k, re * edge_scale, Vec<T>{}); }
  SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T> im) const { put(k, re * inner_scale, im * inner_scale); }
  SPECTRO_INLINE void put(Index k, Vec<T> re, Vec<T> im) const {
    Vec<T> low, high;
    interleave<T>(re, im, low, high);
    store_as<T>(out + k * pitch, low);
    store_as<T>(out + k * pitch + lanes<T>, high);
  }
};

template <class T, class S> struct KeepRealRows {
  S* out;
  Index pitch;
  T edge_scale, inner_scale;
  bool magnitude;
  SPECTRO_INLINE void edge(Index k, Vec<T> re) const { put(k, re * re, edge_scale); }
  SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T> im) const { put(k, re * re + im * im, inner_scale); }
  SPECTRO_INLINE void put(Index k, Vec<T> power, T scale) const {
    store_as<T>(out + k * pitch, magnitude ? sqrt<T>(power) * scale : power * (scale * scale));
  }
};

// Layout "bfn".
template <class T, class S>
bool stft_rows(const Plan<T>& plan, const Signal<S>& x, Index frames, const SpectrumOut<S>& out, int threads) {
  constexpr int W = lanes<T>;
  threads = plan.useful_threads(x.batch * frames, threads);
  const Index block = plan.balanced(plan.block, frames, x.batch, threads), blocks = ceil_div(frames, block);
  const Index bins = out.twosided ? plan.n : plan.bins;
  const bool complex = out.quantity == Quantity::complex, magnitude = out.quantity == Quantity::magnitude;
  const Index parts = complex ? 2 : 1, value_bytes = parts * Index(sizeof(S)), size = x.batch * bins * frames * value_bytes;
  // Runs of a few lines are not worth their ends: large transforms have short blocks.
  const bool streamed = size >= worth_streaming && block * value_bytes >= 4 * line_bytes;
  const bool direct = !streamed && !out.twosided;
  // Before each run a line for what waits (stream.h). An odd number of lines spreads the rows over the cache.
  const Index row_bytes = (ceil_div(block * value_bytes, line_bytes) | 1) * line_bytes + 2 * line_bytes;
  const Index row_pitch = row_bytes / Index(sizeof(S));
  const T edge_scale = static_cast<T>(out.edge_scale), inner_scale = static_cast<T>(out.inner_scale);

  if (x.batch < threads) claim_pages(out.data, size, threads);
  // A job is a stretch of neighbouring blocks, so that few lines of a row are written by two jobs.
  const Index stretch = std::clamp<Index>(x.batch * blocks / (16 * threads), 1, 8), stretches = ceil_div(blocks, stretch);
  return parallel_for_apart(x.batch * stretches, threads, [&](Index job) {
    const Index batch = job / stretches, block0 = job % stretches * stretch, end = std::min(block0 + stretch, blocks);
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.pitch + gather_scratch(plan)) * sizeof(T) +
                 plan.fft.buffer_vectors() * sizeof(Vec<T>) + bins * row_bytes);
    T* columns = memory.reserve<T>(plan.rows * plan.pitch);
    S* scratch = memory.reserve<S>(gather_scratch(plan));
    Vec<T>* buffer = memory.reserve<Vec<T>>(plan.fft.buffer_vectors());
    S* staged = memory.reserve<S>(bins * row_pitch) + line_bytes / sizeof(S);
    S* target = out.data + batch * bins * frames * parts;

    for (Index b = block0; b < end; b++) {
      const Index first = b * block, count = std::min(block, frames - first), groups = ceil_div(count, Index(W));
      gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
      const Index whole = direct ? count / W : 0;  // groups that fit their place; the last may be wider than its
      for (Index g = 0; g < groups; g++) {
        const Frames<T> group = plan.frames(columns + g * W);
        S* rows = g < whole ? target + (first + g * W) * parts : staged + (g - whole) * W * parts;
        const Index pitch = g < whole ? frames * parts : row_pitch;
        if (complex) plan.fft.run(group, buffer, KeepRows<T, S>{rows, pitch, edge_scale, inner_scale});
        else plan.fft.run(group, buffer, KeepRealRows<T, S>{rows, pitch, edge_scale, inner_scale, magnitude});
      }
      if (whole == groups) continue;
      const Index done = whole * W;
      for (Index k = plan.bins; k < bins; k++) {
        const S* source = staged + (plan.n - k) * row_pitch;
        S* mirrored = staged + k * row_pitch;
        for (Index i = 0; i < (count - done) * parts; i++) mirrored[i] = complex && i % 2 == 1 ? -source[i] : source[i];
      }
      for (Index k = 0; k < bins; k++) {
        S *run = staged + k * row_pitch, *to = target + (k * frames + first + done) * parts;
        if (streamed) stream_run(to, run, count * value_bytes, b == block0, b + 1 == end);
        else std::memcpy(to, run, static_cast<std::size_t>((count - done) * value_bytes));
      }
      if (streamed) finish_streaming();
    }
  });
}

// Layout "bnf".
template <class T, class S>
bool stft_columns(const Plan<T>& plan, const Signal<S>& x, Index frames, const SpectrumOut<S>& out, int threads) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  threads = plan.useful_threads(x.batch * frames, threads);
  const Index block = plan.balanced(plan.block, frames, x.batch, threads), blocks = ceil_div(frames, block);
  const Index bins = out.twosided ? plan.n : plan.bins;
  const bool complex = out.quantity == Quantity::complex, magnitude = out.quantity == Quantity::magnitude;
  const Index staged_vectors = complex ? 2 * plan.bins : plan.bins;
  const T edge_scale = static_cast<T>(out.edge_scale), inner_scale = static_cast<T>(out.inner_scale);
  const auto scale_of = [&](Index k) { return k == 0 || 2 * k == plan.n ? edge_scale : inner_scale; };
  return parallel_for_apart(x.batch * blocks, threads, [&](Index job) {
    const Index batch = job / blocks, first = job % blocks * block, count = std::min(block, frames - first);
    const Index groups = ceil_div(count, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.pitch + gather_scratch(plan)) * sizeof(T) +
                 (plan.fft.buffer_vectors() + staged_vectors) * sizeof(V));
    T* columns = memory.reserve<T>(plan.rows * plan.pitch);
    S* scratch = memory.reserve<S>(gather_scratch(plan));
    V* buffer = memory.reserve<V>(plan.fft.buffer_vectors());
    V* staged = memory.reserve<V>(staged_vectors);
    S* target = out.data + batch * bins * frames * (complex ? 2 : 1);

    gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
    for (Index g = 0; g < groups; g++) {
      const Frames<T> group = plan.frames(columns + g * W);
      const Index frame = first + g * W, those = std::min<Index>(W, count - g * W);
      if (complex) {
        plan.fft.run(group, buffer, KeepComplex<T>{staged});
        put_complex<T>(target, Layout::bnf, bins, frames, frame, those, [&](Index, Index k, V& re, V& im) {
          const bool mirrored = k >= plan.bins;
          const Index source = mirrored ? plan.n - k : k;
          const T scale = scale_of(source);
          re = staged[2 * source] * scale, im = staged[2 * source + 1] * (mirrored ? -scale : scale);
        });
      } else {
        plan.fft.run(group, buffer, KeepPower<T>{staged});
        put_real<T>(target, Layout::bnf, bins, frames, frame, those, [&](Index, Index k) {
          const Index source = k >= plan.bins ? plan.n - k : k;
          const T scale = scale_of(source);
          return magnitude ? sqrt<T>(staged[source]) * scale : staged[source] * (scale * scale);
        });
      }
    }
  });
}

template <class T, class S>
bool stft(const Plan<T>& plan, const Signal<S>& x, Index frames, const SpectrumOut<S>& out, int threads) {
  return out.layout == Layout::bfn ? stft_rows(plan, x, frames, out, threads)
                                   : stft_columns(plan, x, frames, out, threads);
}

}  // namespace spectro
