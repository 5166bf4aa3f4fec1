  SHARED_ARRAY(float2, work, FRAMES * WORDS);
  spectro::filtered<N, T, FRAMES, SKEW, WORDS, MODE, POWER, SCALE, BANDS_FIRST, true, R0, R1, R2, R3, R4, R5, 1>(
      audio, window, (const GLOBAL float2*)root, (const GLOBAL int2*)spans, (const GLOBAL float4*)weights, params, gains,
      bands_out, peaks, work, int(thread_position_in_threadgroup.x), int(thread_position_in_threadgroup.y),
      int(threadgroup_position_in_grid.y) * params[6] + int(threadgroup_position_in_grid.x));
