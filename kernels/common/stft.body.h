  SHARED_ARRAY(float2, work, FRAMES * WORDS);
  const int slot = int(thread_position_in_threadgroup.y);
  spectro::stft<N, T, FRAMES, SKEW, MODE, ONESIDED, R0, R1, R2, R3, R4, R5, 1>(
      audio, window, (const GLOBAL float2*)root, params, gains, (GLOBAL float2*)spectrum, work + slot * WORDS,
      int(thread_position_in_threadgroup.x), slot,
      int(threadgroup_position_in_grid.y) * params[6] + int(threadgroup_position_in_grid.x));
