// Fused short-time Fourier transform: pad, frame, window, real FFT, scale, store. One launch, nothing in between.

namespace spectro {

// Bins k and N - k of a frame, and with two sides their conjugates.
template <int N, bool ONESIDED>
FN void store_bins(GLOBAL float2* out, int k, const THREAD Mirrored& x) {
  out[k] = x.low;
  out[N - k] = x.high;
  if (!ONESIDED && k > 0) {
    out[2 * N - k] = conj_(x.low);
    out[N + k] = conj_(x.high);
  }
}

// params: length, frames, hop, pad_left, groups a row, groups, groups_x
// window: halved (real.h), and times the gain of the bins
// gains:  of the first and the last bin besides (it differs in an adjoint)
template <int N, int T, int FRAMES, int SKEW, int MODE, bool ONESIDED, int R, int... Rest>
FN void stft(const GLOBAL float* audio, const GLOBAL float* window, const GLOBAL float2* root,
             const GLOBAL int* params, const GLOBAL float* gains, GLOBAL float2* spectrum,
             SHARED float2* work, int t, int slot, int group) {
  typedef Forward<N, T, SKEW, 1, R, Rest...> Transform;
  typedef Paired<N / Transform::last, T> Owner;
  typedef Slots<N, Transform::last> Bins;
  const int length = params[0], frames = params[1];
  const Place place = place_of(group, params[4], params[5]);
  const int number = place.index * FRAMES + slot, frame = min_(number, frames - 1);
  const float outer = gains[0];

  float2 v[Transform::points];
  load_frame<N, T, R, MODE>(v, audio + int64_t(place.batch) * length, length,
                            int64_t(frame) * params[2] - params[3], window, t);
  Transform::run(v, work, root + N, t);
  if (!place.live || number >= frames) return;

  GLOBAL float2* out = spectrum + (int64_t(place.batch) * frames + frame) * (ONESIDED ? N + 1 : 2 * N);
  UNROLL
  for (int b = 0; b < Owner::count; b += 2) {
    if (!Owner::mine(t, b)) continue;
    const int p = Owner::at(t, b);
    const THREAD float2* pair = v + b * Transform::last;
    UNROLL
    for (int j = 0; j < Transform::last; ++j) {
      const int k = Bins::bin(p, j);
      Mirrored x = real_bins(Bins::get(pair, p, j), root[k]);
      if (j == 0 && p == 0) {
        x.low = outer * x.low;
        x.high = outer * x.high;
      }
      store_bins<N, ONESIDED>(out, k, x);
    }
    if (p == 0 && N % 2 == 0) {
      const float2 x = 2.0f * conj_(pair[Bins::middle]);
      store_bins<N, ONESIDED>(out, N / 2, Mirrored{x, x});
    }
  }
}

}  // namespace spectro
