// The transform of real frames, X[k] for 0 <= k <= n/2, in three kinds by n.
//
// even, n = 2M  The frame is read as M complex numbers z[s] = x[2s] + i x[2s+1]; from Z = FFT(z)
//                   X[k] = (Z[k] + conj Z[M-k]) / 2  -  i w^k (Z[k] - conj Z[M-k]) / 2,     w = exp(-2 pi i / n),
//               so Z[k] and Z[M-k] are needed together: the last pass does the columns c and C - c as a pair.
// odd           A complex transform of length n with zero imaginary part. X[n-k] = conj X[k] makes half of the
//               columns superfluous: those of the blocks q > R_0/2 of the first pass (with all the work in between),
//               and half of those of block 0.
// other         n or n/2 has a prime factor above 7. Bluestein: with b[s] = exp(-i pi s^2 / n),
//                   X[k] = b[k] sum_s (x[s] b[s]) conj(b[k-s]),
//               a convolution, done by two power-of-two transforms.
//
// There is no inverse: it is a forward transform too. For X = A + iB, A even and B odd, the real sequence
// r[k] = A[k] + B[k] has the transform R[m] = sum_k A cos - i sum_k B sin, hence
//     x[m] = sum_k (A cos - B sin) = Re R[m] + Im R[m],     x[n-m] = Re R[m] - Im R[m].
//
// An input frame is read as in[offset[s]] * weight[s]; results go to an Emit: edge(k, re) where k = 0 or n/2 (the
// value is real) and bin(k, re, im) for the others.
#pragma once
#include "complex_fft.h"

namespace spectro {

template <class T> struct Frames {
  const T* data;
  const std::int32_t* offset;
  const T* weight;
  SPECTRO_INLINE Vec<T> operator()(Index s) const { return load(data + offset[s]) * weight[s]; }
};

template <class T> class RealFft {
 public:
  using V = Vec<T>;
  enum class Kind { even, odd, other };

  explicit RealFft(Index n)
      : n_(n), kind_(kind_of(n)), fft_(kind_ == Kind::even ? n / 2 : kind_ == Kind::odd ? n : bluestein_length(n)) {
    if (kind_ == Kind::even) prepare_even();
    if (kind_ == Kind::odd) prepare_odd();
    if (kind_ == Kind::other) prepare_other();
  }

  Index length() const { return n_; }
  // A factor the caller puts into `weight`: the halves of the even kind's formula.
  double input_factor() const { return kind_ == Kind::even ? 0.5 : 1.0; }
  Index buffer_vectors() const { return (kind_ == Kind::other ? 2 : 1) * fft_.buffer_vectors(); }

  template <class Emit> void run(const Frames<T>& frames, V* buffer, const Emit& emit) const {
    if (kind_ == Kind::even) run_even(frames, buffer, emit);
    else if (kind_ == Kind::odd) run_odd(frames, buffer, emit);
    else run_other(frames, buffer, emit);
  }

 private:
  static constexpr unsigned odd_radices = radix_bit(1) | radix_bit(3) | radix_bit(5) | radix_bit(7);
  static constexpr unsigned even_radices = radix_bit(1) | radix_bit(2) | radix_bit(4) | radix_bit(8);

  static Kind kind_of(Index n) {
    if (n % 2 == 0) return radices_of(n / 2).empty() ? Kind::other : Kind::even;
    return radices_of(n).empty() ? Kind::other : Kind::odd;
  }

  // ---- even ------------------------------------------------------------------------------------------------
  struct PackedInput {
    static constexpr unsigned radices = any_radix;
    static constexpr bool halved = false;
    Frames<T> x;
    SPECTRO_INLINE void operator()(Index s, V& re, V& im) const { re = x(2 * s), im = x(2 * s + 1); }
  };

  void prepare_even() {
    const Index m = n_ / 2;
    roots_.resize(2 * (m + 1));
    for (Index k = 0; k <= m; k++) set_root(roots_, k, k, n_);
  }

  // a = Z[k], b = Z[M-k]; makes X[k] and X[M-k]. `root` is that of k.
  template <class Emit>
  SPECTRO_INLINE static void emit_pair(const T* root, Index k, Index partner, V ar, V ai, V br, V bi, const Emit& emit) {
    const T c = root[0], s = root[1];
    const V er = ar + br, ei = ai - bi, dr = ai + bi, di = br - ar;
    const V tr = dr * c - di * s, ti = dr * s + di * c;
    emit.bin(k, er + tr, ei + ti);
    if (k != partner) emit.bin(partner, er - tr, ti - ei);
  }

  template <int R, class Emit> __attribute__((noinline)) void last_even(const V* buffer, const Emit& emit) const {
    const Index cols = fft_.columns, m = n_ / 2;
    const T* roots = roots_.data();
    {
      V re[R], im[R];
      fft_.template last_column<R>(buffer, 0, re, im);
      emit.edge(0, T(2) * (re[0] + im[0]));
      emit.edge(m, T(2) * (re[0] - im[0]));
      for (int j = 1; 2 * j <= R; j++)
        emit_pair(roots + 2 * cols * j, cols * j, m - cols * j, re[j], im[j], re[R - j], im[R - j], emit);
    }
    for (Index c = 1; 2 * c < cols; c++) {
      V ar[R], ai[R], br[R], bi[R];
      fft_.template last_column<R>(buffer, c, ar, ai);
      fft_.template last_column<R>(buffer, cols - c, br, bi);
      unrolled<R>([&](auto j) {
        const Index k = c + cols * j;
        emit_pair(roots + 2 * k, k, m - k, ar[j], ai[j], br[R - 1 - j], bi[R - 1 - j], emit);
      });
    }
    if (cols % 2 == 0) {  // the column that is its own partner
      V re[R], im[R];
      fft_.template last_column<R>(buffer, cols / 2, re, im);
      for (int j = 0; 2 * j <= R - 1; j++) {
        const Index k = cols / 2 + cols * j;
        emit_pair(roots + 2 * k, k, m - k, re[j], im[j], re[R - 1 - j], im[R - 1 - j], emit);
      }
    }
  }

  template <class Emit> void run_even(const Frames<T>& frames, V* buffer, const Emit& emit) const {
    fft_.all_but_last(PackedInput{frames}, buffer);
    with_radix<any_radix>(fft_.last_radix(), [&](auto r) { last_even<r.value>(buffer, emit); });
  }

  // ---- odd -------------------------------------------------------------------------------------------------
  struct RealInput {
    static constexpr unsigned radices = odd_radices;
    static constexpr bool halved = true;
    Frames<T> x;
    SPECTRO_INLINE void operator()(Index s, V& re, V& im) const { re = x(s), im = V{}; }
  };

  void prepare_odd() {
    const int r0 = fft_.first_radix();
    for (Index c = 1; c < fft_.columns; c++)
      if (c % r0 != 0 ? c % r0 <= r0 / 2 : 2 * c < fft_.columns) odd_columns_.push_back(c);
  }

  template <int R, class Emit> __attribute__((noinline)) void last_odd(const V* buffer, const Emit& emit) const {
    V re[R], im[R];
    fft_.template last_column<R>(buffer, 0, re, im);
    emit.edge(0, re[0]);
    for (int j = 1; 2 * j < R; j++) emit.bin(fft_.columns * j, re[j], im[j]);
    for (const Index c : odd_columns_) {
      fft_.template last_column<R>(buffer, c, re, im);
      for (int j = 0; j < R; j++) {
        const Index k = c + fft_.columns * j;
        if (2 * k < n_) emit.bin(k, re[j], im[j]);
        else emit.bin(n_ - k, re[j], -im[j]);
      }
    }
  }

  template <class Emit> void run_odd(const Frames<T>& frames, V* buffer, const Emit& emit) const {
    fft_.all_but_last(RealInput{frames}, buffer);
    with_radix<odd_radices>(fft_.last_radix(), [&](auto r) { last_odd<r.value>(buffer, emit); });
  }

  // ---- other: Bluestein ------------------------------------------------------------------------------------
  // Only X[0 .. n/2] is wanted, so the cyclic convolution may wrap onto the rest: n + n/2 points are enough.
  static Index bluestein_length(Index n) {
    Index m = 4;
    while (m < n + n / 2) m *= 2;
    return m;
  }

  struct ChirpInput {  // x[s] b[s], zero from n on
    static constexpr unsigned radices = even_radices;
    static constexpr bool halved = false;
    Frames<T> x;
    const T* chirp;
    Index n;
    SPECTRO_INLINE void operator()(Index s, V& re, V& im) const {
      re = im = V{};
      if (s >= n) return;
      const V v = x(s);
      re = v * chirp[2 * s], im = v * chirp[2 * s + 1];
    }
  };
  struct SwappedInput {  // an inverse transform is a forward one with real and imaginary parts swapped
    static constexpr unsigned radices = even_radices;
    static constexpr bool halved = false;
    const V* slots;
    SPECTRO_INLINE void operator()(Index s, V& re, V& im) const { re = slots[2 * s + 1], im = slots[2 * s]; }
  };

  void prepare_other() {
    const Index m = fft_.length();
    roots_.resize(2 * n_);
    for (Index s = 0; s < n_; s++) set_root(roots_, s, s * s % (2 * n_), 2 * n_);
    // The spectrum of conj(b), wrapped: b is even, and the taps run from -(n-1) to n/2.
    std::vector<double> re(m), im(m);
    for (Index t = 0; t < n_; t++) {
      double c, s;
      root_of_unity(t * t % (2 * n_), 2 * n_, c, s);
      re[(m - t) % m] = c, im[(m - t) % m] = -s;
      if (t <= n_ / 2) re[t] = c, im[t] = -s;
    }
    power_of_two_fft(re, im);
    taps_.resize(2 * m);
    for (Index k = 0; k < m; k++) {
      taps_[2 * k] = static_cast<T>(re[k] / static_cast<double>(m));
      taps_[2 * k + 1] = static_cast<T>(im[k] / static_cast<double>(m));
    }
  }

  template <int R> __attribute__((noinline)) void last_natural(const V* buffer, V* out) const {
    for (Index c = 0; c < fft_.columns; c++) {
      V re[R], im[R];
      fft_.template last_column<R>(buffer, c, re, im);
      for (int j = 0; j < R; j++) out[2 * (c + fft_.columns * j)] = re[j], out[2 * (c + fft_.columns * j) + 1] = im[j];
    }
  }

  template <class Emit> void run_other(const Frames<T>& frames, V* buffer, const Emit& emit) const {
    V* spectrum = buffer + fft_.buffer_vectors();
    const auto last_pass = [&] {
      with_radix<even_radices>(fft_.last_radix(), [&](auto r) { last_natural<r.value>(buffer, spectrum); });
    };
    fft_.all_but_last(ChirpInput{frames, roots_.data(), n_}, buffer);
    last_pass();
    for (Index k = 0; k < fft_.length(); k++) {
      const V re = spectrum[2 * k], im = spectrum[2 * k + 1];
      const T c = taps_[2 * k], s = taps_[2 * k + 1];
      spectrum[2 * k] = re * c - im * s, spectrum[2 * k + 1] = re * s + im * c;
    }
    fft_.all_but_last(SwappedInput{spectrum}, buffer);
    last_pass();
    for (Index k = 0; 2 * k <= n_; k++) {
      const V re = spectrum[2 * k + 1], im = spectrum[2 * k];
      const T c = roots_[2 * k], s = roots_[2 * k + 1];
      if (k == 0 || 2 * k == n_) emit.edge(k, re * c - im * s);
      else emit.bin(k, re * c - im * s, re * s + im * c);
    }
  }

  // For the tables only, so plain: radix 2, in double.
  static void power_of_two_fft(std::vector<double>& re, std::vector<double>& im) {
    const Index m = static_cast<Index>(re.size());
    if (m == 1) return;
    const Index half = m / 2;
    std::vector<double> er(half), ei(half), fr(half), fi(half);
    for (Index j = 0; j < half; j++)
      er[j] = re[2 * j], ei[j] = im[2 * j], fr[j] = re[2 * j + 1], fi[j] = im[2 * j + 1];
    power_of_two_fft(er, ei);
    power_of_two_fft(fr, fi);
    for (Index k = 0; k < half; k++) {
      double c, s;
      root_of_unity(k, m, c, s);
      const double tr = fr[k] * c - fi[k] * s, ti = fr[k] * s + fi[k] * c;
      re[k] = er[k] + tr, im[k] = ei[k] + ti;
      re[k + half] = er[k] - tr, im[k + half] = ei[k] - ti;
    }
  }

  static void set_root(std::vector<T>& table, Index at, Index numerator, Index denominator) {
    double c, s;
    root_of_unity(numerator, denominator, c, s);
    table[2 * at] = static_cast<T>(c), table[2 * at + 1] = static_cast<T>(s);
  }

  Index n_;
  Kind kind_;
  ComplexFft<T> fft_;
  std::vector<T> roots_, taps_;
  std::vector<Index> odd_columns_;
};

}  // namespace spectro
