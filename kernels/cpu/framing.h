// From signal to transposed block (plan.h). Padding exists only as arithmetic on indices, and only in the columns
// that touch an edge: the padded signal is never made.
#pragma once
#include <algorithm>

#include "plan.h"

namespace spectro {

enum class Pad : std::int32_t { constant = 0, reflect = 1, edge = 2, wrap = 3 };

template <class S> struct Signal {  // [batch, length], rows `stride` elements apart
  const S* data;
  Index batch, length, stride;
  Index pad_left, pad_right;
  Pad mode;
};

// A stretch of the padded signal that walks through the signal forwards (step 1), backwards (-1) or not at all (0).
struct Run {
  Index source, step, count;
};
inline constexpr Index silence = -1;  // as a source

// The run that begins at position p, no longer than `most`. Pads longer than the signal go on reflecting or wrapping.
template <class S> Run run_at(const Signal<S>& x, Index p, Index most) {
  const Index length = x.length, begin = -x.pad_left, end = length + x.pad_right;
  const auto until = [&](Index place) { return std::min(most, place - p); };
  if (p >= 0 && p < length) return {p, 1, until(length)};
  if (p < begin) return {silence, 0, until(begin)};
  if (p >= end) return {silence, 0, most};
  const Index border = p < 0 ? 0 : end;
  if (length == 0 || x.mode == Pad::constant) return {silence, 0, until(border)};
  if (x.mode == Pad::edge || length == 1) return {p < 0 ? 0 : length - 1, 0, until(border)};
  const Index period = x.mode == Pad::wrap ? length : 2 * (length - 1), m = (p % period + period) % period;
  if (m < length) return {m, 1, std::min(until(border), length - m)};
  return {period - m, -1, std::min(until(border), period - m)};
}

// Samples p .. p + count - 1 of the padded signal whose inner samples are `row`.
template <class S> void copy_padded(const Signal<S>& x, const S* row, Index p, Index count, S* out) {
  while (count > 0) {
    const Run run = run_at(x, p, count);
    const S* from = row + run.source;
    if (run.step > 0) std::copy_n(from, run.count, out);
    else if (run.step == 0) std::fill_n(out, run.count, run.source == silence ? S(0) : *from);
    else std::reverse_copy(from - run.count + 1, from + 1, out);
    p += run.count, out += run.count, count -= run.count;
  }
}

// The adjoint: adds what arrived at those samples to the samples of `row` that they were made of.
template <class S> void add_padded(const Signal<S>& x, S* row, Index p, Index count, const S* arrived) {
  while (count > 0) {
    const Run run = run_at(x, p, count);
    for (Index i = 0; run.source != silence && i < run.count; i++) row[run.source + run.step * i] += arrived[i];
    p += run.count, arrived += run.count, count -= run.count;
  }
}

// Elements of scratch that gather_columns wants.
template <class T> Index gather_scratch(const Plan<T>& plan) { return lanes<T> * (plan.rows + lanes<T>); }

// Fills columns 0 .. count-1 (rounded up to whole vectors) of a block whose column 0 is the signal's column `first`.
template <class T, class S>
void gather_columns(const Plan<T>& plan, const Signal<S>& x, Index batch, Index first, Index count, Index pitch, T* block,
                    S* scratch) {
  constexpr int W = lanes<T>;
  const S* row = x.data + batch * x.stride;
  const Index rows = plan.rows;
  for (Index c = 0; c < count; c += W) {
    const S* source[W];
    for (int l = 0; l < W; l++) {
      const Index p = (first + c + l) * plan.hop - x.pad_left;
      if (p >= 0 && p + rows <= x.length) {
        source[l] = row + p;
      } else {
        S* copy = scratch + l * (rows + W);
        copy_padded(x, row, p, rows, copy);
        source[l] = copy;
      }
    }
    Index r = 0;
    for (; r + W <= rows; r += W) {
      Vec<T> square[W];
      for (int l = 0; l < W; l++) {
        __builtin_prefetch(source[l] + r + W * plan.hop);  // of the next columns: W short streams escape the hardware
        square[l] = load_as<T>(source[l] + r);
      }
      transpose<T>(square);
      for (int l = 0; l < W; l++) store(block + (r + l) * pitch + c, square[l]);
    }
    for (; r < rows; r++)
      for (int l = 0; l < W; l++) block[r * pitch + c + l] = source[l][r];
  }
}

}  // namespace spectro
