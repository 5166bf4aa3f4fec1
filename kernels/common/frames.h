// Where a frame's samples come from: padding is arithmetic on the index, never a copy of the signal.

namespace spectro {

// Padding modes, numbered as in gpu/geometry.py.
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

// A windowed frame that starts at `start`, as the points a first pass of radix R takes. The two cases are two
// loops, so that a frame inside the signal has all its loads under way at once.
template <int N, int T, int R, int MODE>
FN void load_frame(THREAD float2* v, const GLOBAL float* signal, int64_t length, int64_t start,
                   const GLOBAL float* window, int t) {
  typedef Strided<N / R, T> Owner;
  const GLOBAL float* frame = signal + start;
  if (start >= 0 && start + 2 * N <= length && pair_aligned(frame)) {
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      UNROLL
      for (int r = 0; r < R; ++r)
        if (Owner::mine(t, b)) v[b * R + r] = aligned_pair(frame, Owner::at(t, b) + r * (N / R));
    }
  } else {
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      UNROLL
      for (int r = 0; r < R; ++r) {
        const int64_t i = start + 2 * (Owner::at(t, b) + r * (N / R));
        if (Owner::mine(t, b))
          v[b * R + r] = float2{padded_sample<MODE>(signal, length, i), padded_sample<MODE>(signal, length, i + 1)};
      }
    }
  }
  UNROLL
  for (int b = 0; b < Owner::count; ++b) {
    UNROLL
    for (int r = 0; r < R; ++r)
      if (Owner::mine(t, b)) v[b * R + r] = v[b * R + r] * aligned_pair(window, Owner::at(t, b) + r * (N / R));
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
  const int batch = unsigned(g) / unsigned(per_row);   // unsigned division is shorter
  return Place{batch, g - batch * per_row, live};
}

}  // namespace spectro
