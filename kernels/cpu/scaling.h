// The scale of values v that are not negative:
//     y = v                                                      (linear)
//     y = multiplier * ln(max(gain v + bias, floor)) + offset    (logarithmic; decibels are 10 / ln 10 of it)
// What lies too far below the peak is lifted in a second pass, since the peak is not known before.
#pragma once
#include "log.h"
#include "passes.h"

namespace spectro {

struct Scaling {
  double power, factor;  // of what the values are made of
  bool logarithmic;
  double gain, bias, floor, multiplier, offset;
  double range;  // lift values to so much below the peak; negative: none is lifted
  bool joint;    // the peak of all signals, or each its own
};

// A logarithmic scale, in the type that computes.
template <class T> struct Scaled {
  explicit Scaled(const Scaling& s)
      : gain(vector(s.gain)), bias(vector(s.bias)), floor(vector(s.floor)), multiplier(vector(s.multiplier)),
        offset(vector(s.offset)), is_normal(s.floor >= std::numeric_limits<T>::min()) {}

  SPECTRO_INLINE Vec<T> argument(Vec<T> v) const { return v * gain + bias; }
  SPECTRO_INLINE Vec<T> operator()(Vec<T> v) const {
    const Vec<T> u = argument(v), clamped = select<T>((Bits<T>)(u < floor), floor, u);  // a NaN stays one
    return (is_normal ? log_of_normal<T>(clamped) : natural_log<T>(clamped)) * multiplier + offset;
  }

  const Vec<T> gain, bias, floor, multiplier, offset;
  const bool is_normal;  // whether the floor keeps subnormal numbers away

 private:
  static Vec<T> vector(double x) { return splat<T>(static_cast<T>(x)); }
};

// The scale of values that are there already: v [parts, count], the range being below the peak of each part.
template <class S>
bool scale_values(const Scaling& scaling, const S* v, Index parts, Index count, S* out, int threads) {
  const Scaled<S> scaled(scaling);
  const Vec<S> factor = splat<S>(static_cast<S>(scaling.factor));
  const auto make = [&](Index begin, Index end) {
    if (scaling.logarithmic) map_values(v, begin, end, out, [&](Vec<S> x) { return scaled(x * factor); });
    else map_values(v, begin, end, out, [&](Vec<S> x) { return x * factor; });
  };
  if (scaling.range < 0 || parts == 0) return for_pieces(parts * count, threads, make);
  return limit_range(out, parts, count, static_cast<S>(scaling.range), threads, make);
}

}  // namespace spectro
