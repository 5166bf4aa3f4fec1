// A vector of frames. Throughout these kernels one SIMD lane is one frame, so the arithmetic of a transform is
// written as if for a single frame and every instruction does it for `lanes` frames at once: no shuffles inside
// the FFT, whatever its radix. Shuffles appear only where frames meet memory (transpose, interleave).
//
// Only the vector extension shared by GCC (>= 12) and clang is used, so one source serves SSE2, AVX2, AVX-512 and
// NEON; the build chooses the width with SPECTRO_VECTOR_BYTES.
#pragma once
#include <cmath>
#include <cstdint>
#include <utility>

#ifndef SPECTRO_VECTOR_BYTES
#define SPECTRO_VECTOR_BYTES 16
#endif
#define SPECTRO_INLINE inline __attribute__((always_inline))

namespace spectro {

using Index = std::int64_t;

template <class T> struct VectorTypes;
template <> struct VectorTypes<float> {
  typedef float Value __attribute__((vector_size(SPECTRO_VECTOR_BYTES)));
  typedef std::int32_t Bits __attribute__((vector_size(SPECTRO_VECTOR_BYTES)));
};
template <> struct VectorTypes<double> {
  typedef double Value __attribute__((vector_size(SPECTRO_VECTOR_BYTES)));
  typedef std::int64_t Bits __attribute__((vector_size(SPECTRO_VECTOR_BYTES)));
};

template <class T> using Vec = typename VectorTypes<T>::Value;
template <class T> using Bits = typename VectorTypes<T>::Bits;
template <class T> inline constexpr int lanes = SPECTRO_VECTOR_BYTES / static_cast<int>(sizeof(T));

// f(0), f(1) .. f(count-1), each with a number that is known when compiling: vectors in small arrays stay in registers.
template <class F, int... I> SPECTRO_INLINE void unrolled(const F& f, std::integer_sequence<int, I...>) {
  (f(std::integral_constant<int, I>{}), ...);
}
template <int count, class F> SPECTRO_INLINE void unrolled(const F& f) {
  unrolled(f, std::make_integer_sequence<int, count>{});
}

// memcpy is how a standard program says "unaligned"; it compiles to one instruction.
template <class T> SPECTRO_INLINE Vec<T> load(const T* p) {
  Vec<T> v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class T> SPECTRO_INLINE void store(T* p, Vec<T> v) { __builtin_memcpy(p, &v, sizeof v); }

// Arrays may be of a narrower type S than the arithmetic: each load widens, each store rounds, and between them
// nothing does.
template <class S, int count> struct VectorOf { typedef S type __attribute__((vector_size(count * sizeof(S)))); };

template <class T, class S> SPECTRO_INLINE Vec<T> load_as(const S* p) {
  typename VectorOf<S, lanes<T>>::type v;
  __builtin_memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, Vec<T>);
}
template <class T, class S> SPECTRO_INLINE void store_as(S* p, Vec<T> v) {
  const auto rounded = __builtin_convertvector(v, typename VectorOf<S, lanes<T>>::type);
  __builtin_memcpy(p, &rounded, sizeof rounded);
}

// The lanes first .. end-1 only; the others read as zero.
template <class T, class S> SPECTRO_INLINE Vec<T> load_some(const S* p, int first, int end) {
  Vec<T> v = {};
  for (int l = first; l < end; l++) v[l] = p[l];
  return v;
}
template <class T, class S> SPECTRO_INLINE void store_some(S* p, Vec<T> v, int count) {
  for (int l = 0; l < count; l++) p[l] = static_cast<S>(v[l]);
}

template <class T> SPECTRO_INLINE Vec<T> splat(T x) { return Vec<T>{} + x; }

template <class T> SPECTRO_INLINE Vec<T> select(Bits<T> mask, Vec<T> yes, Vec<T> no) {
  return (Vec<T>)((mask & (Bits<T>)yes) | (~mask & (Bits<T>)no));
}

template <class T> SPECTRO_INLINE Vec<T> sqrt(Vec<T> v) {
  for (int l = 0; l < lanes<T>; l++) v[l] = std::sqrt(v[l]);
  return v;
}

namespace detail {
template <class T, int... I> SPECTRO_INLINE void interleave(Vec<T> a, Vec<T> b, Vec<T>& low, Vec<T>& high,
                                                            std::integer_sequence<int, I...>) {
  constexpr int w = lanes<T>;
  low = __builtin_shufflevector(a, b, (I / 2 + I % 2 * w)...);
  high = __builtin_shufflevector(a, b, (w / 2 + I / 2 + I % 2 * w)...);
}
template <class T, int... I> SPECTRO_INLINE void deinterleave(Vec<T> low, Vec<T> high, Vec<T>& a, Vec<T>& b,
                                                              std::integer_sequence<int, I...>) {
  a = __builtin_shufflevector(low, high, (2 * I)...);
  b = __builtin_shufflevector(low, high, (2 * I + 1)...);
}
// Swaps the off-diagonal blocks of side `s` between two rows that are `s` apart.
template <class T, int s, int... I> SPECTRO_INLINE void exchange(Vec<T>& x, Vec<T>& y,
                                                                 std::integer_sequence<int, I...>) {
  constexpr int w = lanes<T>;
  const Vec<T> a = x, b = y;
  x = __builtin_shufflevector(a, b, ((I & s) ? w + (I ^ s) : I)...);
  y = __builtin_shufflevector(a, b, ((I & s) ? w + I : (I | s))...);
}
template <class T, int s> SPECTRO_INLINE void transpose_step(Vec<T>* rows) {
  if constexpr (s < lanes<T>) {
    for (int i = 0; i < lanes<T>; i++)
      if (!(i & s)) exchange<T, s>(rows[i], rows[i | s], std::make_integer_sequence<int, lanes<T>>{});
    transpose_step<T, 2 * s>(rows);
  }
}
}  // namespace detail

// (re0 re1 ..), (im0 im1 ..)  <->  (re0 im0 re1 im1 ..)
template <class T> SPECTRO_INLINE void interleave(Vec<T> re, Vec<T> im, Vec<T>& low, Vec<T>& high) {
  detail::interleave<T>(re, im, low, high, std::make_integer_sequence<int, lanes<T>>{});
}
template <class T> SPECTRO_INLINE void deinterleave(Vec<T> low, Vec<T> high, Vec<T>& re, Vec<T>& im) {
  detail::deinterleave<T>(low, high, re, im, std::make_integer_sequence<int, lanes<T>>{});
}
// A square of lanes x lanes values, in place: log2(lanes) rounds that exchange ever larger blocks.
template <class T> SPECTRO_INLINE void transpose(Vec<T>* rows) { detail::transpose_step<T, 1>(rows); }

}  // namespace spectro
