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

// `columns` holds (first band + 2^16 count, offset into weights) for each bin; the cotangent is
// [batch, bands, frames].
FN float bin_slope(const GLOBAL int2* columns, const GLOBAL float* weights, const GLOBAL float* cotangent,
                   int k, int frames) {
  const int2 column = columns[k];
  const int begin = column.x & 0xffff, count = column.x >> 16;
  const GLOBAL float* w = weights + column.y;
  float sum = 0.0f;
  for (int j = 0; j < count; ++j) sum += w[j] * cotangent[int64_t(begin + j) * frames];
  return sum;
}

// params: length, frames, chunks a tile, pad_left, groups a row, groups, groups_x, bands.   gains[4]: p
// BACK are the radices of the inverse: those of the forward transform in reverse, so that the points the one ends
// with are the points the other starts from.
template <int N, int T, int FRAMES, int SKEW, int WORDS, int HOP, int MODE, int POWER, typename There, typename Back,
          int R>
FN void filtered_adjoint(const GLOBAL float* audio, const GLOBAL float* cotangent, const GLOBAL float* window,
                         const GLOBAL float2* root, const GLOBAL float2* root_back, const GLOBAL int2* columns,
                         const GLOBAL float* weights, const GLOBAL int* params, const GLOBAL float* gains,
                         GLOBAL float* signal, SHARED float2* work, SHARED float* ring, int t, int slot, int group) {
  const int L = There::last;
  typedef Paired<N / There::last, T> Owner;
  typedef Slots<N, There::last> Bins;
  const bool FOLD = MODE == PAD_REFLECT;
  const int length = params[0], frames = params[1], pad = params[3];
  const Place place = place_of(group, params[4], params[5]);
  const Tile tile = tile_of<N, FRAMES, HOP, FOLD>(place.index, params[2]);
  const GLOBAL float* row = audio + int64_t(place.batch) * length;
  const int thread_ = slot * T + t, size = Ring<N, FRAMES, HOP, FOLD>::size;
  const float p_norm = gains[4];
  SHARED float2* own = work + slot * WORDS;

  for (int p = thread_; p < size; p += T * FRAMES) ring[p] = 0.0f;
  int head = 0;
  for (int c = 0; c < tile.chunks; ++c) {
    const int first = tile.first + c * FRAMES;
    const int before = min_(first + slot, frames - 1), frame = before < 0 ? 0 : before;   // add_chunk skips strays
    const GLOBAL float* slope = cotangent + int64_t(place.batch) * params[7] * frames + frame;
    float2 v[There::points > Back::points ? There::points : Back::points];
    load_frame<N, T, R, MODE>(v, row, length, int64_t(frame) * HOP - pad, window, t);
    There::run(v, own, root + N, t);
    UNROLL
    for (int i = 0; i < Owner::count; i += 2) {
      if (!Owner::mine(t, i)) continue;
      const int p = Owner::at(t, i);
      Mirrored z[There::last];
      UNROLL
      for (int j = 0; j < L; ++j) {
        const int k = Bins::bin(p, j);
        const float2 turn = root[k];
        const Mirrored x = real_bins(Bins::get(v + i * L, p, j), turn);
        // The adjoint of the real FFT counts inner bins once where the inverse counts them twice: 1/2, and 1. Both
        // are doubled, since the window on the way back is halved too.
        const float count = j == 0 && p == 0 ? 2.0f : 1.0f;
        const float a = bin_slope(columns, weights, slope, k, frames);
        const float b = bin_slope(columns, weights, slope, N - k, frames);
        const float low = count * power_slope<POWER>(x.low, p_norm) * a;
        const float high = count * power_slope<POWER>(x.high, p_norm) * b;
        const Mirrored y = packed_points(Mirrored{low * x.low, high * x.high}, turn);
        z[j] = Mirrored{swapped(y.low), swapped(y.high)};
      }
      float2 centre = float2{0.0f, 0.0f};
      if (p == 0 && N % 2 == 0) {   // X = 2 conj Z and back, so the point is only scaled
        const float2 x = 2.0f * v[i * L + Bins::middle];
        centre = (2.0f * power_slope<POWER>(x, p_norm) * bin_slope(columns, weights, slope, N / 2, frames)) * swapped(x);
      }
      Bins::put(v + i * L, z, centre, p);
    }
    frame_sync<T>();   // all have read their last points
    Back::run(v, own, root_back + N, window, t);
    group_sync();
    const Chunk chunk = Chunk{first, frames, head, int64_t(first) * HOP - pad - Ring<N, FRAMES, HOP, FOLD>::delay,
                              length, 1.0f, 0.0f, place.live && c >= tile.warm};
    add_chunk<N, T, FRAMES, HOP, SKEW, WORDS, FOLD, false>(chunk, work, ring, window, window,
                                                           signal + int64_t(place.batch) * length, thread_);
    group_sync();
    head += FRAMES * HOP;
    head = head < size ? head : head - size;
  }
}

}  // namespace spectro
