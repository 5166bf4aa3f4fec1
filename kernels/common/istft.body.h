  SHARED_ARRAY(float2, work, FRAMES * WORDS);
  SHARED_ARRAY(float2, ring, (RING + 1) / 2);
  spectro::istft<N, T, FRAMES, SKEW, WORDS, HOP, FOLD, NORM, R0, R1, R2, R3, R4, R5, 1>(
      (const GLOBAL float2*)spectrum, window, (const GLOBAL float2*)root, inverse, params, gains, signal, work,
      (SHARED float*)ring, int(thread_position_in_threadgroup.x), int(thread_position_in_threadgroup.y),
      int(threadgroup_position_in_grid.y) * params[6] + int(threadgroup_position_in_grid.x));
