  SHARED_ARRAY(float, strip_x, PRODUCT_DEPTH * (PRODUCT_TILE + 1));
  SHARED_ARRAY(float, strip_w, PRODUCT_DEPTH * PRODUCT_TILE);
  spectro::product(factor, weights, params, result, strip_x, strip_w, int(thread_position_in_threadgroup.x),
                   int(threadgroup_position_in_grid.y) * params[5] + int(threadgroup_position_in_grid.x));
