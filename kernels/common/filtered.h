// Fused filtered spectrogram: STFT, |X|^p, sparse filterbank, scale. The spectrum never leaves the group.
//
// A filter is a run of bins: `spans` holds (first bin + 2^16 bins, offset into the fours of weights) for each. The N + 1
// powers of each frame take the place of the points in shared memory, with a stride that keeps frames off each other's
// banks.

namespace spectro {

// |x|^p. POWER 0 is any p.
template <int POWER>
FN float powered(float2 x, float p) {
  const float square = x.x * x.x + x.y * x.y;
  if (POWER == 2) return square;
  if (POWER == 1) return sqrt_(square);
  return square > 0.0f ? pow_(square, 0.5f * p) : 0.0f;
}

// Four running sums: they do not wait for each other, and rounding errors grow with a quarter of the terms.
FN float weighted_sum(const GLOBAL float4* weights, const SHARED float* power, int bins) {
  float a = 0.0f, b = 0.0f, c = 0.0f, d = 0.0f;
  for (; bins > 3; bins -= 4, ++weights, power += 4) {
    const float4 w = *weights;
    a += w.x * power[0];
    b += w.y * power[1];
    c += w.z * power[2];
    d += w.w * power[3];
  }
  if (bins > 0) {   // most filters are narrow: what no bin lies under is not read
    const float4 w = *weights;
    a += w.x * power[0];
    if (bins > 1) b += w.y * power[1];
    if (bins > 2) c += w.z * power[2];
  }
  return (a + b) + (c + d);
}

// The largest of what a group's threads hold, as PEAKS partial results (gpu/filtering.py puts those together).
#define LEAST_FLOAT -3.402823466e38f
FN void store_peaks(GLOBAL float* peaks, float mine, SHARED float* all, int thread_, int threads, bool live) {
  group_sync();   // nobody reads powers any more
  all[thread_] = mine;
  group_sync();
  for (int i = thread_ + PEAKS; i < threads; i += PEAKS) mine = all[i] <= mine ? mine : all[i];   // NaN wins
  if (live && thread_ < PEAKS) peaks[thread_] = mine;
}

// Where a frame's N + 1 powers lie, from those of the frame before: as a simdgroup reads a bin of all
// FRAMES, and some other bin beside it, these places should be in different banks.
template <int N, int FRAMES, int WORDS>
FN int power_stride() {
  const int least = N + 1, spread = 32 / FRAMES;
  const int wide = least + (32 + spread - least % 32) % 32;
  return 32 % FRAMES == 0 && FRAMES >= 4 && wide <= 2 * WORDS ? wide : least | 1;
}

// params: length, frames, hop, pad_left, groups a row, groups, groups_x, bands
// gains:  multiplier, floor, gain, offset, p
// window: halved (real.h)
template <int N, int T, int FRAMES, int SKEW, int WORDS, int MODE, int POWER, int SCALE,
          bool BANDS_FIRST, bool PEAK, int R, int... Rest>
FN void filtered(const GLOBAL float* audio, const GLOBAL float* window, const GLOBAL float2* root,
                 const GLOBAL int2* spans, const GLOBAL float4* weights, const GLOBAL int* params,
                 const GLOBAL float* gains, GLOBAL float* out, GLOBAL float* peaks, SHARED float2* work, int t,
                 int slot, int group) {
  typedef Forward<N, T, SKEW, 1, R, Rest...> Transform;
  typedef Paired<N / Transform::last, T> Owner;
  typedef Slots<N, Transform::last> Bins;
  const int length = params[0], frames = params[1], bands = params[7];
  const Place place = place_of(group, params[4], params[5]);
  const int first = place.index * FRAMES, frame = min_(first + slot, frames - 1);
  const Scaling scaling = Scaling{gains[0], gains[1], gains[2], gains[3]};
  const float p_norm = gains[4];
  const int STRIDE = power_stride<N, FRAMES, WORDS>();

  float2 v[Transform::points];
  load_frame<N, T, R, MODE>(v, audio + int64_t(place.batch) * length, length,
                            int64_t(frame) * params[2] - params[3], window, t);
  Transform::run(v, work + slot * WORDS, root + N, t);
  group_sync();   // all have read their last points, so powers may lie across frames
  SHARED float* own = (SHARED float*)work + slot * STRIDE;
  UNROLL
  for (int b = 0; b < Owner::count; b += 2) {
    if (!Owner::mine(t, b)) continue;
    const int p = Owner::at(t, b);
    const THREAD float2* pair = v + b * Transform::last;
    UNROLL
    for (int j = 0; j < Transform::last; ++j) {
      const int k = Bins::bin(p, j);
      const Mirrored x = real_bins(Bins::get(pair, p, j), root[k]);
      own[k] = powered<POWER>(x.low, p_norm);
      own[N - k] = powered<POWER>(x.high, p_norm);
    }
    if (p == 0 && N % 2 == 0) own[N / 2] = powered<POWER>(2.0f * pair[Bins::middle], p_norm);
  }
  group_sync();

  // Neighbouring threads take neighbouring frames of one band: they share its weights, and write side by side.
  // A filter's span is loaded a round ahead, since the compiler must not move loads across the store.
  const int thread_ = slot * T + t, f = thread_ % FRAMES;
  const SHARED float* power = (const SHARED float*)work + f * STRIDE;
  const int64_t row = int64_t(place.batch) * (BANDS_FIRST ? bands : frames), step = BANDS_FIRST ? frames : 1;
  const int end = place.live && first + f < frames ? bands : 0;
  int band = thread_ / FRAMES;
  GLOBAL float* to = out + (BANDS_FIRST ? (row + band) * frames + first + f : (row + first + f) * bands + band);
  int2 next = spans[min_(band, bands - 1)];
  float peak = LEAST_FLOAT, total = 0.0f;
  for (; band < end; band += T, to += T * step) {
    const int2 span = next;
    next = spans[min_(band + T, bands - 1)];
    const float y = scaled<SCALE>(
        weighted_sum(weights + span.y, power + (span.x & 0xffff), span.x >> 16), scaling);
    *to = y;
    if (PEAK) peak = max_(peak, y);
    if (PEAK) total += y;   // NaN if a value is
  }
  if (PEAK)
    store_peaks(peaks + int64_t(group) * PEAKS, total == total ? peak : total, (SHARED float*)work, thread_, T * FRAMES, place.live);
}

}  // namespace spectro
