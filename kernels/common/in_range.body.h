  spectro::in_range<SCALE>(bands, peaks, params, gains, scaled_out, int(thread_position_in_threadgroup.x), T,
                           int(threadgroup_position_in_grid.y) * params[4] + int(threadgroup_position_in_grid.x));
