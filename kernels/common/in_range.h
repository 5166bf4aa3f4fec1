// Scales bands, and lifts them to a range below their peak: y <- max(scaled(y), scaled(peak) - range).
//
// The logarithm is taken here rather than where the bands are made: this kernel waits for memory, that one computes.
// As every scale rises with y, the peak may be sought before it is scaled.

namespace spectro {

#define VALUES 4   // a thread's; all are loaded before one is stored, which the compiler could not reorder

// params: values a row, rows, groups a row, groups, groups_x, whether all rows share the first one's peak
// gains:  multiplier, floor, gain, offset (scaling.h), range
template <int SCALE>
FN void in_range(const GLOBAL float* bands, const GLOBAL float* peaks, const GLOBAL int* params,
                 const GLOBAL float* gains, GLOBAL float* out, int thread_, int threads, int group) {
  if (group >= params[3]) return;
  const int row = group / params[2], length = params[0];
  const int64_t first = int64_t(row) * length, begin = int64_t(group % params[2]) * VALUES * threads + thread_;
  const Scaling scaling = Scaling{gains[0], gains[1], gains[2], gains[3]};
  float y[VALUES];
  UNROLL
  for (int i = 0; i < VALUES; ++i) y[i] = begin + i * threads < length ? bands[first + begin + i * threads] : 0.0f;

  const GLOBAL float* peak = peaks + (params[5] != 0 ? 0 : row * PEAKS);
  float most = peak[0];
  for (int i = 1; i < PEAKS; ++i) most = peak[i] <= most ? most : peak[i];   // NaN is the largest
  const float least = scaled<SCALE>(most, scaling) - gains[4];
  UNROLL
  for (int i = 0; i < VALUES; ++i) {
    const float value = scaled<SCALE>(y[i], scaling);
    if (begin + i * threads < length) out[first + begin + i * threads] = least <= value || value != value ? value : least;
  }
}

}  // namespace spectro
