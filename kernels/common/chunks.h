// Overlap-add of chunks of a signal (a separated stem, say), weighted by a window and divided by its sum:
//   y[q] = sum_c w[q - c hop] x_c[q - c hop] / sum_c w[q - c hop].
// One thread makes one sample and reads the chunks that cover it.

namespace spectro {

// params: length, chunks, hop, size, rows, groups_x;  gains: the least magnitude of summed weights to divide by
template <bool NORM>
FN void overlap_add_chunks(const GLOBAL float* chunks, const GLOBAL float* window, const GLOBAL int* params,
                           const GLOBAL float* gains, GLOBAL float* signal, int64_t i) {
  const int length = params[0], count = params[1], hop = params[2], size = params[3];
  if (i >= int64_t(params[4]) * length) return;
  const int64_t row = i / length;
  const int q = int(i - row * length);
  const int last = min_(q / hop, count - 1);
  const GLOBAL float* x = chunks + row * count * size;
  float sum = 0.0f, weight = 0.0f;
  for (int c = last; c >= 0 && q - int64_t(c) * hop < size; --c) {
    const int m = q - c * hop;
    sum += window[m] * x[int64_t(c) * size + m];
    weight += window[m];
  }
  const bool divide = NORM && (weight > gains[0] || -weight > gains[0]);
  signal[i] = divide ? sum / weight : sum;
}

}  // namespace spectro
