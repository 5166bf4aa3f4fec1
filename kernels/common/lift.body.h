  spectro::lift(bands, peaks, params, gains, lifted, int(thread_position_in_threadgroup.x), T,
                int(threadgroup_position_in_grid.y) * params[4] + int(threadgroup_position_in_grid.x));
