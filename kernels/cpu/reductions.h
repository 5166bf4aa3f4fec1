// Sums over frames that need no transform: energy (root mean square) and zero crossings; and the plain overlap-add.
#pragma once
#include "stft.h"

namespace spectro {

// One value a frame: `reduce(frames)` gets W frames as a function of the sample number.
template <class T, class S, class Reduce>
bool reduce_frames(const Plan<T>& plan, const Signal<S>& x, Index frames, S* out, int threads, const Reduce& reduce) {
  constexpr int W = lanes<T>;
  threads = plan.useful_threads(x.batch * frames, threads);
  const Index block = plan.balanced(plan.block, frames, x.batch, threads), blocks = ceil_div(frames, block);
  return parallel_for(x.batch * blocks, threads, [&](Index job) {
    const Index batch = job / blocks, first = job % blocks * block, count = std::min(block, frames - first);
    const Index groups = ceil_div(count, Index(W));
    Workspace& memory = Workspace::of_this_thread();
    memory.begin((plan.rows * plan.pitch + gather_scratch(plan)) * sizeof(T));
    T* columns = memory.reserve<T>(plan.rows * plan.pitch);
    S* scratch = memory.reserve<S>(gather_scratch(plan));
    gather_columns(plan, x, batch, first, groups * W + plan.overlap - 1, plan.pitch, columns, scratch);
    for (Index f = 0; f < count; f += W) {
      const Vec<T> v = reduce([&](Index s) { return load(columns + f + plan.offset[s]); });
      S* p = out + batch * frames + first + f;
      if (count - f >= W) store_as<T>(p, v);
      else store_some<T>(p, v, static_cast<int>(count - f));
    }
  });
}

// sqrt(mean x^2). Partial sums of 32 keep float's rounding from growing with the length of the frame.
template <class T, class S>
bool frame_rms(const Plan<T>& plan, const Signal<S>& x, Index frames, S* out, int threads) {
  return reduce_frames(plan, x, frames, out, threads, [&](const auto& sample) {
    Vec<T> total = {};
    for (Index s = 0; s < plan.n; s += 32) {
      Vec<T> part = {};
      for (Index i = s; i < std::min(plan.n, s + 32); i++) {
        const Vec<T> v = sample(i);
        part += v * v;
      }
      total += part;
    }
    return sqrt<T>(total / static_cast<T>(plan.n));
  });
}

// How often consecutive samples of a frame differ in sign; values within the threshold count as 0, and 0 as positive
// (or as a sign of its own, unless zero_is_positive).
template <class T, class S>
bool frame_zero_crossings(const Plan<T>& plan, const Signal<S>& x, Index frames, double threshold, bool zero_is_positive,
                          S* out, int threads) {
  return reduce_frames(plan, x, frames, out, threads, [&](const auto& sample) {
    const Vec<T> high = splat<T>(static_cast<T>(threshold)), low = -high;
    Bits<T> count = {}, was_negative = {}, was_positive = {};
    for (Index s = 0; s < plan.n; s++) {
      const Vec<T> v = sample(s);
      const Bits<T> negative = (Bits<T>)(v < low);
      const Bits<T> positive = zero_is_positive ? ~negative : (Bits<T>)(v > high);
      if (s > 0) count -= (negative ^ was_negative) | (positive ^ was_positive);  // a true lane is -1
      was_negative = negative, was_positive = positive;
    }
    return __builtin_convertvector(count, Vec<T>);
  });
}

// out[p] = sum_f frames[f, p + start - f hop], frames [batch, count, n], out [batch, length]. Parallel over stretches
// of output, each of which collects the frames that reach it.
template <class T>
bool overlap_add(const T* in, Index batch, Index count, Index n, Index hop, T* out, Index start, Index length,
                 int threads) {
  const Index stretch = std::max<Index>(16384, 4 * n), stretches = ceil_div(length, stretch);
  return parallel_for(batch * stretches, threads, [&](Index job) {
    const Index b = job / stretches, from = job % stretches * stretch, to = std::min(length, from + stretch);
    T* row = out + b * length;
    std::fill(row + from, row + to, T(0));
    const Index p0 = from + start, p1 = to + start;  // in the coordinates of the frames
    const Index first = p0 < n ? 0 : (p0 - n) / hop + 1;
    for (Index f = first; f < count && f * hop < p1; f++) {
      const T* frame = in + (b * count + f) * n;
      const Index begin = std::max(p0, f * hop), end = std::min(p1, f * hop + n);
      for (Index p = begin; p < end; p++) row[p - start] += frame[p - f * hop];
    }
  });
}

}  // namespace spectro
