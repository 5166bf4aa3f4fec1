// What describes a frame in a few numbers, several at a time from one transform (reduced.h). S is the magnitude, f the
// frequency of a bin; a lane is a frame, so a descriptor is written as if for one.
//     bands      rows of a filterbank over |X|^2, scaled (filtered.h)
//     centroid   c = sum f S / sum S
//     bandwidth  (sum |f - c|^p S / sum S)^(1/p)
//     rolloff    f of the first bin up to which S sums to a share of the whole
//     flatness   the geometric mean of max(S^p, floor) over its arithmetic mean
//     extremes   in ranges of bins: the mean of the largest few S of each, then of the smallest few
//     autocorrelation  r[j] = sum_t x[t] x[t + j] around the circle of n_fft samples
#pragma once
#include <memory>

#include "filtered.h"

namespace spectro {

template <class T> struct Spectra {
  const Vec<T>*power, *magnitude;  // a vector per bin
  Index bins;
  const Plan<T>& plan;
  Room<T> room;  // n_fft vectors
};

template <class T> struct Descriptor {
  virtual ~Descriptor() = default;
  virtual Index rows() const { return 1; }
  virtual bool wants_magnitude() const { return true; }
  virtual void describe(const Spectra<T>& s, Vec<T>* rows) const = 0;
};

template <class T> struct Bands : Descriptor<T> {
  const FilterBank<T>& bank;
  Scaling scaling;  // of powers: its exponent is 2
  Bands(const FilterBank<T>& weights, const Scaling& values) : bank(weights), scaling(values) {}
  Index rows() const override { return static_cast<Index>(bank.bands.size()); }
  bool wants_magnitude() const override { return false; }
  void describe(const Spectra<T>& s, Vec<T>* rows) const override { band_values(bank, scaling, s.power, rows); }
};

// `total` where it can be divided by, 1 where it is zero or subnormal (silence).
template <class T> SPECTRO_INLINE Vec<T> safe_divisor(Vec<T> total) {
  return select<T>((Bits<T>)(total < splat<T>(std::numeric_limits<T>::min())), splat<T>(1), total);
}

template <class T> struct Centroid : Descriptor<T> {
  std::vector<T> frequency;
  Centroid(const double* f, Index bins) : frequency(f, f + bins) {}

  // Returns c, and the sum of S that can be divided by.
  SPECTRO_INLINE Vec<T> mean(const Spectra<T>& s, Vec<T>& divisor) const {
    Vec<T> total = {}, moment = {};
    for (Index k = 0; k < s.bins; k++) total += s.magnitude[k], moment += s.magnitude[k] * frequency[k];
    divisor = safe_divisor<T>(total);
    return moment / divisor;
  }
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    Vec<T> divisor;
    rows[0] = mean(s, divisor);
  }
};

// Not by moments, sum f^2 S - c^2 sum S, whose difference cancels for a narrow spectrum.
template <class T> struct Bandwidth : Centroid<T> {
  double p;
  Bandwidth(const double* f, Index bins, double order) : Centroid<T>(f, bins), p(order) {}
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    Vec<T> divisor, sum = {};
    const Vec<T> centre = this->mean(s, divisor);
    for (Index k = 0; k < s.bins; k++) {
      Vec<T> spread = this->frequency[k] - centre;
      if (p == 2) spread *= spread;
      else
        for (int l = 0; l < lanes<T>; l++) spread[l] = std::pow(std::abs(spread[l]), static_cast<T>(p));
      sum += spread * s.magnitude[k];
    }
    sum /= divisor;
    if (p == 2) rows[0] = sqrt<T>(sum);
    else
      for (int l = 0; l < lanes<T>; l++) rows[0][l] = std::pow(sum[l], static_cast<T>(1 / p));
  }
};

template <class T> struct Rolloff : Descriptor<T> {
  std::vector<T> frequency;
  T share;
  Rolloff(const double* f, Index bins, double part) : frequency(f, f + bins), share(static_cast<T>(part)) {}
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    Vec<T> sum = {};
    for (Index k = 0; k < s.bins; k++) sum += s.magnitude[k];
    // S >= 0, so the running sum is below the threshold exactly up to the bin that is looked for. It adds in the
    // order of the whole, so that it ends at the whole.
    const Vec<T> threshold = sum * share;
    sum = Vec<T>{};
    Bits<T> below = {};
    for (Index k = 0; k < s.bins; k++) {
      sum += s.magnitude[k];
      below -= (Bits<T>)(sum < threshold);  // a true lane is -1
    }
    for (int l = 0; l < lanes<T>; l++)
      rows[0][l] = frequency[std::min<Index>(static_cast<Index>(below[l]), s.bins - 1)];
  }
};

template <class T> struct Flatness : Descriptor<T> {
  double power;
  T floor;
  Flatness(double exponent, double lowest)
      : power(exponent), floor(std::max(static_cast<T>(lowest), std::numeric_limits<T>::min())) {}
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    if (power == 2) return of_values(s, s.power, rows);
    if (power == 1) return of_values(s, s.magnitude, rows);
    for (Index k = 0; k < s.bins; k++)
      for (int l = 0; l < lanes<T>; l++) s.room.values[k][l] = std::pow(s.magnitude[k][l], static_cast<T>(power));
    of_values(s, s.room.values, rows);
  }

 private:
  // The logarithm of a product: exponents are added and mantissas, in [1, 2), multiplied, 64 at a time.
  void of_values(const Spectra<T>& s, const Vec<T>* values, Vec<T>* rows) const {
    constexpr int mantissa_bits = std::numeric_limits<T>::digits - 1;
    const Bits<T> one = (Bits<T>)splat<T>(1), mantissa = ((Bits<T>{} + 1) << mantissa_bits) - 1;
    const Vec<T> lowest = splat<T>(floor);
    Vec<T> total = {}, logarithm = {};
    for (Index first = 0; first < s.bins; first += 64) {
      Vec<T> product = splat<T>(1);
      Bits<T> exponents = {};
      for (Index k = first; k < std::min(s.bins, first + 64); k++) {
        const Vec<T> v = values[k] < lowest ? lowest : values[k];  // a NaN stays one
        const Bits<T> bits = (Bits<T>)v;
        total += v;
        exponents += (bits - one) >> mantissa_bits;
        product *= (Vec<T>)((bits & mantissa) | one);
      }
      logarithm += __builtin_convertvector(exponents, Vec<T>) * static_cast<T>(0.69314718055994530942) +
                   natural_log_normal(product);
    }
    const T count = static_cast<T>(s.bins);
    for (int l = 0; l < lanes<T>; l++) rows[0][l] = std::exp(logarithm[l] / count) / (total[l] / count);
  }
};

// The transform of the power spectrum of all n_fft bins (Wiener-Khinchin). Relative: over the largest.
template <class T> struct Autocorrelation : Descriptor<T> {
  Index lags;  // up to n_fft / 2
  bool relative;
  Autocorrelation(Index count, bool over_largest) : lags(count), relative(over_largest) {}
  Index rows() const override { return lags; }
  bool wants_magnitude() const override { return false; }

  struct KeepReal {
    Vec<T>* out;
    Index count;
    SPECTRO_INLINE void edge(Index k, Vec<T> re) const { if (k < count) out[k] = re; }
    SPECTRO_INLINE void bin(Index k, Vec<T> re, Vec<T>) const { if (k < count) out[k] = re; }
  };
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    const Index n = s.plan.n;
    Vec<T>* power = s.room.values;
    for (Index k = 0; k < s.bins; k++) power[k] = s.power[k] / static_cast<T>(n);
    for (Index k = s.bins; k < n; k++) power[k] = power[n - k];
    s.plan.fft.run(s.plan.staged(reinterpret_cast<const T*>(power)), s.room.buffer, KeepReal{rows, lags});
    if (!relative) return;
    Vec<T> largest = {};
    for (Index j = 0; j < lags; j++) {
      const Vec<T> size = rows[j] < Vec<T>{} ? -rows[j] : rows[j];
      largest = size > largest ? size : largest;
    }
    const Vec<T> factor = T(1) / safe_divisor<T>(largest);
    for (Index j = 0; j < lags; j++) rows[j] *= factor;
  }
};

template <class T> SPECTRO_INLINE bool any(Bits<T> mask) {
  auto found = mask[0];
  for (int l = 1; l < lanes<T>; l++) found |= mask[l];
  return found != 0;
}

// What "ahead" means: one of two values, the other one, and whether some lane of `a` is ahead.
template <class T> struct Largest {
  SPECTRO_INLINE static Vec<T> first(Vec<T> a, Vec<T> b) { return a > b ? a : b; }
  SPECTRO_INLINE static Vec<T> second(Vec<T> a, Vec<T> b) { return a < b ? a : b; }
  SPECTRO_INLINE static bool some(Vec<T> a, Vec<T> b) { return any<T>((Bits<T>)(a > b)); }
  static bool before(T a, T b) { return a > b; }
};
template <class T> struct Smallest {
  SPECTRO_INLINE static Vec<T> first(Vec<T> a, Vec<T> b) { return a < b ? a : b; }
  SPECTRO_INLINE static Vec<T> second(Vec<T> a, Vec<T> b) { return a > b ? a : b; }
  SPECTRO_INLINE static bool some(Vec<T> a, Vec<T> b) { return any<T>((Bits<T>)(a < b)); }
  static bool before(T a, T b) { return a < b; }
};

// The sum of the K values that are ahead of all others, in each lane.
template <class T, class Order, int K> Vec<T> sum_of_first(const Vec<T>* values, Index size) {
  using V = Vec<T>;
  V best[K];  // so far, in order
  for (int n = 0; n < K; n++) {
    V v = values[n];
    for (int i = 0; i < n; i++) {
      const V other = best[i];
      best[i] = Order::first(v, other), v = Order::second(v, other);
    }
    best[n] = v;
  }
  const auto insert = [&](V v) {
#pragma GCC unroll 16  // so that the list is kept in registers
    for (int i = 0; i < K; i++) {
      const V other = best[i];
      best[i] = Order::first(v, other), v = Order::second(v, other);
    }
  };
  Index k = K;
  for (; k + 4 <= size; k += 4) {  // most values are not ahead of the last of the best, in any lane
    const V* v = values + k;
    if (!Order::some(Order::first(Order::first(v[0], v[1]), Order::first(v[2], v[3])), best[K - 1])) continue;
    for (int j = 0; j < 4; j++) insert(v[j]);
  }
  while (k < size) insert(values[k++]);
  V sum = {};
  for (int i = 0; i < K; i++) sum += best[i];
  return sum;
}

// The mean of the `count` values that are ahead of all others.
template <class T, class Order, int K = 1> Vec<T> mean_of_first(const Vec<T>* values, Index size, Index count) {
  if constexpr (K <= 16) {
    if (count == K) return sum_of_first<T, Order, K>(values, size) / static_cast<T>(K);
    return mean_of_first<T, Order, K + 1>(values, size, count);
  } else {
    std::vector<T> lane(static_cast<std::size_t>(size));
    Vec<T> sum = {};
    for (int l = 0; l < lanes<T>; l++) {
      for (Index k = 0; k < size; k++) lane[k] = values[k][l];
      std::nth_element(lane.begin(), lane.begin() + (count - 1), lane.end(), Order::before);
      for (Index k = 0; k < count; k++) sum[l] += lane[k];
    }
    return sum / static_cast<T>(count);
  }
}

template <class T> struct Extremes : Descriptor<T> {
  struct Range { Index begin, end, count; };
  std::vector<Range> ranges;
  Extremes(const Index* triples, Index count) {
    for (Index i = 0; i < count; i++, triples += 3) ranges.push_back({triples[0], triples[1], triples[2]});
  }
  Index rows() const override { return 2 * static_cast<Index>(ranges.size()); }
  void describe(const Spectra<T>& s, Vec<T>* rows) const override {
    for (const Range& r : ranges) {
      const Vec<T>* values = s.magnitude + r.begin;
      rows[0] = mean_of_first<T, Largest<T>>(values, r.end - r.begin, r.count);
      rows[ranges.size()] = mean_of_first<T, Smallest<T>>(values, r.end - r.begin, r.count);
      rows++;
    }
  }
};

template <class T> using Descriptors = std::vector<std::unique_ptr<Descriptor<T>>>;

// out[batch, row, frame], the rows of all descriptors one after another; not rounded to the type of the signal, since
// what follows may take differences.
template <class T, class S>
bool describe(const Plan<T>& plan, const Descriptors<T>& wanted, const Signal<S>& x, Index frames, T* out, int threads) {
  Index rows = 0;
  bool roots = false;
  for (const auto& d : wanted) rows += d->rows(), roots |= d->wants_magnitude();
  // The magnitudes lie behind the room of the descriptors.
  return reduce_powers(plan, x, frames, rows, plan.n + plan.bins, out, Layout::bfn, threads,
                       [&](const Vec<T>* powers, Room<T> room, Vec<T>* row) {
                         Vec<T>* magnitudes = room.values + plan.n;
                         if (roots)
                           for (Index k = 0; k < plan.bins; k++) magnitudes[k] = sqrt<T>(powers[k]);
                         const Spectra<T> spectra{powers, magnitudes, plan.bins, plan, room};
                         for (const auto& d : wanted) d->describe(spectra, row), row += d->rows();
                       });
}

}  // namespace spectro
