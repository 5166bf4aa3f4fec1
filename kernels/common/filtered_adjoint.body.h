  SHARED_ARRAY(float2, work, FRAMES * WORDS);
  SHARED_ARRAY(float, ring, RING);
  spectro::filtered_adjoint<N, T, FRAMES, SKEW, WORDS, HOP, MODE, POWER, R0, R1, R2, R3, R4, R5, 1>(
      audio, cotangent, window, (const GLOBAL float2*)root, columns, weights, params, gains, signal, work, ring,
      int(thread_position_in_threadgroup.x), int(thread_position_in_threadgroup.y),
      int(threadgroup_position_in_grid.y) * params[6] + int(threadgroup_position_in_grid.x));
