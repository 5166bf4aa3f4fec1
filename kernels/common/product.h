// A matrix product in float32, for GPUs whose own takes shorter factors: y[r, m] = sum_k x[r, k] w[k, m].
//
// A group of 16 x 16 threads makes a tile of 64 x 64, 4 x 4 results a thread, from strips of DEPTH columns of x and rows
// of w in shared memory. Each strip is summed by itself, so that rounding errors grow with the number of strips.

namespace spectro {

#define PRODUCT_TILE 64
#define PRODUCT_DEPTH 16

// params: rows, depth, columns, tiles across, groups, groups_x
FN void product(const GLOBAL float* x, const GLOBAL float* w, const GLOBAL int* params, GLOBAL float* y,
                SHARED float* strip_x, SHARED float* strip_w, int thread_, int group) {
  const int TILE = PRODUCT_TILE, DEPTH = PRODUCT_DEPTH, ROW = TILE + 1;
  const int rows = params[0], depth = params[1], columns = params[2], across = params[3];
  const int64_t top = int64_t(group / across) * TILE;
  const int left = group % across * TILE, down = thread_ / 16, right = thread_ % 16;
  float sum[16] = {0.0f};
  for (int from = 0; from < depth; from += DEPTH) {
    group_sync();   // all have read the last strips
    UNROLL
    for (int e = thread_; e < TILE * DEPTH; e += 256) {
      const int r = e / DEPTH, k = e % DEPTH, m = e % TILE, l = e / TILE;
      strip_x[k * ROW + r] = top + r < rows && from + k < depth ? x[(top + r) * depth + from + k] : 0.0f;
      strip_w[e] = left + m < columns && from + l < depth ? w[int64_t(from + l) * columns + left + m] : 0.0f;
    }
    group_sync();
    float part[16] = {0.0f};
    for (int k = 0; k < DEPTH; ++k) {
      UNROLL
      for (int i = 0; i < 16; ++i)
        part[i] += strip_x[k * ROW + down + i / 4 * 16] * strip_w[k * TILE + right + i % 4 * 16];
    }
    UNROLL
    for (int i = 0; i < 16; ++i) sum[i] += part[i];
  }
  UNROLL
  for (int i = 0; i < 16; ++i) {
    const int64_t r = top + down + i / 4 * 16;
    const int m = left + right + i % 4 * 16;
    if (r < rows && m < columns) y[r * columns + m] = sum[i];
  }
}

}  // namespace spectro
