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

// For double, with s = t / (2 + t) and its even polynomial R(s): ln(1 + t) = t - t^2/2 + s (t^2/2 + R), as in fdlibm
// (error below one unit in the last place). AVX2 knows neither a conversion nor an arithmetic shift of 64-bit integers;
// the biased exponent is not negative, and written as the low bits of 2^52 it is a double less 2^52.
inline Vec<double> natural_log_normal(Vec<double> x) {
  using V = Vec<double>;
  typedef std::uint64_t Unsigned __attribute__((vector_size(SPECTRO_VECTOR_BYTES)));
  const Unsigned bits = (Unsigned)x, biased = (bits + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd)) >> 52;
  const V exponent = (V)(biased | 0x4330000000000000) - (4503599627370496.0 + 1023.0);
  const V t = (V)(bits - (biased << 52) + 0x3ff0000000000000) - 1.0;
  const V s = t / (t + 2.0), z = s * s, half_square = t * t * 0.5;
  V r = z * 1.479819860511658591e-01 + 1.531383769920937332e-01;
  r = r * z + 1.818357216161805012e-01;
  r = r * z + 2.222219843214978396e-01;
  r = r * z + 2.857142874366239149e-01;
  r = r * z + 3.999999999940941908e-01;
  r = r * z + 6.666666666666735130e-01;
  r *= z;
  const V low = s * (half_square + r) + exponent * 1.90821492927058770002e-10;
  return exponent * 6.93147180369123816490e-01 - ((half_square - low) - t);
}

// Of x not below the smallest normal number, or NaN.
template <class T> SPECTRO_INLINE Vec<T> log_of_normal(Vec<T> x) {
  const Bits<T> finite = (Bits<T>)(x < splat<T>(std::numeric_limits<T>::infinity()));
  return select<T>(finite, natural_log_normal(x), x);
}

template <class T> Vec<T> natural_log(Vec<T> x) {
  using V = Vec<T>;
  constexpr int lift = std::numeric_limits<T>::digits;
  constexpr T lifting = T(std::uint64_t(1) << lift), lifted_by = T(lift * 0.69314718055994530942);
  const V smallest = splat<T>(std::numeric_limits<T>::min()), infinite = splat<T>(std::numeric_limits<T>::infinity());
  const Bits<T> tiny = (Bits<T>)(x < smallest);  // subnormal, zero or negative
  V y = natural_log_normal(select<T>(tiny, x * lifting, x));
  y = select<T>(tiny, y - lifted_by, y);
  y = select<T>((Bits<T>)(x == V{}), -infinite, y);
  y = select<T>((Bits<T>)(x == infinite), infinite, y);
  const Bits<T> invalid = (Bits<T>)(x < V{}) | (Bits<T>)(x != x);
  return select<T>(invalid, splat<T>(std::numeric_limits<T>::quiet_NaN()), y);
}

}  // namespace spectro
