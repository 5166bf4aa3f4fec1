// The complex FFT under everything: mixed radix, decimation in frequency, in place, forward only.
//
// A pass of radix R over a block of length L = R S computes, for every k < S,
//     B_q[k] = w_L^{qk} * sum_j x[k + j S] w_R^{qj},      w_L = exp(-2 pi i / L),
// after which block q holds a transform of length S whose m-th output is X[R m + q]. The passes differ only in where
// their data comes from and goes to: the first reads through an Input (signal x window, say), those between work on
// the buffer, and the last hands every X[k] to an Output. With radices R_0 .. R_p the last pass has
// `columns` = R_0 .. R_{p-1} butterflies; the one of column c makes X[c + columns j], j < R_p, and reads its inputs
// at column_slot[c], where the digits of c lead (c = q_0 + R_0 (q_1 + R_1 (q_2 ..))). So nothing is ever reordered.
#pragma once
#include <vector>

#include "butterflies.h"

namespace spectro {

inline constexpr double pi = 3.14159265358979323846;

// Angles are reduced before they are multiplied, so that a twiddle is right to the last bit at any length.
inline void root_of_unity(Index numerator, Index denominator, double& c, double& s) {
  const double angle = -2 * pi * static_cast<double>(numerator % denominator) / static_cast<double>(denominator);
  c = std::cos(angle), s = std::sin(angle);
}

// Radices whose product is n, or nothing when a factor other than 2, 3, 5, 7 remains. Eights come last: the last
// pass is the one whose butterflies the real transforms pair up, so it should be the one with the fewest columns.
inline std::vector<int> radices_of(Index n) {
  int twos = 0;
  std::vector<int> odd, even;
  for (int p : {7, 5, 3})  // large first: an odd length saves most there (real_fft.h)
    while (n % p == 0) odd.push_back(p), n /= p;
  while (n % 2 == 0) twos++, n /= 2;
  if (n != 1) return {};
  int eights = twos / 3;
  twos %= 3;
  if (twos == 1 && eights > 0) eights--, twos = 4;  // 2 * 8 = 4 * 4
  std::vector<int> all;
  if (twos == 1) all.push_back(2);
  all.insert(all.end(), odd.begin(), odd.end());
  for (; twos >= 2; twos -= 2) all.push_back(4);
  for (; eights > 0; eights--) all.push_back(8);
  while (all.size() < 2) all.insert(all.begin(), 1);  // there is always a first and a last pass
  return all;
}

inline constexpr unsigned any_radix = ~0u;
constexpr unsigned radix_bit(int r) { return 1u << r; }

// Calls f.template operator()<R>() for the radix r; `allowed` says which can occur, to compile no others.
template <unsigned allowed, class F> SPECTRO_INLINE void with_radix(int r, const F& f) {
  auto attempt = [&](auto constant) {
    constexpr int R = decltype(constant)::value;
    if constexpr ((allowed & radix_bit(R)) != 0)
      if (r == R) f(constant);
  };
  attempt(std::integral_constant<int, 1>{});
  attempt(std::integral_constant<int, 2>{});
  attempt(std::integral_constant<int, 3>{});
  attempt(std::integral_constant<int, 4>{});
  attempt(std::integral_constant<int, 5>{});
  attempt(std::integral_constant<int, 7>{});
  attempt(std::integral_constant<int, 8>{});
}

template <class T> class ComplexFft {
 public:
  using V = Vec<T>;

  explicit ComplexFft(Index length) : length_(length), radices_(radices_of(length)) {
    Index block = length;
    for (std::size_t pass = 0; pass + 1 < radices_.size(); pass++) {
      const int r = radices_[pass];
      const Index s = block / r;
      std::vector<T> table(static_cast<std::size_t>(2 * s * (r - 1)) + 2);
      for (Index k = 0; k < s; k++)
        for (int q = 1; q < r; q++) {
          double c, d;
          root_of_unity(k * q, block, c, d);
          table[2 * (k * (r - 1) + q - 1)] = static_cast<T>(c);
          table[2 * (k * (r - 1) + q - 1) + 1] = static_cast<T>(d);
        }
      twiddles_.push_back(std::move(table));
      block = s;
    }
    columns = length / last_radix();
    column_slot.resize(static_cast<std::size_t>(columns));
    for (Index c = 0; c < columns; c++) {
      Index rest = c, slot = 0, len = length;
      for (std::size_t pass = 0; pass + 1 < radices_.size(); pass++) {
        len /= radices_[pass];
        slot += rest % radices_[pass] * (pass == 0 ? len + outer_gap : len);
        rest /= radices_[pass];
      }
      column_slot[c] = slot;
    }
  }

  Index length() const { return length_; }
  int first_radix() const { return radices_.front(); }
  int last_radix() const { return radices_.back(); }
  Index buffer_vectors() const { return 2 * (length_ + outer_gap * first_radix()); }

  // All passes but the last. Of the first pass's R_0 blocks only half are wanted where the Input is `halved`, as that of
  // a real signal.
  template <class Input> void all_but_last(const Input& in, V* buffer) const {
    const int blocks = Input::halved ? first_radix() / 2 + 1 : first_radix();
    with_radix<Input::radices>(first_radix(), [&](auto r) { first_pass<r.value>(in, buffer); });
    Index len = length_ / first_radix(), per_outer = 1;
    for (std::size_t pass = 1; pass + 1 < radices_.size(); pass++) {
      const int radix = radices_[pass];
      with_radix<any_radix & ~radix_bit(1)>(radix, [&](auto r) {
        for (int q = 0; q < blocks; q++)
          for (Index z = 0; z < per_outer; z++)
            middle_pass<r.value>(buffer + 2 * (q * (length_ / first_radix() + outer_gap) + z * len), len,
                                 twiddles_[pass].data());
      });
      len /= radix, per_outer *= radix;
    }
  }

  // The outputs X[c + columns j] of one column, in registers.
  template <int R> SPECTRO_INLINE void last_column(const V* buffer, Index c, V* re, V* im) const {
    const V* p = buffer + 2 * column_slot[c];
    for (int j = 0; j < R; j++) re[j] = p[2 * j], im[j] = p[2 * j + 1];
    dft<T, R>(re, im);
  }

  Index columns = 0;

 private:
  // One slot between the outer blocks keeps their addresses from agreeing modulo a power of two (cache aliasing).
  static constexpr Index outer_gap = 1;

  SPECTRO_INLINE static void turn(V* slot, V re, V im, const T* twiddle) {
    const T c = twiddle[0], s = twiddle[1];
    slot[0] = re * c - im * s;
    slot[1] = re * s + im * c;
  }

  template <int R, class Input> __attribute__((noinline)) void first_pass(const Input& in, V* buffer) const {
    constexpr int blocks = Input::halved ? R / 2 + 1 : R;
    const Index s = length_ / R, pitch = s + outer_gap;
    const T* twiddle = twiddles_[0].data();
    for (Index k = 0; k < s; k++, twiddle += 2 * (R - 1)) {
      V re[R], im[R];
      for (int j = 0; j < R; j++) in(k + j * s, re[j], im[j]);
      dft<T, R>(re, im);
      buffer[2 * k] = re[0], buffer[2 * k + 1] = im[0];
      for (int q = 1; q < blocks; q++)
        turn(buffer + 2 * (q * pitch + k), re[q], im[q], twiddle + 2 * (q - 1));
    }
  }

  template <int R> __attribute__((noinline)) static void middle_pass(V* block, Index length, const T* twiddle) {
    const Index s = length / R;
    for (Index k = 0; k < s; k++, twiddle += 2 * (R - 1)) {
      V re[R], im[R];
      for (int j = 0; j < R; j++) re[j] = block[2 * (k + j * s)], im[j] = block[2 * (k + j * s) + 1];
      dft<T, R>(re, im);
      block[2 * k] = re[0], block[2 * k + 1] = im[0];
      for (int q = 1; q < R; q++) turn(block + 2 * (q * s + k), re[q], im[q], twiddle + 2 * (q - 1));
    }
  }

  Index length_;
  std::vector<int> radices_;
  std::vector<std::vector<T>> twiddles_;
  std::vector<Index> column_slot;
};

}  // namespace spectro
