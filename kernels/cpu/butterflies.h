// Small DFTs in registers: y[k] = sum_j x[j] exp(-2 pi i j k / R), in place, for R = 1, 2, 3, 4, 5, 7, 8.
// Only the forward direction exists: the inverse transforms are forward ones too (see real_fft.h).
#pragma once
#include "simd.h"

namespace spectro {

// R odd. With s_j = x_j + x_{R-j} and d_j = x_j - x_{R-j} the sine terms of s and the cosine terms of d cancel:
//   y_k = x_0 + sum_j cos(2 pi jk/R) s_j  -  i sum_j sin(2 pi jk/R) d_j,     y_{R-k} the same with + i.
template <int R> struct OddRoots;
template <> struct OddRoots<3> {
  static constexpr double cosine[] = {1.0, -0.5};
  static constexpr double sine[] = {0.0, 0.86602540378443864676};
};
template <> struct OddRoots<5> {
  static constexpr double cosine[] = {1.0, 0.30901699437494742410, -0.80901699437494742410};
  static constexpr double sine[] = {0.0, 0.95105651629515357212, 0.58778525229247312917};
};
template <> struct OddRoots<7> {
  static constexpr double cosine[] = {1.0, 0.62348980185873353053, -0.22252093395631440429,
                                      -0.90096886790241912624};
  static constexpr double sine[] = {0.0, 0.78183148246802980871, 0.97492791218182360702, 0.43388373911755812048};
};

template <class T, int R> SPECTRO_INLINE void dft_odd(Vec<T>* re, Vec<T>* im) {
  constexpr int half = R / 2;
  Vec<T> sr[half + 1], si[half + 1], dr[half + 1], di[half + 1];
  const Vec<T> r0 = re[0], i0 = im[0];
  for (int j = 1; j <= half; j++) {
    sr[j] = re[j] + re[R - j], si[j] = im[j] + im[R - j];
    dr[j] = re[j] - re[R - j], di[j] = im[j] - im[R - j];
    re[0] += sr[j], im[0] += si[j];
  }
  for (int k = 1; k <= half; k++) {
    Vec<T> ar = r0, ai = i0, br = {}, bi = {};
    for (int j = 1; j <= half; j++) {
      const int m = j * k % R, folded = m > half ? R - m : m;
      const T c = static_cast<T>(OddRoots<R>::cosine[folded]);
      const T s = static_cast<T>(m > half ? -OddRoots<R>::sine[folded] : OddRoots<R>::sine[folded]);
      ar += c * sr[j], ai += c * si[j];
      if (j == 1) br = s * dr[j], bi = s * di[j];
      else br += s * dr[j], bi += s * di[j];
    }
    re[k] = ar + bi, im[k] = ai - br;
    re[R - k] = ar - bi, im[R - k] = ai + br;
  }
}

template <class T> SPECTRO_INLINE void dft4(Vec<T>* re, Vec<T>* im) {
  const Vec<T> ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
  const Vec<T> cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
  re[0] = ar + cr, im[0] = ai + ci;
  re[2] = ar - cr, im[2] = ai - ci;
  re[1] = br + di, im[1] = bi - dr;  // b - i d
  re[3] = br - di, im[3] = bi + dr;
}

// Two DFTs of 4 (even and odd samples), joined by the powers of (1 - i) / sqrt(2).
template <class T> SPECTRO_INLINE void dft8(Vec<T>* re, Vec<T>* im) {
  const T h = static_cast<T>(0.70710678118654752440);
  Vec<T> er[4] = {re[0], re[2], re[4], re[6]}, ei[4] = {im[0], im[2], im[4], im[6]};
  Vec<T> fr[4] = {re[1], re[3], re[5], re[7]}, fi[4] = {im[1], im[3], im[5], im[7]};
  dft4<T>(er, ei);
  dft4<T>(fr, fi);
  const Vec<T> gr[4] = {fr[0], (fr[1] + fi[1]) * h, fi[2], (fi[3] - fr[3]) * h};
  const Vec<T> gi[4] = {fi[0], (fi[1] - fr[1]) * h, -fr[2], (fr[3] + fi[3]) * -h};
  for (int k = 0; k < 4; k++) {
    re[k] = er[k] + gr[k], im[k] = ei[k] + gi[k];
    re[k + 4] = er[k] - gr[k], im[k + 4] = ei[k] - gi[k];
  }
}

template <class T, int R> SPECTRO_INLINE void dft(Vec<T>* re, Vec<T>* im) {
  if constexpr (R == 2) {
    const Vec<T> ar = re[0], ai = im[0];
    re[0] = ar + re[1], im[0] = ai + im[1];
    re[1] = ar - re[1], im[1] = ai - im[1];
  } else if constexpr (R == 4) {
    dft4<T>(re, im);
  } else if constexpr (R == 8) {
    dft8<T>(re, im);
  } else if constexpr (R > 1) {
    dft_odd<T, R>(re, im);
  }
}

}  // namespace spectro
