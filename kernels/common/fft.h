// A complex FFT of N points by T threads, in registers and one array of shared memory.
//
// Stockham's autosort: a pass of radix R takes transforms of length P to length R P. Butterfly i (0 <= i < N/R),
// with k = i mod P, reads points i + r N/R, turns them by exp(-2 pi i k r / (R P)), transforms, and writes to
// (i - k) R + k + r P. After the last pass the points are in order; nothing is ever bit-reversed.
//
// Between passes a point's place in shared memory is skewed by one for every 2^SKEW, which keeps the strided
// writes of a pass off each other's banks. SKEW = 0 leaves it out (when memory is short).

namespace spectro {

template <int SKEW>
FN int skewed(int i) {
  return SKEW == 0 ? i : i + (i >> SKEW);
}

template <int N, int T, int R, int P, int SKEW>
struct Pass {
  static constexpr TABLE int M = N / R;              // butterflies
  static constexpr TABLE int B = (M + T - 1) / T;    // of them, per thread
  static FN bool mine(int i) { return M % T == 0 || i < M; }

  static FN void read(THREAD float2* v, const SHARED float2* work, int t) {
    UNROLL
    for (int b = 0; b < B; ++b) {
      const int i = t + b * T;
      if (!mine(i)) continue;
      UNROLL
      for (int r = 0; r < R; ++r) v[b * R + r] = work[skewed<SKEW>(i + r * M)];
    }
  }

  // `turns` is this pass's table: R - 1 rows (r = 1 .. R - 1) of P entries (k = 0 .. P - 1).
  static FN void turn(THREAD float2* v, const GLOBAL float2* turns, int t) {
    UNROLL
    for (int b = 0; b < B; ++b) {
      const int i = t + b * T;
      if (!mine(i)) continue;
      if (P > 1) {
        const GLOBAL float2* w = turns + i % P;
        UNROLL
        for (int r = 1; r < R; ++r) v[b * R + r] = cmul(v[b * R + r], w[(r - 1) * P]);
      }
      Butterfly<R>::run(v + b * R);
    }
  }

  static FN void write(const THREAD float2* v, SHARED float2* work, int t) {
    UNROLL
    for (int b = 0; b < B; ++b) {
      const int i = t + b * T, k = i % P, j = (i - k) * R + k;
      if (!mine(i)) continue;
      UNROLL
      for (int r = 0; r < R; ++r) work[skewed<SKEW>(j + r * P)] = v[b * R + r];
    }
  }
};

// The passes R, Rest... from sub-transforms of length P on. A radix of 1 ends the list.
template <int N, int T, int SKEW, int P, int R, int... Rest>
struct Passes {
  typedef Pass<N, T, R, P, SKEW> First;
  typedef Passes<N, T, SKEW, P * R, Rest...> Later;
  static constexpr TABLE int own = First::B * R;
  static constexpr TABLE int points = own > Later::points ? own : Later::points;   // registers a thread needs

  // v holds this pass's points; leaves the whole transform in `work`, in order, for every thread of the frame.
  static FN void run(THREAD float2* v, SHARED float2* work, const GLOBAL float2* turns, int t, int slot) {
    First::turn(v, turns, t);
    if (P > 1) frame_sync<T>(slot);   // the others have read what this overwrites
    First::write(v, work, t);
    frame_sync<T>(slot);
    Later::next(v, work, turns + (P > 1 ? (R - 1) * P : 0), t, slot);
  }
  static FN void next(THREAD float2* v, SHARED float2* work, const GLOBAL float2* turns, int t, int slot) {
    First::read(v, work, t);
    run(v, work, turns, t, slot);
  }
};

template <int N, int T, int SKEW, int P, int... Rest>
struct Passes<N, T, SKEW, P, 1, Rest...> {
  static constexpr TABLE int points = 0;
  static FN void next(THREAD float2*, SHARED float2*, const GLOBAL float2*, int, int) {}
};

}  // namespace spectro
