// Overlap-add without a buffer of frames: the inverse STFT, and the adjoint of the STFT.
//
// A group owns a tile of output samples and walks over the frames that touch it, FRAMES at a time. A ring in
// shared memory holds the sums that are not complete yet; a sample leaves for device memory once, when the last
// frame over it has been added. Only the few frames before the tile are computed twice (by two groups).
//
// With FOLD the padding is reflected back, as the adjoint of reflect padding asks: sample q also receives what
// lies at -q and at 2 (length - 1) - q. For padding of at most N these positions are in the ring when they are
// needed, given that the ring trails by a sample (two, to keep pairs of samples together) and that the first
// tile holds the whole reflected beginning (gpu/launches.py).

namespace spectro {

template <int N, int FRAMES, int HOP, bool FOLD>
struct Ring {
  static constexpr TABLE int delay = FOLD ? 2 : 0;
  static constexpr TABLE int step = FRAMES * HOP;                           // samples completed per chunk
  static constexpr TABLE int size = 2 * N + (FRAMES - 1) * HOP + 2 * delay;
  static constexpr TABLE int width = HOP % 2 == 0 ? 2 : 1;                  // samples a thread adds at a time
};

// What a group works on: `chunks` chunks of FRAMES frames from frame `first` (which may be negative), the first
// `warm` of them only for what they leave in the ring. Frame f covers samples f HOP - pad and on.
struct Tile {
  int first, warm, chunks;
};

template <int N, int FRAMES, int HOP, bool FOLD>
FN Tile tile_of(int index, int chunks) {
  const int overlap = (2 * N + Ring<N, FRAMES, HOP, FOLD>::delay + HOP - 1) / HOP - 1;   // earlier frames that matter
  const int warm = (overlap + FRAMES - 1) / FRAMES;
  return Tile{(index * chunks - warm) * FRAMES, warm, chunks + warm};
}

// Samples m, m + 1 (m even), or m, of a frame. The transform ran on swapped parts, see inverse_points.
template <int SKEW>
FN float2 frame_pair(const SHARED float2* work, int m) {
  return swapped(work[skewed<SKEW>(m >> 1)]);
}
template <int SKEW>
FN float frame_sample(const SHARED float2* work, int m) {
  return ((const SHARED float*)(work + skewed<SKEW>(m >> 1)))[1 - (m & 1)];
}

// What to multiply a finished sample by: one over the sum of the squared window over the frames that cover it,
// those at phase, phase + HOP, ... counted back from frame `last`. Away from the edges that is `inverse`[phase].
template <int N, int HOP>
FN float normaliser(const GLOBAL float* window, const GLOBAL float* inverse, float least,
                    int phase, int last, int frames) {
  if (last >= (2 * N - 1 - phase) / HOP && last < frames) return inverse[phase];
  float sum = 0.0f;
  for (int m = phase, f = last; m < 2 * N && f >= 0; m += HOP, --f)
    if (f < frames) sum += window[m] * window[m];
  return sum > least ? 1.0f / sum : 1.0f;
}

// What the reflected padding adds to sample q from the frame that starts at `start`.
template <int N, int SKEW>
FN float folded_sample(const SHARED float2* work, int64_t q, int64_t start, int64_t length) {
  const int64_t left = -q - start, right = 2 * (length - 1) - q - start;
  float sum = 0.0f;
  if (q > 0 && left >= 0 && left < 2 * N) sum += frame_sample<SKEW>(work, int(left));
  if (q < length - 1 && right >= 0 && right < 2 * N) sum += frame_sample<SKEW>(work, int(right));
  return sum;
}

FN int clamped(int64_t i, int low, int high) { return i < low ? low : i > high ? high : int(i); }

// Adds the chunk whose windowed frames lie in `work`, and writes what is complete if it is this group's to write.
// Positions p count from the ring's first sample.
template <int N, int T, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM>
FN void add_chunk(const SHARED float2* work, SHARED float* ring, int head, int frame, int frames,
                  const GLOBAL float* window, const GLOBAL float* inverse, float least,
                  int pad, int64_t length, GLOBAL float* out, bool writes, int thread_) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int W = R::width;
  const int64_t start = int64_t(frame) * HOP - pad, base = start - R::delay;
  const bool edge = FOLD && (start <= 0 || start + R::size >= length);
  const int from = clamped(-base, 0, R::step);   // p in [from, to) is inside the signal
  const int to = writes ? clamped(length - base, 0, R::step) : 0;
  const int g_from = frame < 0 ? -frame : 0, g_to = frames - frame < FRAMES ? frames - frame : FRAMES;
  for (int p = W * thread_; p < R::size; p += W * T * FRAMES) {
    const int at = head + p, place = at < R::size ? at : at - R::size;
    float2 sum = float2{0.0f, 0.0f};
    if (p < R::size - R::step) {   // later ones are new
      sum.x = ring[place];
      if (W == 2) sum.y = ring[place + 1];
    }
    const int m = p - R::delay;    // the sample of frame g is m - g HOP
    UNROLL
    for (int g = 0; g < FRAMES; ++g) {
      const int i = m - g * HOP;
      if (i < 0 || i >= 2 * N || g < g_from || g >= g_to) continue;
      if (W == 2) {
        sum = sum + frame_pair<SKEW>(work + g * WORDS, i);
      } else {
        sum.x += frame_sample<SKEW>(work + g * WORDS, i);
      }
    }
    if (edge) {
      for (int g = g_from; g < g_to; ++g) {
        sum.x += folded_sample<N, SKEW>(work + g * WORDS, base + p, start + g * HOP, length);
        if (W == 2) sum.y += folded_sample<N, SKEW>(work + g * WORDS, base + p + 1, start + g * HOP, length);
      }
    }
    if (p >= R::step) {
      ring[place] = sum.x;
      if (W == 2) ring[place + 1] = sum.y;
      continue;
    }
    if (NORM) {   // never with FOLD, so p counts from the first frame's start
      const int phase = p % HOP, last = frame + p / HOP;
      sum.x *= normaliser<N, HOP>(window, inverse, least, phase, last, frames);
      if (W == 2) sum.y *= normaliser<N, HOP>(window, inverse, least, phase + 1, last, frames);
    }
    if (W == 2 && p >= from && p + 1 < to) {
      store_pair(out + base + p, sum);
    } else {
      if (p >= from && p < to) out[base + p] = sum.x;
      if (W == 2 && p + 1 >= from && p + 1 < to) out[base + p + 1] = sum.y;
    }
  }
}

// The first pass's inputs of an inverse real FFT: points from bins, real and imaginary parts swapped, since a
// forward transform of swapped points is the swapped inverse.
// inner, outer: gains of the bins, and of the first and the last (whose imaginary parts do not count).
template <int N, int T, int R>
FN void inverse_points(THREAD float2* v, const GLOBAL float2* bins, const GLOBAL float2* root,
                       float inner, float outer, int t) {
  typedef Paired<N / R, T> Owner;
  typedef Slots<N, R> Bins;
  UNROLL
  for (int b = 0; b < Owner::count; b += 2) {
    if (!Owner::mine(t, b)) continue;
    const int p = Owner::at(t, b);
    Mirrored z[R];
    UNROLL
    for (int j = 0; j < R; ++j) {
      const int k = Bins::bin(p, j);
      Mirrored x = Mirrored{bins[k], bins[N - k]};
      if (k == 0) x = Mirrored{float2{x.low.x, 0.0f}, float2{x.high.x, 0.0f}};
      const float gain = k == 0 ? outer : inner;
      const Mirrored y = packed_points(Mirrored{gain * x.low, gain * x.high}, root[k]);
      z[j] = Mirrored{swapped(y.low), swapped(y.high)};
    }
    float2 centre = float2{0.0f, 0.0f};
    if (p == 0 && N % 2 == 0) centre = (2.0f * inner) * swapped(conj_(bins[N / 2]));
    Bins::put(v + b * R, z, centre, p);
  }
}

}  // namespace spectro
