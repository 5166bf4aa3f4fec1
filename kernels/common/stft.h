// Fused short-time Fourier transform: pad, frame, window, real FFT, scale, store. One launch, nothing in between.

namespace spectro {

// params: length, frames, hop, pad_left, groups a row, groups, groups_x
// gains:  scale of the inner bins, of the first and the last bin (they differ in an adjoint)
template <int N, int T, int FRAMES, int SKEW, int MODE, bool ONESIDED, int R, int... Rest>
FN void stft(const GLOBAL float* audio, const GLOBAL float* window, const GLOBAL float2* root,
             const GLOBAL int* params, const GLOBAL float* gains, GLOBAL float2* spectrum,
             SHARED float2* work, int t, int slot, int group) {
  typedef Passes<N, T, SKEW, 1, R, Rest...> Transform;
  const int bins = ONESIDED ? N + 1 : 2 * N;
  const int length = params[0], frames = params[1];
  const Place place = place_of(group, params[4], params[5]);
  const int number = place.index * FRAMES + slot, frame = min_(number, frames - 1);
  const bool live = place.live && number < frames;

  float2 v[Transform::points];
  load_frame<N, T, R, SKEW, MODE>(v, audio + int64_t(place.batch) * length, length,
                                  int64_t(frame) * params[2] - params[3], window, t);
  Transform::run(v, work, root + N, t, slot);
  if (!live) return;

  GLOBAL float2* out = spectrum + (int64_t(place.batch) * frames + frame) * bins;
  for (int k = t; k <= N / 2; k += T) {
    const Mirrored x = real_bins(work[skewed<SKEW>(k)], work[skewed<SKEW>(k == 0 ? 0 : N - k)], root[k]);
    const float gain = gains[k == 0 ? 1 : 0];
    const float2 low = gain * x.low, high = gain * x.high;
    out[k] = low;
    out[N - k] = high;
    if (!ONESIDED && k > 0) {
      out[2 * N - k] = conj_(low);
      out[N + k] = conj_(high);
    }
  }
}

}  // namespace spectro
