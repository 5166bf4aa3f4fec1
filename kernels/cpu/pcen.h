// Per-channel energy normalisation of rows of energies s (and e, what is averaged), with a running mean M:
//     M[n] = (1 - decay) e[n] + decay M[n-1]
//     y = bias^power expm1(power log1p(s (eps + M)^-gain / bias))
#pragma once
#include "log.h"
#include "passes.h"

namespace spectro {

// exp(x) = scale (1 + rest), scale a power of 2 and |rest| < 0.42 by a Taylor series; x is kept where neither vanishes
// nor overflows.
struct Exponential {
  Vec<double> scale, rest;
  explicit Exponential(Vec<double> x) {
    using V = Vec<double>;
    constexpr double to_integer = 6755399441055744.0;  // 1.5 2^52: the sum's low bits are the nearest integer
    const V most = splat<double>(708.0), least = -most;
    x = x > most ? most : x < least ? least : x;  // a NaN stays one
    const V shifted = x * 1.44269504088896340736 + to_integer, twos = shifted - to_integer;
    const V r = (x - twos * 6.93147180369123816490e-01) - twos * 1.90821492927058770002e-10;
    scale = (V)(((Bits<double>)shifted + 1023) << 52);
    V p = splat<double>(1.0 / 6227020800.0);
    double reciprocal = 1.0 / 6227020800.0;  // of 13!, 12! ..
#pragma GCC unroll 13
    for (int n = 13; n > 1; n--) reciprocal *= n, p = p * r + reciprocal;
    rest = p * r;
  }
  Vec<double> value() const { return scale + scale * rest; }
  Vec<double> less_one() const { return scale * rest + (scale - 1.0); }
};

// ln(1 + x), with what the sum rounds off put back.
SPECTRO_INLINE Vec<double> log_one_plus(Vec<double> x) {
  const Vec<double> y = x + 1.0;
  return natural_log<double>(y) + (x - (y - 1.0)) / y;
}

struct Pcen { double decay, gain, bias, power, eps; };

// `state`: decay M[-1] of each row, then that of its last frame.
inline bool pcen(const double* s, const double* e, Index rows, Index count, const Pcen& options, double* state, double* out,
                 int threads) {
  constexpr int W = lanes<double>;
  const double height = std::pow(options.bias, options.power);
  const auto normalised = [&](Vec<double> energy, Vec<double> mean) {
    const Vec<double> smooth = Exponential(natural_log<double>(mean + options.eps) * -options.gain).value();
    return Exponential(log_one_plus(energy * smooth / options.bias) * options.power).less_one() * height;
  };
  return parallel_for(rows, rows * count < values_a_piece ? 1 : threads, [&](Index row) {
    const double *energy = s + row * count, *averaged = e + row * count;
    double *to = out + row * count, carried = state[row];
    for (Index i = 0; i < count; i++) {
      to[i] = (1 - options.decay) * averaged[i] + carried;
      carried = options.decay * to[i];
    }
    state[row] = carried;
    for (Index i = 0; i < count; i += W) {
      const int some = static_cast<int>(std::min<Index>(W, count - i));
      if (some == W) store(to + i, normalised(load(energy + i), load(to + i)));
      else store_some<double>(to + i, normalised(load_some<double>(energy + i, 0, some), load_some<double>(to + i, 0, some)), some);
    }
  });
}

}  // namespace spectro
