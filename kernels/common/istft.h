// Fused inverse STFT: inverse real FFT, window, overlap-add, normalisation, trim. With NORM off and other gains
// it is the adjoint of the STFT, and with FOLD that of reflect padding too.

namespace spectro {

// params: length, frames, chunks a tile, pad_left, groups a row, groups, groups_x
// gains:  of everything, of the first and last bin besides, the least sum of squared windows to divide by
// inverse: one over the sum of squared windows at each phase of the hop, away from the edges
template <int N, int T, int FRAMES, int SKEW, int WORDS, int HOP, bool FOLD, bool NORM, int R, int... Rest>
FN void istft(const GLOBAL float2* spectrum, const GLOBAL float* window, const GLOBAL float2* root,
              const GLOBAL float* inverse, const GLOBAL int* params, const GLOBAL float* gains,
              GLOBAL float* signal, SHARED float2* work, SHARED float* ring, int t, int slot, int group) {
  typedef Inverse<N, T, SKEW, 1, R, Rest...> Transform;
  const int length = params[0], frames = params[1], pad = params[3];
  const Place place = place_of(group, params[4], params[5]);
  const Tile tile = tile_of<N, FRAMES, HOP, FOLD>(place.index, params[2]);
  const GLOBAL float2* row = spectrum + int64_t(place.batch) * frames * (N + 1);
  const int thread_ = slot * T + t, size = Ring<N, FRAMES, HOP, FOLD>::size;
  const float gain = gains[0], outer = gains[1], least = gains[2];

  for (int p = thread_; p < size; p += T * FRAMES) ring[p] = 0.0f;
  int head = 0;
  for (int c = 0; c < tile.chunks; ++c) {
    const int first = tile.first + c * FRAMES;
    const int before = min_(first + slot, frames - 1), frame = before < 0 ? 0 : before;   // add_chunk skips strays
    float2 v[Transform::points];
    inverse_points<N, T, R>(v, row + int64_t(frame) * (N + 1), root, outer, t);
    Transform::run(v, work + slot * WORDS, root + N, window, t);
    group_sync();
    const Chunk chunk = Chunk{first, frames, head, int64_t(first) * HOP - pad - Ring<N, FRAMES, HOP, FOLD>::delay,
                              length, gain, least, place.live && c >= tile.warm};
    add_chunk<N, T, FRAMES, HOP, SKEW, WORDS, FOLD, NORM>(chunk, work, ring, window, inverse,
                                                          signal + int64_t(place.batch) * length, thread_);
    group_sync();
    head += FRAMES * HOP;
    head = head < size ? head : head - size;
  }
}

}  // namespace spectro
