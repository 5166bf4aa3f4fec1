// What a transform (n_fft, hop, window) needs besides data: the FFT, the windows, the block sizes and where a sample
// of a frame lies in a transposed block.
//
// Transposed block: the padded signal cut into columns of `hop` samples, `at(row, column) = row * pitch + column`.
// Sample s = q hop + row of frame f lies in column f + q, so for one s consecutive frames are consecutive in memory:
// a vector of lanes. Rows from n_fft on (hop > n_fft) belong to no frame and are left out.
#pragma once
#include <algorithm>
#include <stdexcept>

#include "real_fft.h"

namespace spectro {

inline Index round_up(Index x, Index to) { return (x + to - 1) / to * to; }
inline Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }

inline constexpr Index most_frames = 64;  // of a block of the STFT

template <class T> struct Plan {
  static constexpr int W = lanes<T>;

  Plan(Index n_fft, Index hop_length, const double* window_values)
      : n(n_fft), hop(hop_length), bins(n / 2 + 1), rows(std::min(n, hop)), overlap(ceil_div(n, hop)), fft(n) {
    // 64 frames make rows of output long enough for the memory system, which counts for more than the L2 cache does;
    // the largest transforms take fewer, so as not to leave the last cache.
    const Index most_bytes = 2048 * 1024, cache = 512 * 1024;
    block = std::clamp<Index>(most_bytes / (2 * bins * Index(sizeof(T))) / W * W, W, most_frames);
    pitch = bank_free(block + overlap - 1 + W);
    // The inverse makes the overlap - 1 frames that enter a block from the left once more, in whole groups, so it
    // takes longer blocks: eight times as many columns, even where they leave the cache. (A group only touches the
    // columns that it covers.)
    inverse_block = round_up(std::max(block, 8 * round_up(overlap - 1, W)), W);
    while (inverse_block < 256 && 2 * inverse_block * rows * Index(sizeof(T)) <= cache / 2) inverse_block *= 2;
    stage_pitch = n + 64 / Index(sizeof(Vec<T>)) + 1;
    inverse_pitch = bank_free(inverse_block + 2 * overlap + 2 * W);
    if (rows * std::max(pitch, inverse_pitch) > INT32_MAX || n * W > INT32_MAX)
      throw std::invalid_argument("n_fft too large");
    window.assign(window_values, window_values + n);
    for (Index s = 0; s < n; s++) {
      forward_window.push_back(static_cast<T>(window[s] * fft.input_factor()));
      inverse_window.push_back(static_cast<T>(window[s] / static_cast<double>(n)));
      adjoint_window.push_back(static_cast<T>(window[s]));
      offset.push_back(static_cast<std::int32_t>(s % hop * pitch + s / hop));
      inverse_offset.push_back(static_cast<std::int32_t>(s % hop * inverse_pitch + s / hop));
      staged_offset.push_back(static_cast<std::int32_t>(s * W));
    }
    staged_weight.assign(n, static_cast<T>(fft.input_factor()));
  }

  // Frames a block, for this many frames in all: enough blocks that every thread has its share of a short signal.
  Index balanced(Index most, Index count, Index batch, Index threads) const {
    if (count <= 0 || batch <= 0) return most;
    Index blocks = ceil_div(count, most);
    if (blocks * batch < 8 * threads) blocks = ceil_div(round_up(blocks * batch, threads), batch);
    return std::clamp<Index>(round_up(ceil_div(count, blocks), W), std::min<Index>(W, most), most);
  }

  // A short clip is done before a second thread is awake.
  int useful_threads(Index frames, int threads) const {
    const Index samples_a_thread = 65536;
    return static_cast<int>(std::min<Index>(threads, 1 + frames * n / samples_a_thread));
  }

  Frames<T> frames(const T* block_columns) const { return {block_columns, offset.data(), forward_window.data()}; }
  Frames<T> staged(const T* values) const { return {values, staged_offset.data(), staged_weight.data()}; }

  Index n, hop, bins;
  Index rows;     // of a transposed block
  Index overlap;  // frames that meet in one column
  RealFft<T> fft;
  Index block, pitch;                  // frames a block; distance of rows
  Index stage_pitch;                   // distance of frames that wait for their inverse transform, in vectors
  Index inverse_block, inverse_pitch;  // output columns a block, when frames are overlap-added
  std::vector<double> window;
  std::vector<T> forward_window, inverse_window, adjoint_window, staged_weight;
  std::vector<std::int32_t> offset, inverse_offset, staged_offset;

 private:
  // A pitch that is a multiple of 256 bytes would map all rows onto few cache sets.
  static Index bank_free(Index columns) {
    const Index p = round_up(columns, W);
    return p * Index(sizeof(T)) % 256 == 0 ? p + W : p;
  }
};

}  // namespace spectro
