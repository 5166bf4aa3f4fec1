// Natural logarithm of a vector.
#pragma once
#include <limits>

#include "simd.h"

namespace spectro {

// x = 2^e m with m in [sqrt(1/2), sqrt(2)): ln x = e ln 2 + ln m. For float, ln(1 + t) = t - t^2/2 + t^3 P(t) with the
// polynomial P of the Cephes library's logf (error below one unit in the last place), and ln 2 split in two so that
// e ln 2 stays exact.
inline Vec<float> natural_log_normal(Vec<float> x) {
  using V = Vec<float>;
  const Bits<float> bits = (Bits<float>)x;
  const Bits<float> e = (bits - 0x3f3504f3) >> 23;
  const V t = (V)(bits - (e << 23)) - 1.0f;
  const V exponent = __builtin_convertvector(e, V);
  V p = t * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * t + 1.1676998740e-1f;
  p = p * t - 1.2420140846e-1f;
  p = p * t + 1.4249322787e-1f;
  p = p * t - 1.6668057665e-1f;
  p = p * t + 2.0000714765e-1f;
  p = p * t - 2.4999993993e-1f;
  p = p * t + 3.3333331174e-1f;
  const V square = t * t;
  const V low = p * t * square + exponent * -2.12194440e-4f - square * 0.5f;
  return (t + low) + exponent * 0.693359375f;
}

// Of x not below the smallest normal number, or NaN.
template <class T> SPECTRO_INLINE Vec<T> log_of_normal(Vec<T> x) {
  if constexpr (sizeof(T) == 8) {
    for (int l = 0; l < lanes<T>; l++) x[l] = std::log(x[l]);
    return x;
  } else {
    const Bits<T> finite = (Bits<T>)(x < splat<T>(std::numeric_limits<T>::infinity()));
    return select<T>(finite, natural_log_normal(x), x);
  }
}

template <class T> Vec<T> natural_log(Vec<T> x) {
  if constexpr (sizeof(T) == 8) {
    for (int l = 0; l < lanes<T>; l++) x[l] = std::log(x[l]);
    return x;
  } else {
    using V = Vec<T>;
    const V smallest = splat<T>(std::numeric_limits<T>::min()), infinite = splat<T>(std::numeric_limits<T>::infinity());
    const Bits<T> tiny = (Bits<T>)(x < smallest);  // subnormal, zero or negative
    const V lifted = select<T>(tiny, x * 8388608.0f, x);
    V y = natural_log_normal(lifted);
    y = select<T>(tiny, y - 15.942385152878742f, y);
    y = select<T>((Bits<T>)(x == V{}), -infinite, y);
    y = select<T>((Bits<T>)(x == infinite), infinite, y);
    const Bits<T> invalid = (Bits<T>)(x < V{}) | (Bits<T>)(x != x);
    return select<T>(invalid, splat<T>(std::numeric_limits<T>::quiet_NaN()), y);
  }
}

}  // namespace spectro
