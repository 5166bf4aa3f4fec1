// From signal to a few rows a frame, without a spectrum in memory: the powers of a group of frames stay in cache,
// `reduce` makes `rows` vectors of them, and only those are written.
#pragma once
#include "stft.h"

namespace spectro {

// `reduce(powers, room, rows)` reads one vector of |X|^2 per bin and fills `rows`; it may use both `powers` and the
// `room` of as many vectors.
template <class T, class S, class Out, class Reduce>
bool reduce_spectra(const Plan<T>& plan, const Signal<S>& x, Index frames, Index rows, Out* out, Layout layout,
                    int threads, const Reduce& reduce) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  threads = plan.useful_threads(x.batch * frames, threads);
  const Index block = plan.balanced(plan.block, frames, x.batch, threads), blocks = ceil_div(frames, block);
  return parallel_for(x.batch * blocks, threads, [&](Index job) {
    const Index batch = job / blocks, first = job % blocks * block, count = std::min(block, frames - first);
    const Index groups = ceil_div(count, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.pitch + gather_scratch(plan)) * sizeof(T) +
                 (plan.fft.buffer_vectors() + 2 * plan.bins + groups * rows) * sizeof(V));
    T* columns = memory.reserve<T>(plan.rows * plan.pitch);
    S* scratch = memory.reserve<S>(gather_scratch(plan));
    V* buffer = memory.reserve<V>(plan.fft.buffer_vectors());
    V* powers = memory.reserve<V>(plan.bins);
    V* room = memory.reserve<V>(plan.bins);
    V* staged = memory.reserve<V>(groups * rows);
    gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
    for (Index g = 0; g < groups; g++) {
      plan.fft.run(plan.frames(columns + g * W), buffer, KeepPower<T>{powers});
      reduce(powers, room, staged + g * rows);
    }
    put_real<T>(out + batch * rows * frames, layout, rows, frames, first, count,
                [&](Index g, Index row) { return staged[g * rows + row]; });
  });
}

}  // namespace spectro
