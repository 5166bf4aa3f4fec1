// A complex FFT of N points by T threads, in registers and one array of shared memory.
//
// Stockham's autosort: a pass of radix R takes transforms of length P to length R P. Butterfly i (0 <= i < N/R),
// with k = i mod P, reads points i + r N/R, turns them by exp(-2 pi i k r / (R P)), transforms, and writes to
// (i - k) R + k + r P. After the last pass the points are in order; nothing is ever bit-reversed.
//
// Between passes a point's place in shared memory is skewed by one for every 2^SKEW, which keeps the strided
// writes of a pass off each other's banks. SKEW = 0 leaves it out.

namespace spectro {

template <int SKEW>
FN int skewed(int i) {
  return SKEW == 0 ? i : i + (i >> SKEW);
}

// skewed(i + d) for a constant d: where i and d cannot carry into each other below bit SKEW (`apart`), the
// place is one addition away from skewed(i).
template <int SKEW>
FN int skewed_from(int i, int d, bool apart) {
  return apart ? skewed<SKEW>(i) + skewed<SKEW>(d) : skewed<SKEW>(i + d);
}

// Which of a pass's M butterflies a thread does. Neighbouring threads do neighbours ...
template <int M, int T>
struct Strided {
  static constexpr TABLE int count = (M + T - 1) / T;
  static FN bool mine(int t, int b) { return M % T == 0 || t + b * T < M; }
  static FN int at(int t, int b) { return t + b * T; }
};

// ... or they do pairs i, M - i, whose points mirror each other (real.h). 0 pairs with M/2, which mirror themselves.
template <int M, int T>
struct Paired {
  static constexpr TABLE int pairs = (M + 1) / 2;
  static constexpr TABLE int count = 2 * ((pairs + T - 1) / T);
  static FN bool mine(int t, int b) { return pairs % T == 0 || t + b / 2 * T < pairs; }
  static FN int at(int t, int b) {
    const int p = t + b / 2 * T;
    return b % 2 == 0 ? p : (p == 0 ? (M % 2 == 0 ? M / 2 : 0) : M - p);
  }
};

// A pass's table has a row of P turns for r = 1, 2, 4, 8 (below R); the other turns are products of these.
FN int rows(int radix) { return radix > 8 ? 4 : radix > 4 ? 3 : radix > 2 ? 2 : 1; }

template <int R, int P, int SKEW, typename Owner, int N>
struct Pass {
  static constexpr TABLE int M = N / R;
  static constexpr TABLE int BLOCK = 1 << SKEW;
  static constexpr TABLE int points = Owner::count * R;   // registers a thread needs

  static FN void read(THREAD float2* v, const SHARED float2* work, int t) {
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      if (!Owner::mine(t, b)) continue;
      const int i = Owner::at(t, b);
      UNROLL
      for (int r = 0; r < R; ++r) v[b * R + r] = work[skewed_from<SKEW>(i, r * M, M % BLOCK == 0)];
    }
  }

  static FN void turn(THREAD float2* v, const GLOBAL float2* table, int t) {
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      if (!Owner::mine(t, b)) continue;
      if (P > 1) {
        const GLOBAL float2* column = table + unsigned(Owner::at(t, b)) % P;
        float2 w[R];
        UNROLL
        for (int r = 1; r < R; ++r) {
          const int high = r >= 8 ? 8 : r >= 4 ? 4 : r >= 2 ? 2 : 1;
          w[r] = r == high ? column[(rows(2 * r) - 1) * P] : cmul(w[high], w[r - high]);
        }
        UNROLL
        for (int r = 1; r < R; ++r) v[b * R + r] = cmul(v[b * R + r], w[r]);
      }
      Butterfly<R>::run(v + b * R);
    }
  }

  // After the last pass (P = N/R), where butterfly i holds points i + r M: times the window.
  static FN void weigh(THREAD float2* v, const GLOBAL float* window, int t) {
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      if (!Owner::mine(t, b)) continue;
      UNROLL
      for (int r = 0; r < R; ++r)
        v[b * R + r] = v[b * R + r] * swapped(aligned_pair(window, Owner::at(t, b) + r * M));
    }
  }

  static FN void write(const THREAD float2* v, SHARED float2* work, int t) {
    const bool apart = P % BLOCK == 0 || BLOCK % (R * P) == 0;
    UNROLL
    for (int b = 0; b < Owner::count; ++b) {
      if (!Owner::mine(t, b)) continue;
      const unsigned i = Owner::at(t, b), k = i % P;   // unsigned: no rounding of negative quotients
      const int j = (i - k) * R + k;
      UNROLL
      for (int r = 0; r < R; ++r) work[skewed_from<SKEW>(j, r * P, apart)] = v[b * R + r];
    }
  }
};

// The passes R, Next, Rest... from sub-transforms of length P on; a radix of 1 ends the list. The first pass
// takes its points from registers, as Strided hands them out; the last leaves them there, as Paired does.
template <int N, int T, int SKEW, int P, int R, int Next, int... Rest>
struct Forward {
  typedef Pass<R, P, SKEW, Strided<N / R, T>, N> Here;
  typedef Forward<N, T, SKEW, P * R, Next, Rest...> Later;
  static constexpr TABLE int points = Here::points > Later::points ? Here::points : Later::points;
  static constexpr TABLE int last = Later::last;   // the last radix

  static FN void run(THREAD float2* v, SHARED float2* work, const GLOBAL float2* table, int t) {
    Here::turn(v, table, t);
    if (P > 1) frame_sync<T>();   // the others have read what this overwrites
    Here::write(v, work, t);
    frame_sync<T>();
    Later::Here::read(v, work, t);
    Later::run(v, work, table + (P > 1 ? rows(R) * P : 0), t);
  }
};

template <int N, int T, int SKEW, int P, int R, int... Rest>
struct Forward<N, T, SKEW, P, R, 1, Rest...> {
  typedef Pass<R, P, SKEW, Paired<N / R, T>, N> Here;
  static constexpr TABLE int points = Here::points;
  static constexpr TABLE int last = R;

  static FN void run(THREAD float2* v, SHARED float2*, const GLOBAL float2* table, int t) {
    Here::turn(v, table, t);
  }
};

// The same the other way round: the first pass takes Paired points from registers, the last leaves all points in
// `work`, in order and windowed. (The window's two samples change places, as the points' parts do: real.h.)
template <int P, int M, int T>
struct InverseOwner : Strided<M, T> {};
template <int M, int T>
struct InverseOwner<1, M, T> : Paired<M, T> {};

template <int N, int T, int SKEW, int P, int R, int... Rest>
struct Inverse {
  typedef Pass<R, P, SKEW, InverseOwner<P, N / R, T>, N> Here;
  typedef Inverse<N, T, SKEW, P * R, Rest...> Later;
  static constexpr TABLE int points = Here::points > Later::points ? Here::points : Later::points;
  static constexpr TABLE int first = R;

  static FN void run(THREAD float2* v, SHARED float2* work, const GLOBAL float2* table, const GLOBAL float* window,
                     int t) {
    Here::turn(v, table, t);
    if (P * R == N) Here::weigh(v, window, t);
    if (P > 1) frame_sync<T>();
    Here::write(v, work, t);
    frame_sync<T>();
    Later::next(v, work, table + (P > 1 ? rows(R) * P : 0), window, t);
  }
  static FN void next(THREAD float2* v, SHARED float2* work, const GLOBAL float2* table, const GLOBAL float* window,
                      int t) {
    Here::read(v, work, t);
    run(v, work, table, window, t);
  }
};

template <int N, int T, int SKEW, int P, int... Rest>
struct Inverse<N, T, SKEW, P, 1, Rest...> {
  static constexpr TABLE int points = 0;
  static FN void next(THREAD float2*, SHARED float2*, const GLOBAL float2*, const GLOBAL float*, int) {}
};

}  // namespace spectro
