// Overlap-add without a buffer of frames: the inverse STFT, and the adjoint of the STFT.
//
// A group owns a tile of output samples and walks over the frames that touch it, FRAMES at a time. A ring in
// shared memory holds the sums that are not complete yet; a sample leaves for device memory once, when the last
// frame over it has been added. Only the few frames before the tile are computed twice (by two groups).
//
// With FOLD the padding is reflected back, as the adjoint of reflect padding asks: sample q also receives what
// lies at -q and at 2 (length - 1) - q. For padding of at most N these positions are in the ring when they are
// needed, given that the ring trails by one sample and that the first tile holds them all (gpu/launches.py).

namespace spectro {

template <int N, int FRAMES, int HOP, bool FOLD>
struct Ring {
  static constexpr TABLE int delay = FOLD ? 1 : 0;
  static constexpr TABLE int step = FRAMES * HOP;                           // samples completed per chunk
  static constexpr TABLE int size = 2 * N + (FRAMES - 1) * HOP + 2 * delay;
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

template <int SKEW>
FN float frame_sample(const SHARED float2* work, int m) {
  const float2 x = work[skewed<SKEW>(m >> 1)];
  return m & 1 ? x.x : x.y;   // the transform ran on swapped parts, see inverse_points
}

// Sum of the squared window over every frame that covers output sample q. All but the edges see `envelope`.
template <int N, int HOP>
FN float squared_windows(const GLOBAL float* window, const GLOBAL float* envelope, int64_t q, int pad, int frames) {
  const int64_t p = q + pad;
  const int64_t last = p / HOP;
  const int phase = int(p - last * HOP);
  if (last < frames && phase + last * HOP >= 2 * N - HOP) return envelope[phase];
  float sum = 0.0f;
  int64_t f = last;
  for (int m = phase; m < 2 * N && f >= 0; m += HOP, --f) {
    if (f < frames) sum += window[m] * window[m];
  }
  return sum;
}

// Adds the chunk whose frames (time samples, not yet windowed) lie in `work`, and writes what is complete.
template <int N, int T, int FRAMES, int HOP, int SKEW, int WORDS, bool FOLD, bool NORM>
FN void add_chunk(const SHARED float2* work, SHARED float* ring, int head, int frame, int frames,
                  const GLOBAL float* window, const GLOBAL float* envelope, float least,
                  const THREAD Tile& tile, int pad, int64_t length, GLOBAL float* out, bool live, int thread_) {
  typedef Ring<N, FRAMES, HOP, FOLD> R;
  const int64_t start = int64_t(frame) * HOP - pad;
  const bool edge = FOLD && (start <= 0 || start + R::size >= length);
  for (int p = thread_; p < R::size; p += T * FRAMES) {
    const int at = head + p, place = at < R::size ? at : at - R::size;
    const int64_t q = start - R::delay + p;
    float sum = ring[place];
    UNROLL
    for (int g = 0; g < FRAMES; ++g) {
      const int m = p - R::delay - g * HOP;
      const bool counts = frame + g >= 0 && frame + g < frames;
      const SHARED float2* x = work + g * WORDS;
      if (counts && m >= 0 && m < 2 * N) sum += window[m] * frame_sample<SKEW>(x, m);
      if (edge && counts) {
        const int64_t left = -q - start - g * HOP, right = 2 * (length - 1) - q - start - g * HOP;
        if (q > 0 && left >= 0 && left < 2 * N) sum += window[left] * frame_sample<SKEW>(x, int(left));
        if (q < length - 1 && right >= 0 && right < 2 * N) sum += window[right] * frame_sample<SKEW>(x, int(right));
      }
    }
    const bool complete = p < R::step;
    ring[place] = complete ? 0.0f : sum;
    if (complete && live && q >= tile.begin && q < tile.end && q >= 0 && q < length) {
      if (NORM) {
        const float square = squared_windows<N, HOP>(window, envelope, q, pad, frames);
        sum = square > least ? sum / square : sum;
      }
      out[q] = sum;
    }
  }
}

// The first pass's inputs of an inverse real FFT: points Z_m from bins X_m and X_(N-m), real and imaginary parts
// swapped, since a forward transform of swapped points is the swapped inverse.
// gains: inner bins, first and last bin (whose imaginary parts do not count).
template <int N, int T, int R, int SKEW>
FN void inverse_points(THREAD float2* v, const GLOBAL float2* bins, const GLOBAL float2* root,
                       const GLOBAL float* gains, bool counts, int t) {
  typedef Pass<N, T, R, 1, SKEW> First;
  UNROLL
  for (int b = 0; b < First::B; ++b) {
    const int i = t + b * T;
    if (!First::mine(i)) continue;
    UNROLL
    for (int r = 0; r < R; ++r) {
      const int k = i + r * First::M;
      float2 x = float2{0.0f, 0.0f}, mirror = x;
      if (counts) {
        const float gain = gains[k == 0 ? 1 : 0];
        x = gain * bins[k];
        mirror = gain * bins[N - k];
        if (k == 0) {
          x.y = 0.0f;
          mirror.y = 0.0f;
        }
      }
      v[b * R + r] = swapped(packed_points(x, mirror, root[k]).low);
    }
  }
}

}  // namespace spectro
