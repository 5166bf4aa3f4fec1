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

// Sample m of a frame. The transform ran on swapped parts, see inverse_points.
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

// FRAMES frames that lie windowed in `work`, and where their samples go.
struct Chunk {
  int frame, frames;     // number of the first frame, and how many the spectrum has
  int head;              // where the ring begins
  int64_t base, length;  // the signal's sample at the head, and samples in the signal
  float gain, least;
  bool writes;           // finished samples are this group's to write
};

template <int N, int FRAMES, int HOP, bool FOLD, bool NORM>
FN bool at_edge(const THREAD Chunk& chunk) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int64_t start = chunk.base + R::delay;
  const bool stray = chunk.frame < 0 || chunk.frame + FRAMES > chunk.frames;
  const bool outside = chunk.base < 0 || chunk.base + R::step > chunk.length;
  const bool thin = NORM && chunk.frame < (2 * N + HOP - 1) / HOP - 1;   // fewer frames over a sample than elsewhere
  return stray || outside || thin || (FOLD && (start <= 0 || start + R::size >= chunk.length));
}

// Position p of the ring, and p + 1 if W = 2: adds what the frames have there, and writes it when it is finished.
// p = phase + u HOP; where u is known to the compiler, so are the frames that reach it.
// Without EDGE all frames exist, nothing folds, and finished samples are inside the signal.
template <int N, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM, bool EDGE>
FN void add_position(const THREAD Chunk& chunk, const SHARED float2* work, SHARED float* ring, const GLOBAL float* window,
                     const GLOBAL float* inverse, float2 scale, int phase, int u, GLOBAL float* out) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int W = R::width, p = phase + u * HOP;
  if ((u + 1) * HOP > R::size && p >= R::size) return;
  const int at = chunk.head + p, place = at < R::size ? at : at - R::size;
  float2 sum = float2{0.0f, 0.0f};
  if (p < R::size - R::step) {   // later ones are new
    sum.x = ring[place];
    if (W == 2) sum.y = ring[place + 1];
  }
  const int64_t q = chunk.base + p;
  UNROLL
  for (int g = 0; g < FRAMES; ++g) {
    const int j = u - g, i = phase - R::delay + j * HOP;   // the frame's sample
    if (j * HOP < R::delay && i < 0) continue;
    if ((j + 1) * HOP - R::delay > 2 * N && i >= 2 * N) continue;
    if (EDGE && (chunk.frame + g < 0 || chunk.frame + g >= chunk.frames)) continue;
    if (W == 2) {   // i / 2, as a place that hops do not carry into
      const bool apart = HOP / 2 % (1 << SKEW) == 0;
      sum = sum + swapped(work[g * WORDS + skewed_from<SKEW>((phase - R::delay) >> 1, j * (HOP / 2), apart)]);
    } else {
      sum.x += frame_sample<SKEW>(work + g * WORDS, i);
    }
  }
  if (EDGE && FOLD) {
    for (int g = 0; g < FRAMES; ++g) {
      if (chunk.frame + g < 0 || chunk.frame + g >= chunk.frames) continue;
      const int64_t start = chunk.base + R::delay + g * HOP;
      sum.x += folded_sample<N, SKEW>(work + g * WORDS, q, start, chunk.length);
      if (W == 2) sum.y += folded_sample<N, SKEW>(work + g * WORDS, q + 1, start, chunk.length);
    }
  }
  if (u >= FRAMES) {
    ring[place] = sum.x;
    if (W == 2) ring[place + 1] = sum.y;
  } else if (chunk.writes && !EDGE) {
    if (W == 2) {
      store_pair(out + q, sum * scale);
    } else {
      out[q] = sum.x * scale.x;
    }
  } else if (chunk.writes) {
    if (NORM) {   // never with FOLD, so p counts from the first frame's start
      const int last = chunk.frame + u, frames = chunk.frames;
      scale.x = chunk.gain * normaliser<N, HOP>(window, inverse, chunk.least, phase, last, frames);
      if (W == 2) scale.y = chunk.gain * normaliser<N, HOP>(window, inverse, chunk.least, phase + 1, last, frames);
    }
    if (q >= 0 && q < chunk.length) out[q] = sum.x * scale.x;
    if (W == 2 && q + 1 >= 0 && q + 1 < chunk.length) out[q + 1] = sum.y * scale.y;
  }
}

// A thread takes the positions of one phase of the hop (or of several): a whole number of hops apart, they meet
// the frames in the same way. Threads share a phase where there are fewer than a simdgroup could take.
template <int N, int T, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM, bool EDGE>
FN void add_phases(const THREAD Chunk& chunk, const SHARED float2* work, SHARED float* ring, const GLOBAL float* window,
                   const GLOBAL float* inverse, GLOBAL float* out, int thread_) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int W = R::width, PHASES = HOP / W, HOPS = (R::size + HOP - 1) / HOP, THREADS = T * FRAMES;
  const int SHARE = PHASES >= 32 || PHASES > THREADS ? 1 : THREADS / PHASES;
  const int first = SHARE == 1 ? 0 : thread_ / PHASES;
  if (first >= SHARE) return;
  for (int i = SHARE == 1 ? thread_ : thread_ % PHASES; i < PHASES; i += THREADS) {
    const int phase = W * i;
    float2 scale = float2{chunk.gain, chunk.gain};
    if (NORM) scale = chunk.gain * float2{inverse[phase], inverse[phase + W - 1]};
    if (!EDGE && SHARE == 1 && HOPS * FRAMES <= 128) {
      UNROLL
      for (int u = 0; u < HOPS; ++u)
        add_position<N, FRAMES, HOP, SKEW, WORDS, FOLD, NORM, EDGE>(chunk, work, ring, window, inverse, scale, phase,
                                                                    u, out);
    } else {
      for (int u = first; u < HOPS; u += SHARE)
        add_position<N, FRAMES, HOP, SKEW, WORDS, FOLD, NORM, EDGE>(chunk, work, ring, window, inverse, scale, phase,
                                                                    u, out);
    }
  }
}

template <int N, int T, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM>
FN void add_chunk(const THREAD Chunk& chunk, const SHARED float2* work, SHARED float* ring, const GLOBAL float* window,
                  const GLOBAL float* inverse, GLOBAL float* out, int thread_) {
  if (at_edge<N, FRAMES, HOP, FOLD, NORM>(chunk)) {
    add_phases<N, T, FRAMES, HOP, SKEW, WORDS, FOLD, NORM, true>(chunk, work, ring, window, inverse, out, thread_);
  } else {
    add_phases<N, T, FRAMES, HOP, SKEW, WORDS, FOLD, NORM, false>(chunk, work, ring, window, inverse, out, thread_);
  }
}

// The first pass's inputs of an inverse real FFT: points from bins, real and imaginary parts swapped, since a
// forward transform of swapped points is the swapped inverse.
// outer: gain of the first and the last bin (whose imaginary parts do not count) over that of the others.
template <int N, int T, int R>
FN void inverse_points(THREAD float2* v, const GLOBAL float2* bins, const GLOBAL float2* root, float outer, int t) {
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
      if (j == 0 && p == 0) {
        x.low = float2{outer * x.low.x, 0.0f};
        x.high = float2{outer * x.high.x, 0.0f};
      }
      const Mirrored y = packed_points(Mirrored{x.low, x.high}, root[k]);
      z[j] = Mirrored{swapped(y.low), swapped(y.high)};
    }
    float2 centre = float2{0.0f, 0.0f};
    if (p == 0 && N % 2 == 0) centre = 2.0f * swapped(conj_(bins[N / 2]));
    Bins::put(v + b * R, z, centre, p);
  }
}

}  // namespace spectro
