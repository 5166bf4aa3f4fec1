// Lifts values to a range below their peak: y <- max(y, peak - range), the peak being the largest of PEAKS partial ones.
//
// From the end to the beginning, as the values written last are those a cache still holds.

namespace spectro {

#define PEAKS 8
#define LIFTED 4   // values a thread lifts

// params: values a row, rows, groups a row, groups, groups_x, whether all rows share the first one's peak
// gains:  the range
FN void lift(const GLOBAL float* values, const GLOBAL float* peaks, const GLOBAL int* params, const GLOBAL float* gains,
             GLOBAL float* lifted, int thread_, int threads, int group) {
  if (group >= params[3]) return;
  const int turned = params[3] - 1 - group, row = turned / params[2], length = params[0];
  const GLOBAL float* peak = peaks + (params[5] != 0 ? 0 : row * PEAKS);
  float least = peak[0];
  for (int i = 1; i < PEAKS; ++i) least = peak[i] <= least ? least : peak[i];   // NaN is the largest
  least -= gains[0];
  const int64_t first = int64_t(row) * length;
  UNROLL
  for (int i = 0; i < LIFTED; ++i) {
    const int64_t at = (int64_t(turned % params[2]) * LIFTED + i) * threads + thread_;
    if (at >= length) continue;
    const float y = values[first + at];
    lifted[first + at] = least <= y || y != y ? y : least;
  }
}

}  // namespace spectro
