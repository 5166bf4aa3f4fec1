// From signal to transposed block (plan.h). Padding exists only as arithmetic on indices, and only in the columns
// that touch an edge: the padded signal is never made.
#pragma once
#include "plan.h"

namespace spectro {

enum class Pad : std::int32_t { constant = 0, reflect = 1, edge = 2, wrap = 3 };

template <class S> struct Signal {  // [batch, length], rows `stride` elements apart
  const S* data;
  Index batch, length, stride;
  Index pad_left, pad_right;
  Pad mode;
};

// Which sample stands at position p outside 0 .. length-1; -1 for silence. Pads longer than the signal go on
// reflecting or wrapping.
inline Index padded_source(Index p, Index length, Pad mode) {
  if (length == 0 || mode == Pad::constant) return -1;
  if (mode == Pad::edge) return p < 0 ? 0 : length - 1;
  if (mode == Pad::wrap) return (p % length + length) % length;
  if (length == 1) return 0;
  const Index period = 2 * (length - 1), m = (p % period + period) % period;
  return m < length ? m : period - m;
}

template <class S> S padded_sample(const Signal<S>& x, const S* row, Index p) {
  if (p >= 0 && p < x.length) return row[p];
  if (p < -x.pad_left || p >= x.length + x.pad_right) return S(0);
  const Index source = padded_source(p, x.length, x.mode);
  return source < 0 ? S(0) : row[source];
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
        for (Index r = 0; r < rows; r++) copy[r] = padded_sample(x, row, p + r);
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
