// Real signals by complex transforms of half the length.
//
// The 2N samples of a frame are N complex points z_m = x_2m + i x_(2m+1). With E and O the spectra of the even
// and the odd samples, Z = E + iO, and both are Hermitian, so
//   E_k = (Z_k + conj Z_(N-k)) / 2,   O_k = -i (Z_k - conj Z_(N-k)) / 2,
//   X_k = E_k + w^k O_k,   X_(N-k) = conj(E_k - w^k O_k),   w = exp(-2 pi i / 2N),  0 <= k <= N/2.
// `root` holds w^k for k < N, followed by the tables of the passes (gpu/plans.py).

namespace spectro {

// Two bins, or two points, that mirror each other: at k and at N - k.
struct Mirrored {
  float2 low, high;
};

FN Mirrored real_bins(float2 z, float2 mirror, float2 root) {
  const float2 m = conj_(mirror);
  const float2 even = 0.5f * (z + m), odd = cmul(root, 0.5f * times_minus_i(z - m));
  return Mirrored{even + odd, conj_(even - odd)};
}

// The way back, up to a factor 2: from X_k and X_(N-k) to Z_k (and Z_(N-k)).
FN Mirrored packed_points(float2 x, float2 mirror, float2 root) {
  const float2 m = conj_(mirror);
  const float2 even = x + m, odd = cmul(conj_(root), x - m);
  return Mirrored{even + times_i(odd), conj_(even) + times_i(conj_(odd))};
}

}  // namespace spectro
