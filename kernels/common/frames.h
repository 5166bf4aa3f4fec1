// Where a frame's samples come from: padding is arithmetic on the index, never a copy of the signal.

namespace spectro {

// Padding modes, numbered as in gpu/plans.py.
#define PAD_CONSTANT 0
#define PAD_REFLECT 1
#define PAD_EDGE 2
#define PAD_WRAP 3

// Sample i of the padded signal. Constant padding is zero.
template <int MODE>
FN float padded_sample(const GLOBAL float* signal, int64_t length, int64_t i) {
  if (MODE == PAD_CONSTANT) return i >= 0 && i < length ? signal[i] : 0.0f;
  if (MODE == PAD_REFLECT) {
    i = i < 0 ? -i : i;
    i = i < length ? i : 2 * (length - 1) - i;
  } else if (MODE == PAD_EDGE) {
    i = i < 0 ? 0 : (i < length ? i : length - 1);
  } else {
    i = i < 0 ? i + length : (i < length ? i : i - length);
  }
  return signal[i];
}

// The points t + b T + r N/R of one windowed frame that starts at `start`: the inputs of a first pass of radix R.
template <int N, int T, int R, int SKEW, int MODE>
FN void load_frame(THREAD float2* v, const GLOBAL float* signal, int64_t length, int64_t start,
                   const GLOBAL float* window, int t) {
  typedef Pass<N, T, R, 1, SKEW> First;
  const bool inside = start >= 0 && start + 2 * N <= length;
  const GLOBAL float* frame = signal + start;
  UNROLL
  for (int b = 0; b < First::B; ++b) {
    const int i = t + b * T;
    if (!First::mine(i)) continue;
    UNROLL
    for (int r = 0; r < R; ++r) {
      const int m = i + r * First::M;
      const float2 w = load_pair(window, m);
      const float2 x = inside ? load_pair(frame, m)
                              : float2{padded_sample<MODE>(signal, length, start + 2 * m),
                                       padded_sample<MODE>(signal, length, start + 2 * m + 1)};
      v[b * R + r] = w * x;
    }
  }
}

// A group's place in the work: its batch row and its number within the row. Groups past the end (the grid is a
// full rectangle) take the last row and are not live.
struct Place {
  int batch, index;
  bool live;
};

FN Place place_of(int group, int per_row, int groups) {
  const bool live = group < groups;
  const int g = live ? group : groups - 1;
  return Place{g / per_row, g % per_row, live};
}

}  // namespace spectro
