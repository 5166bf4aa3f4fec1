// Adjoint of the filtered spectrogram, in one launch: with y_m = sum_k W_mk |X_k|^p and cotangent c,
//   dL/d|X_k|^p = sum_m W_mk c_m =: g_k,   dL/dX_k = g_k p |X_k|^(p-2) X_k,
// and from there the adjoint of the STFT. Forward and backward transform share the frame's place in memory.

namespace spectro {

// p |x|^(p-2), with 0 at x = 0.
template <int POWER>
FN float power_slope(float2 x, float p) {
  const float square = x.x * x.x + x.y * x.y;
  if (POWER == 2) return 2.0f;
  if (!(square > 0.0f)) return 0.0f;
  if (POWER == 1) return 1.0f / sqrt_(square);
  return p * pow_(square, 0.5f * p - 1.0f);
}

// `columns` holds (first band, count, offset into weights) for each bin; the cotangent is [batch, bands, frames].
FN float bin_slope(const GLOBAL int* columns, const GLOBAL float* weights, const GLOBAL float* cotangent,
                   int k, int frames) {
  const int begin = columns[3 * k], count = columns[3 * k + 1];
  const GLOBAL float* w = weights + columns[3 * k + 2];
  float sum = 0.0f;
  for (int j = 0; j < count; ++j) sum += w[j] * cotangent[int64_t(begin + j) * frames];
  return sum;
}

// params: length, frames, chunks a tile, pad_left, groups a row, groups, groups_x, bands.   gains[4]: p
template <int N, int T, int FRAMES, int SKEW, int WORDS, int HOP, int MODE, int POWER, int R, int... Rest>
FN void filtered_adjoint(const GLOBAL float* audio, const GLOBAL float* cotangent, const GLOBAL float* window,
                         const GLOBAL float2* root, const GLOBAL int* columns, const GLOBAL float* weights,
                         const GLOBAL int* params, const GLOBAL float* gains, GLOBAL float* signal,
                         SHARED float2* work, SHARED float* ring, int t, int slot, int group) {
  typedef Passes<N, T, SKEW, 1, R, Rest...> Transform;
  const bool FOLD = MODE == PAD_REFLECT;
  const int length = params[0], frames = params[1], pad = params[3];
  const Place place = place_of(group, params[4], params[5]);
  const Tile tile = tile_of<N, FRAMES, HOP, FOLD>(place.index, params[2], pad);
  const GLOBAL float* row = audio + int64_t(place.batch) * length;
  const int thread_ = slot * T + t, size = Ring<N, FRAMES, HOP, FOLD>::size;
  SHARED float2* own = work + slot * WORDS;

  for (int p = thread_; p < size; p += T * FRAMES) ring[p] = 0.0f;
  int head = 0;
  for (int c = 0; c < tile.chunks; ++c) {
    const int first = tile.first + c * FRAMES;
    const int last = first + slot < frames ? first + slot : frames - 1, frame = last < 0 ? 0 : last;
    const GLOBAL float* slope = cotangent + int64_t(place.batch) * params[7] * frames + frame;
    float2 v[Transform::points];
    load_frame<N, T, R, SKEW, MODE>(v, row, length, int64_t(frame) * HOP - pad, window, t);
    Transform::run(v, own, root + N, t, slot);
    for (int k = t; k <= N / 2; k += T) {
      const int low = skewed<SKEW>(k), high = skewed<SKEW>(k == 0 ? 0 : N - k);
      const Mirrored x = real_bins(own[low], own[high], root[k]);
      // The adjoint of the real FFT counts inner bins once where the inverse counts them twice: 1/2, and 1.
      const float half_ = k == 0 ? 1.0f : 0.5f;
      const float a = half_ * power_slope<POWER>(x.low, gains[4]) * bin_slope(columns, weights, slope, k, frames);
      const float b = half_ * power_slope<POWER>(x.high, gains[4]) * bin_slope(columns, weights, slope, N - k, frames);
      const Mirrored z = packed_points(a * x.low, b * x.high, root[k]);
      own[low] = swapped(z.low);
      if (k != 0) own[high] = swapped(z.high);
    }
    frame_sync<T>(slot);
    Transform::First::read(v, own, t);
    frame_sync<T>(slot);
    Transform::run(v, own, root + N, t, slot);
    group_sync();
    add_chunk<N, T, FRAMES, HOP, SKEW, WORDS, FOLD, false>(
        work, ring, head, first, frames, window, window, 0.0f, tile, pad, length,
        signal + int64_t(place.batch) * length, place.live, thread_);
    group_sync();
    head += FRAMES * HOP;
    head = head < size ? head : head - size;
  }
}

}  // namespace spectro
