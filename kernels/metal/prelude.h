// The kernels' vocabulary, for Metal. cuda/prelude.h says the same words in CUDA.
#define GLOBAL device
#define SHARED threadgroup
#define THREAD thread
#define TABLE constant
#define FN METAL_FUNC
#define UNROLL _Pragma("clang loop unroll(full)")
#define SHARED_ARRAY(T, name, n) threadgroup T name[n]

namespace spectro {

FN void group_sync() { metal::threadgroup_barrier(metal::mem_flags::mem_threadgroup); }

// Makes the threads of one frame wait for each other. A frame that fills part of a simdgroup needs no more than
// a simdgroup barrier; any other count of threads takes the whole group along.
template <int T>
FN void frame_sync() {
  if (32 % T == 0) {
    metal::simdgroup_barrier(metal::mem_flags::mem_threadgroup);
  } else {
    group_sync();
  }
}

// Two neighbouring floats; packed_float2 asks for no more than a float's alignment.
FN bool pair_aligned(const GLOBAL float*) { return true; }
FN float2 aligned_pair(const GLOBAL float* p, int pair) {
  const packed_float2 x = ((const GLOBAL packed_float2*)p)[pair];
  return float2{x[0], x[1]};
}
FN void store_pair(GLOBAL float* p, float2 x) {
  p[0] = x.x;
  p[1] = x.y;
}

FN float sqrt_(float x) { return metal::precise::sqrt(x); }
FN float log_(float x) { return metal::precise::log(x); }
FN float log2_(float x) { return metal::precise::log2(x); }
FN float pow_(float x, float p) { return metal::precise::pow(x, p); }
FN float max_(float a, float b) { return a > b ? a : b; }
FN int min_(int a, int b) { return a < b ? a : b; }

}  // namespace spectro
