// Real signals by complex transforms of half the length.
//
// The 2N samples of a frame are N complex points z_m = x_2m + i x_(2m+1). With E and O the spectra of the even
// and the odd samples, Z = E + iO, and both are Hermitian, so
//   E_k = (Z_k + conj Z_(N-k)) / 2,   O_k = -i (Z_k - conj Z_(N-k)) / 2,
//   X_k = E_k + w^k O_k,   X_(N-k) = conj(E_k - w^k O_k),   w = exp(-2 pi i / 2N).
// A table of roots holds w^k for k < N, followed by the tables of the passes (gpu/plans.py).
//
// A pass of radix R works on M = N/R butterflies; the points of butterfly p are p + rM, and N - (p + rM) is
// point R-1-r of butterfly M - p. So a thread that owns both (fft.h, Paired) has every k beside its N - k in
// registers, and the step between points and bins needs no memory at all. The pair of butterflies 0 and M/2
// mirror into themselves; below, p == 0 picks their partners, with N/2 left over, where X = conj Z
// (2 conj Z of a halved Z).

namespace spectro {

// Two bins, or two points, that mirror each other: at k and at N - k.
struct Mirrored {
  float2 low, high;
};

// From Z_k and Z_(N-k), halved in advance (by the window), to X_k and X_(N-k).
FN Mirrored real_bins(Mirrored z, float2 root) {
  const float2 m = conj_(z.high);
  const float2 even = z.low + m, odd = cmul(root, times_minus_i(z.low - m));
  return Mirrored{even + odd, conj_(even - odd)};
}

// The way back, up to a factor 2: from X_k and X_(N-k) to Z_k and Z_(N-k).
FN Mirrored packed_points(Mirrored x, float2 root) {
  const float2 m = conj_(x.high);
  const float2 even = x.low + m, odd = cmul(conj_(root), x.low - m);
  return Mirrored{even + times_i(odd), conj_(even) + times_i(conj_(odd))};
}

// The R slots of a pair of butterflies a (v[0 .. R-1]) and b (v[R .. 2R-1]): slot j holds bins k and N - k.
template <int N, int R>
struct Slots {
  static constexpr TABLE int M = N / R;
  static constexpr TABLE int half_ = (R + 1) / 2;            // slots of butterfly 0 with itself
  static constexpr TABLE bool twins = M % 2 == 0;            // there is a butterfly M/2
  static constexpr TABLE int middle = R % 2 == 0 ? R / 2 : R + R / 2;   // where N/2 is, for p == 0

  static FN int bin(int p, int j) {
    return p != 0 ? p + j * M : j < half_ ? j * M : twins ? M / 2 + (j - half_) * M : 0;
  }
  static FN Mirrored get(const THREAD float2* v, int p, int j) {
    const int own = j < half_ ? j : twins ? R + j - half_ : 0;
    const int partner = j < half_ ? (R - j) % R : twins ? 2 * R - 1 - (j - half_) : 0;
    return p != 0 ? Mirrored{v[j], v[2 * R - 1 - j]} : Mirrored{v[own], v[partner]};
  }
  // z[j] of all slots, and twice the point at N/2, back into the two butterflies.
  static FN void put(THREAD float2* v, const THREAD Mirrored* z, float2 centre, int p) {
    UNROLL
    for (int r = 0; r < R; ++r) {
      const float2 a = r < half_ ? z[r].low : 2 * r == R ? centre : z[R - r].high;
      const int j = R - 1 - r;
      const float2 b = !twins ? a : r < R / 2 ? z[half_ + r].low : 2 * r + 1 == R ? centre : z[half_ + j].high;
      v[r] = p != 0 ? z[r].low : a;
      v[R + r] = p != 0 ? z[j].high : b;
    }
  }
};

}  // namespace spectro
