// From signal to a few values a frame, without a spectrum in memory: the spectra of a group of frames stay in cache,
// `reduce` makes `kept` vectors of them, and `put` writes those of a block of frames.
#pragma once
#include "stft.h"

namespace spectro {

// Keep is KeepPower or KeepComplex (stft.h).
//     reduce(spectrum, room, kept)       `spectrum` and `room` may be written on
//     put(batch, first, count, staged)   vectors staged[group * kept + i] of frames first .. first + count - 1
template <class T> struct Room {
  Vec<T>* values;  // as many vectors as were asked for
  Vec<T>* buffer;  // what the transform of a frame works in
};

template <template <class> class Keep, class T, class S, class Reduce, class Put>
bool reduce_spectra(const Plan<T>& plan, const Signal<S>& x, Index frames, Index kept, Index room, int threads,
                    const Reduce& reduce, const Put& put) {
  constexpr int W = lanes<T>;
  using V = Vec<T>;
  const Index size = Keep<T>::parts * plan.bins;
  threads = plan.useful_threads(x.batch * frames, threads);
  const Index block = plan.balanced(plan.block, frames, x.batch, threads), blocks = ceil_div(frames, block);
  return parallel_for(x.batch * blocks, threads, [&](Index job) {
    const Index batch = job / blocks, first = job % blocks * block, count = std::min(block, frames - first);
    const Index groups = ceil_div(count, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.pitch + gather_scratch(plan)) * sizeof(T) +
                 (plan.fft.buffer_vectors() + size + room + groups * kept) * sizeof(V));
    T* columns = memory.reserve<T>(plan.rows * plan.pitch);
    S* scratch = memory.reserve<S>(gather_scratch(plan));
    V* buffer = memory.reserve<V>(plan.fft.buffer_vectors());
    V* spectrum = memory.reserve<V>(size);
    const Room<T> free{memory.reserve<V>(room), buffer};
    V* staged = memory.reserve<V>(groups * kept);
    gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
    for (Index g = 0; g < groups; g++) {
      plan.fft.run(plan.frames(columns + g * W), buffer, Keep<T>{spectrum});
      reduce(spectrum, free, staged + g * kept);
    }
    put(batch, first, count, staged);
  });
}

// Real rows of powers: out [batch, rows, frames], or [batch, frames, rows].
template <class T, class S, class Out, class Reduce>
bool reduce_powers(const Plan<T>& plan, const Signal<S>& x, Index frames, Index rows, Index room, Out* out,
                   Layout layout, int threads, const Reduce& reduce) {
  return reduce_spectra<KeepPower>(plan, x, frames, rows, room, threads, reduce,
                                   [&](Index batch, Index first, Index count, const Vec<T>* staged) {
                                     put_real<T>(out + batch * rows * frames, layout, rows, frames, first, count,
                                                 [&](Index g, Index row) { return staged[g * rows + row]; });
                                   });
}

}  // namespace spectro
