// Fused filtered spectrogram: STFT, |X|^p, sparse filterbank, scale. The spectrum never leaves the group.
//
// A filter is a run of bins: `spans` holds (first bin + 2^16 count, offset into weights) for each. The N + 1 powers
// of each frame take the place of the points in shared memory, an odd stride apart: neighbouring threads, which
// read one bin of neighbouring frames, then use different banks.

namespace spectro {

// How a band y becomes the output, numbered as in gpu/plans.py:
//   linear, gain log(max(y, floor)) + offset, gain log(y + floor) + offset, gain log(1 + y); y is scaled first.
#define SCALE_LINEAR 0
#define SCALE_LOG_CLAMP 1
#define SCALE_LOG_ADD 2
#define SCALE_LOG1P 3

FN float log1p_(float x) {
  const float u = 1.0f + x;   // Kahan: the error of rounding u cancels in the quotient
  return u == 1.0f ? x : log_(u) * (x / (u - 1.0f));
}

// gains: multiplier, floor, gain, offset, p. Decibels are base 10.
template <int SCALE, bool BASE10>
FN float scaled(float y, const GLOBAL float* gains) {
  if (SCALE == SCALE_LINEAR) return y;
  y = gains[0] * y;
  if (SCALE == SCALE_LOG1P) return gains[2] * log1p_(y);
  y = SCALE == SCALE_LOG_ADD ? y + gains[1] : max_(y, gains[1]);
  return gains[2] * (BASE10 ? log10_(y) : log_(y)) + gains[3];
}

// |x|^p. POWER 0 is any p.
template <int POWER>
FN float powered(float2 x, float p) {
  const float square = x.x * x.x + x.y * x.y;
  if (POWER == 2) return square;
  if (POWER == 1) return sqrt_(square);
  return square > 0.0f ? pow_(square, 0.5f * p) : 0.0f;
}

// Four running sums: they do not wait for each other, and rounding errors grow with a quarter of the terms.
FN float weighted_sum(const GLOBAL float* w, const SHARED float* power, int count) {
  float a = 0.0f, b = 0.0f, c = 0.0f, d = 0.0f;
  int j = 0;
  for (; j + 4 <= count; j += 4) {
    a += w[j] * power[j];
    b += w[j + 1] * power[j + 1];
    c += w[j + 2] * power[j + 2];
    d += w[j + 3] * power[j + 3];
  }
  for (; j < count; ++j) a += w[j] * power[j];
  return (a + b) + (c + d);
}

// params: length, frames, hop, pad_left, groups a row, groups, groups_x, bands
template <int N, int T, int FRAMES, int SKEW, int WORDS, int MODE, int POWER, int SCALE, bool BASE10,
          bool BANDS_FIRST, int R, int... Rest>
FN void filtered(const GLOBAL float* audio, const GLOBAL float* window, const GLOBAL float2* root,
                 const GLOBAL int2* spans, const GLOBAL float* weights, const GLOBAL int* params,
                 const GLOBAL float* gains, GLOBAL float* out, SHARED float2* work, int t, int slot, int group) {
  typedef Forward<N, T, SKEW, 1, R, Rest...> Transform;
  typedef Paired<N / Transform::last, T> Owner;
  typedef Slots<N, Transform::last> Bins;
  const int length = params[0], frames = params[1], bands = params[7];
  const Place place = place_of(group, params[4], params[5]);
  const int first = place.index * FRAMES, frame = min_(first + slot, frames - 1);
  const float p_norm = gains[4];
  const int STRIDE = (N + 1) | 1;

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
    if (p == 0 && N % 2 == 0) own[N / 2] = powered<POWER>(pair[Bins::middle], p_norm);
  }
  group_sync();

  // Neighbouring threads take neighbouring frames of one band: they share its weights, and write side by side.
  const int thread_ = slot * T + t, f = thread_ % FRAMES;
  if (!place.live || first + f >= frames) return;
  const SHARED float* power = (const SHARED float*)work + f * STRIDE;
  const int64_t row = int64_t(place.batch) * bands;
  for (int band = thread_ / FRAMES; band < bands; band += T) {
    const int2 span = spans[band];
    const GLOBAL float* w = weights + span.y;
    const int begin = span.x & 0xffff, count = span.x >> 16;
    const float sum = weighted_sum(w, power + begin, count);
    const int64_t at = BANDS_FIRST ? (row + band) * frames + first + f
                                   : (int64_t(place.batch) * frames + first + f) * bands + band;
    out[at] = scaled<SCALE, BASE10>(sum, gains);
  }
}

}  // namespace spectro
