// Phases of whole arrays of complex numbers, stored as pairs; computed in double, whatever their type.
#pragma once
#include "passes.h"

namespace spectro {

// |re + j im|, without over- or underflow of the squares in double.
template <class S> SPECTRO_INLINE Vec<double> modulus(Vec<double> re, Vec<double> im) {
  using V = Vec<double>;
  if constexpr (sizeof(S) == 4) return sqrt<double>(re * re + im * im);
  const V a = re < 0.0 ? -re : re, b = im < 0.0 ? -im : im, larger = a > b ? a : b;
  const V up = splat<double>(0x1p600), down = splat<double>(0x1p-600), one = splat<double>(1);
  const V scale = larger < 0x1p-500 ? up : larger > 0x1p500 ? down : one;
  re *= scale, im *= scale;
  return sqrt<double>(re * re + im * im) / scale;
}

// One step of Griffin & Lim's: magnitudes m get the phase of q = c - inertia b, z = m q / (|q| + floor).
// `b` may be null; z may be any of the others.
template <class S>
bool take_phase(const S* m, const S* c, const S* b, double inertia, double floor, S* z, Index count, int threads) {
  constexpr int W = lanes<double>;
  using V = Vec<double>;
  const auto step = [&](const S* size, const S* now, const S* before, S* out) {
    V re, im;
    deinterleave<double>(load_as<double>(now), load_as<double>(now + W), re, im);
    if (before) {
      V old_re, old_im;
      deinterleave<double>(load_as<double>(before), load_as<double>(before + W), old_re, old_im);
      re -= old_re * inertia, im -= old_im * inertia;
    }
    const V factor = load_as<double>(size) / (modulus<S>(re, im) + floor);
    V low, high;
    interleave<double>(re * factor, im * factor, low, high);
    store_as<double>(out, low);
    store_as<double>(out + W, high);
  };
  return for_pieces(count, threads, [&](Index begin, Index end) {
    Index i = begin;
    for (; i + W <= end; i += W) step(m + i, c + 2 * i, b ? b + 2 * i : b, z + 2 * i);
    if (i == end) return;
    S size[W] = {}, now[2 * W] = {}, before[2 * W] = {}, out[2 * W];
    std::copy(m + i, m + end, size);
    std::copy(c + 2 * i, c + 2 * end, now);
    if (b) std::copy(b + 2 * i, b + 2 * end, before);
    step(size, now, b ? before : b, out);
    std::copy(out, out + 2 * (end - i), z + 2 * i);
  });
}

// sin and cos, by the quarter of the circle that x lies in and the polynomials of the Cephes library for the rest (error
// about one unit in the last place). pi/2 is taken off in three parts, the first two times a quarter exact up to a
// million quarters; beyond, and for what is not finite, the library's.
inline void sine_cosine(Vec<double> x, Vec<double>& sine, Vec<double>& cosine) {
  using V = Vec<double>;
  bool far = false;
  for (int l = 0; l < lanes<double>; l++) far |= !(std::abs(x[l]) < 1e6);
  if (far) {
    for (int l = 0; l < lanes<double>; l++) sine[l] = std::sin(x[l]), cosine[l] = std::cos(x[l]);
    return;
  }
  constexpr double to_integer = 6755399441055744.0;  // 1.5 2^52: the sum's low bits are the nearest integer
  const V shifted = x * 0.63661977236758134308 + to_integer, quarters = shifted - to_integer;
  const Bits<double> quarter = (Bits<double>)shifted;
  const V r = ((x - quarters * 1.57079625129699707031) - quarters * 7.54978941586159635336e-8) -
              quarters * 5.39030285815811905290e-15;
  const V z = r * r;
  V s = z * 1.58962301576546568060e-10 - 2.50507477628578072866e-8;
  s = s * z + 2.75573136213857245213e-6;
  s = s * z - 1.98412698295895385996e-4;
  s = s * z + 8.33333333332211858878e-3;
  s = s * z - 1.66666666666666307295e-1;
  s = r + r * z * s;
  V c = z * -1.13585365213876817300e-11 + 2.08757008419747316778e-9;
  c = c * z - 2.75573141792967388112e-7;
  c = c * z + 2.48015872888517045348e-5;
  c = c * z - 1.38888888888730564116e-3;
  c = c * z + 4.16666666666665929218e-2;
  c = 1.0 - z * 0.5 + z * z * c;
  const Bits<double> odd = -(quarter & 1), minus_sine = (quarter & 2) << 62, minus_cosine = ((quarter + 1) & 2) << 62;
  sine = (V)((Bits<double>)select<double>(odd, c, s) ^ minus_sine);
  cosine = (V)((Bits<double>)select<double>(odd, s, c) ^ minus_cosine);
}

// z = exp(j angle).
template <class S> bool phasors(const S* angle, S* z, Index count, int threads) {
  constexpr int W = lanes<double>;
  return for_pieces(count, threads, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += W) {
      const int some = static_cast<int>(std::min<Index>(W, end - i));
      Vec<double> sine, cosine, low, high;
      sine_cosine(some == W ? load_as<double>(angle + i) : load_some<double>(angle + i, 0, some), sine, cosine);
      if (some == W) {
        interleave<double>(cosine, sine, low, high);
        store_as<double>(z + 2 * i, low);
        store_as<double>(z + 2 * i + W, high);
      } else {
        for (int l = 0; l < some; l++) z[2 * (i + l)] = static_cast<S>(cosine[l]), z[2 * (i + l) + 1] = static_cast<S>(sine[l]);
      }
    }
  });
}

}  // namespace spectro
