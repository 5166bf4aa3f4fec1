// Fused filtered spectrogram: STFT, |X|^p, sparse filterbank, scale. The spectrum never leaves the group.
//
// A filter is a run of bins: `spans` holds (first bin, count, offset into weights) for each. Powers stay where
// the transform left them (in the real part of each point; the last bin in the imaginary part of point 0).

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

template <int SKEW>
FN float power_at(const SHARED float2* work, int k, int n) {
  return k < n ? work[skewed<SKEW>(k)].x : work[0].y;
}

// params: length, frames, hop, pad_left, groups a row, groups, groups_x, bands
template <int N, int T, int FRAMES, int SKEW, int WORDS, int MODE, int POWER, int SCALE, bool BASE10,
          bool BANDS_FIRST, int R, int... Rest>
FN void filtered(const GLOBAL float* audio, const GLOBAL float* window, const GLOBAL float2* root,
                 const GLOBAL int* spans, const GLOBAL float* weights, const GLOBAL int* params,
                 const GLOBAL float* gains, GLOBAL float* out, SHARED float2* work, int t, int slot, int group) {
  typedef Passes<N, T, SKEW, 1, R, Rest...> Transform;
  const int length = params[0], frames = params[1], bands = params[7];
  const Place place = place_of(group, params[4], params[5]);
  const int first = place.index * FRAMES, frame = min_(first + slot, frames - 1);
  SHARED float2* own = work + slot * WORDS;

  float2 v[Transform::points];
  load_frame<N, T, R, SKEW, MODE>(v, audio + int64_t(place.batch) * length, length,
                                  int64_t(frame) * params[2] - params[3], window, t);
  Transform::run(v, own, root + N, t, slot);
  for (int k = t; k <= N / 2; k += T) {
    const int low = skewed<SKEW>(k), high = skewed<SKEW>(k == 0 ? 0 : N - k);
    const Mirrored x = real_bins(own[low], own[high], root[k]);
    const float a = powered<POWER>(x.low, gains[4]), b = powered<POWER>(x.high, gains[4]);
    if (k == 0) {
      own[0] = float2{a, b};
    } else {
      own[low].x = a;
      own[high].x = b;
    }
  }
  group_sync();

  // Neighbouring threads take neighbouring frames of one band: they share its weights, and write side by side.
  for (int i = slot * T + t; i < bands * FRAMES; i += T * FRAMES) {
    const int band = i / FRAMES, f = i % FRAMES;
    const int begin = spans[3 * band], count = spans[3 * band + 1];
    const GLOBAL float* w = weights + spans[3 * band + 2];
    const SHARED float2* power = work + f * WORDS;
    float sum = 0.0f;
    for (int j = 0; j < count; ++j) sum += w[j] * power_at<SKEW>(power, begin + j, N);
    if (place.live && first + f < frames) {
      const int64_t at = BANDS_FIRST ? (int64_t(place.batch) * bands + band) * frames + first + f
                                     : (int64_t(place.batch) * frames + first + f) * bands + band;
      out[at] = scaled<SCALE, BASE10>(sum, gains);
    }
  }
}

}  // namespace spectro
