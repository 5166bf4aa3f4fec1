// Between staged groups and arrays. A staged group holds, for W frames, one vector per bin (real) or two (complex);
// groups are `group_pitch` vectors apart. An array is
//     bfn  [batch, bins, frames]   a bin's frames are contiguous: lanes go out as they are
//     bnf  [batch, frames, bins]   a frame's bins are contiguous: squares of W x W are transposed
#pragma once
#include "plan.h"

namespace spectro {

// Rows of "bfn" lie in different pages, where hardware does not look ahead by itself.
inline constexpr Index prefetch_rows = 4;

enum class Layout : std::int32_t { bfn = 0, bnf = 1 };

// A vector of values per bin. `get(group, bin)` returns the vector.
template <class T, class S, class Get>
void put_real(S* out, Layout layout, Index bins, Index frames, Index first, Index count, const Get& get) {
  constexpr int W = lanes<T>;
  if (layout == Layout::bfn) {
    for (Index k = 0; k < bins; k++) {
      S* p = out + k * frames + first;
      Index f = 0;
      for (; f + W <= count; f += W) store_as<T>(p + f, get(f / W, k));
      if (f < count) store_some<T>(p + f, get(f / W, k), static_cast<int>(count - f));
    }
    return;
  }
  for (Index f = 0; f < count; f += W) {
    const int valid = static_cast<int>(std::min<Index>(W, count - f));
    S* p = out + (first + f) * bins;
    Index k = 0;
    for (; k + W <= bins; k += W) {
      Vec<T> square[W];
      for (int j = 0; j < W; j++) square[j] = get(f / W, k + j);
      transpose<T>(square);
      for (int l = 0; l < valid; l++) store_as<T>(p + l * bins + k, square[l]);
    }
    for (; k < bins; k++) {
      const Vec<T> v = get(f / W, k);
      for (int l = 0; l < valid; l++) p[l * bins + k] = static_cast<S>(v[l]);
    }
  }
}

template <class T, class S> void put_pairs(S* p, Index distance, Vec<T> re, Vec<T> im, int count) {
  for (int l = 0; l < count; l++, p += distance) p[0] = static_cast<S>(re[l]), p[1] = static_cast<S>(im[l]);
}

// Complex: `get(group, bin, re, im)`; out is interleaved (re, im).
template <class T, class S, class Get>
void put_complex(S* out, Layout layout, Index bins, Index frames, Index first, Index count, const Get& get) {
  constexpr int W = lanes<T>;
  if (layout == Layout::bfn) {
    for (Index k = 0; k < bins; k++) {
      S* p = out + 2 * (k * frames + first);
      Index f = 0;
      Vec<T> re, im, low, high;
      for (; f + W <= count; f += W) {
        __builtin_prefetch(p + 2 * f + prefetch_rows * 2 * frames, 1);
        get(f / W, k, re, im);
        interleave<T>(re, im, low, high);
        store_as<T>(p + 2 * f, low);
        store_as<T>(p + 2 * f + W, high);
      }
      if (f < count) {
        get(f / W, k, re, im);
        put_pairs<T>(p + 2 * f, 2, re, im, static_cast<int>(count - f));
      }
    }
    return;
  }
  for (Index f = 0; f < count; f += W) {
    const int valid = static_cast<int>(std::min<Index>(W, count - f));
    S* p = out + 2 * (first + f) * bins;
    Index k = 0;
    for (; k + W / 2 <= bins; k += W / 2) {
      Vec<T> square[W];
      for (int j = 0; j < W; j += 2) get(f / W, k + j / 2, square[j], square[j + 1]);
      transpose<T>(square);
      for (int l = 0; l < valid; l++) store_as<T>(p + 2 * (l * bins + k), square[l]);
    }
    for (; k < bins; k++) {
      Vec<T> re, im;
      get(f / W, k, re, im);
      put_pairs<T>(p + 2 * k, 2 * bins, re, im, valid);
    }
  }
}

// The way back, for groups of W frames from `first` on; frames outside 0 .. frames-1 read as zeros.
// `set(group, bin, v)` takes each vector.
template <class T> struct ValidLanes {
  int lo, hi;
  ValidLanes(Index first, Index frames)
      : lo(static_cast<int>(std::clamp<Index>(-first, 0, lanes<T>))),
        hi(static_cast<int>(std::clamp<Index>(frames - first, 0, lanes<T>))) {}
  bool all() const { return lo == 0 && hi == lanes<T>; }
  bool has(int l) const { return l >= lo && l < hi; }
};

template <class T, class S, class Set>
void take_real(const S* in, Layout layout, Index bins, Index frames, Index first, Index groups, const Set& set) {
  constexpr int W = lanes<T>;
  if (layout == Layout::bfn) {
    for (Index k = 0; k < bins; k++)
      for (Index g = 0; g < groups; g++) {
        const ValidLanes<T> valid(first + g * W, frames);
        const S* p = in + k * frames + first + g * W;
        set(g, k, valid.all() ? load_as<T>(p) : load_some<T>(p, valid.lo, valid.hi));
      }
    return;
  }
  for (Index g = 0; g < groups; g++) {
    const ValidLanes<T> valid(first + g * W, frames);
    const S* p = in + (first + g * W) * bins;
    Index k = 0;
    for (; k + W <= bins; k += W) {
      Vec<T> square[W];
      for (int l = 0; l < W; l++) square[l] = valid.has(l) ? load_as<T>(p + l * bins + k) : Vec<T>{};
      transpose<T>(square);
      for (int j = 0; j < W; j++) set(g, k + j, square[j]);
    }
    for (; k < bins; k++) {
      Vec<T> v = {};
      for (int l = valid.lo; l < valid.hi; l++) v[l] = p[l * bins + k];
      set(g, k, v);
    }
  }
}

// Complex; only the bins 0 .. wanted-1 of the `bins` that a frame has. `set(group, bin, re, im)`.
template <class T, class S, class Set>
void take_complex(const S* in, Layout layout, Index bins, Index wanted, Index frames, Index first, Index groups,
                  const Set& set) {
  constexpr int W = lanes<T>;
  if (layout == Layout::bfn) {
    const bool whole = first >= 0 && first + groups * W <= frames;
    for (Index k = 0; k < wanted; k++) {
      const S* p = in + 2 * (k * frames + first);
      Vec<T> re = {}, im = {};
      for (Index g = 0; g < groups; g++, p += 2 * W) {
        __builtin_prefetch(p + prefetch_rows * 2 * frames);
        if (whole) {
          deinterleave<T>(load_as<T>(p), load_as<T>(p + W), re, im);
        } else {
          const ValidLanes<T> valid(first + g * W, frames);
          re = im = Vec<T>{};
          for (int l = valid.lo; l < valid.hi; l++) re[l] = p[2 * l], im[l] = p[2 * l + 1];
        }
        set(g, k, re, im);
      }
    }
    return;
  }
  for (Index g = 0; g < groups; g++) {
    const ValidLanes<T> valid(first + g * W, frames);
    const S* p = in + 2 * (first + g * W) * bins;
    Index k = 0;
    for (; k + W / 2 <= wanted; k += W / 2) {
      Vec<T> square[W];
      for (int l = 0; l < W; l++) square[l] = valid.has(l) ? load_as<T>(p + 2 * (l * bins + k)) : Vec<T>{};
      transpose<T>(square);
      for (int j = 0; j < W; j += 2) set(g, k + j / 2, square[j], square[j + 1]);
    }
    for (; k < wanted; k++) {
      Vec<T> re = {}, im = {};
      for (int l = valid.lo; l < valid.hi; l++) re[l] = p[2 * (l * bins + k)], im[l] = p[2 * (l * bins + k) + 1];
      set(g, k, re, im);
    }
  }
}

}  // namespace spectro
