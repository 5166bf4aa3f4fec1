  SHARED_ARRAY(float2, work, FRAMES * WORDS);
  SHARED_ARRAY(float2, ring, (RING + 1) / 2);
  spectro::filtered_adjoint<N, T, FRAMES, SKEW, WORDS, HOP, MODE, POWER,
                            spectro::Forward<N, T, SKEW, 1, R0, R1, R2, R3, R4, R5, 1>,
                            spectro::Inverse<N, T, SKEW, 1, B0, B1, B2, B3, B4, B5, 1>, R0>(
      audio, cotangent, window, (const GLOBAL float2*)root, (const GLOBAL float2*)root_back,
      (const GLOBAL int2*)columns, weights, params,
      gains, signal, work, (SHARED float*)ring, int(thread_position_in_threadgroup.x),
      int(thread_position_in_threadgroup.y),
      int(threadgroup_position_in_grid.y) * params[6] + int(threadgroup_position_in_grid.x));
