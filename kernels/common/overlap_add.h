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

// What a group works on. Positions are indices into the output signal; frame f covers f HOP - pad and on.
struct Tile {
  int64_t begin, end;   // the samples it writes
  int first, chunks;    // its first frame (may be negative) and its chunks of FRAMES frames
};

template <int N, int FRAMES, int HOP, bool FOLD>
FN Tile tile_of(int index, int chunks, int pad) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int overlap = (2 * N + R::delay + HOP - 1) / HOP - 1;     // earlier frames that reach into the tile
  const int warm = (overlap + FRAMES - 1) / FRAMES;
  const int64_t begin = int64_t(index) * chunks * R::step - pad - R::delay;
  return Tile{begin, begin + int64_t(chunks) * R::step, (index * chunks - warm) * FRAMES, chunks + warm};
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

// Sum of the squared window over the frames that cover a sample: those at phase, phase + HOP, ... counted back
// from frame `last`. All samples but those at the edges see `envelope`.
template <int N, int HOP>
FN float squared_windows(const GLOBAL float* window, const GLOBAL float* envelope, int phase, int last, int frames) {
  const int first = last - (2 * N - 1 - phase) / HOP;
  if (first >= 0 && last < frames) return envelope[phase];
  float sum = 0.0f;
  for (int m = phase, f = last; m < 2 * N && f >= 0; m += HOP, --f)
    if (f < frames) sum += window[m] * window[m];
  return sum;
}

// What the reflected padding adds to sample q from the frame that starts at `start`.
template <int N, int SKEW>
FN float folded_sample(const SHARED float2* work, const GLOBAL float* window, int64_t q, int64_t start, int64_t length) {
  const int64_t left = -q - start, right = 2 * (length - 1) - q - start;
  float sum = 0.0f;
  if (q > 0 && left >= 0 && left < 2 * N) sum += window[left] * frame_sample<SKEW>(work, int(left));
  if (q < length - 1 && right >= 0 && right < 2 * N) sum += window[right] * frame_sample<SKEW>(work, int(right));
  return sum;
}

// Adds the chunk whose frames (time samples, not yet windowed) lie in `work`, and writes what is complete.
template <int N, int T, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM>
FN void add_chunk(const SHARED float2* work, SHARED float* ring, int head, int frame, int frames,
                  const GLOBAL float* window, const GLOBAL float* envelope, float least,
                  const THREAD Tile& tile, int pad, int64_t length, GLOBAL float* out, bool live, int thread_) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int W = R::width;
  const int64_t start = int64_t(frame) * HOP - pad;
  const bool edge = FOLD && (start <= 0 || start + R::size >= length);
  for (int p = W * thread_; p < R::size; p += W * T * FRAMES) {
    const int at = head + p, place = at < R::size ? at : at - R::size;
    const int64_t q = start - R::delay + p;
    float2 sum = float2{ring[place], W == 2 ? ring[place + 1] : 0.0f};
    UNROLL
    for (int g = 0; g < FRAMES; ++g) {
      const int m = p - R::delay - g * HOP;
      const bool counts = frame + g >= 0 && frame + g < frames;
      const SHARED float2* x = work + g * WORDS;
      if (counts && m >= 0 && m < 2 * N) {
        if (W == 2) {
          sum = sum + aligned_pair(window, m >> 1) * frame_pair<SKEW>(x, m);
        } else {
          sum.x += window[m] * frame_sample<SKEW>(x, m);
        }
      }
      if (edge && counts) {
        sum.x += folded_sample<N, SKEW>(x, window, q, start + g * HOP, length);
        if (W == 2) sum.y += folded_sample<N, SKEW>(x, window, q + 1, start + g * HOP, length);
      }
    }
    const bool complete = p < R::step;
    ring[place] = complete ? 0.0f : sum.x;
    if (W == 2) ring[place + 1] = complete ? 0.0f : sum.y;
    if (!complete || !live || q < tile.begin || q >= tile.end) continue;   // a pair never straddles two tiles
    if (NORM) {   // never with FOLD, so p counts from the first frame's start
      const int phase = p % HOP, last = frame + p / HOP;
      const float a = squared_windows<N, HOP>(window, envelope, phase, last, frames);
      const float b = W == 2 ? squared_windows<N, HOP>(window, envelope, phase + 1, last, frames) : 1.0f;
      sum = float2{a > least ? sum.x / a : sum.x, b > least ? sum.y / b : sum.y};
    }
    if (W == 2 && q >= 0 && q + 1 < length) {
      store_pair(out + q, sum);
    } else {
      if (q >= 0 && q < length) out[q] = sum.x;
      if (W == 2 && q + 1 >= 0 && q + 1 < length) out[q + 1] = sum.y;
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
