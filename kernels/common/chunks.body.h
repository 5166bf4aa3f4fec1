  const int64_t group = int64_t(threadgroup_position_in_grid.y) * params[5] + threadgroup_position_in_grid.x;
  spectro::overlap_add_chunks<NORM>(chunks, window, params, gains, signal,
                                    group * T + thread_position_in_threadgroup.x);
