// The kernels' vocabulary, for CUDA. metal/prelude.h says the same words in Metal.
#define GLOBAL
#define SHARED
#define THREAD
#define TABLE
#define FN __device__ __forceinline__
#define UNROLL _Pragma("unroll")
#define SHARED_ARRAY(T, name, n) __shared__ T name[n]
// The names MLX gives Metal's thread attributes.
#define thread_position_in_threadgroup threadIdx
#define threadgroup_position_in_grid blockIdx

namespace spectro {

FN float2 operator+(float2 a, float2 b) { return {a.x + b.x, a.y + b.y}; }
FN float2 operator-(float2 a, float2 b) { return {a.x - b.x, a.y - b.y}; }
FN float2 operator*(float2 a, float2 b) { return {a.x * b.x, a.y * b.y}; }
FN float2 operator*(float a, float2 b) { return {a * b.x, a * b.y}; }

FN void group_sync() { __syncthreads(); }

// Makes the threads of one frame wait for each other. (Named barriers for frames of several warps lost: with a
// number known only at run time a group claims all 16, and 4 groups fill a multiprocessor.)
template <int T>
FN void frame_sync() {
  if (32 % T == 0) {
    __syncwarp();
  } else {
    __syncthreads();
  }
}

// Two neighbouring floats as one access, where the address allows it.
FN bool pair_aligned(const float* p) { return (uint64_t(p) & 7) == 0; }
FN float2 aligned_pair(const float* p, int pair) { return ((const float2*)p)[pair]; }
FN void store_pair(float* p, float2 x) {
  if (pair_aligned(p)) {
    *(float2*)p = x;
  } else {
    p[0] = x.x;
    p[1] = x.y;
  }
}

FN float sqrt_(float x) { return __fsqrt_rn(x); }
FN float log_(float x) { return logf(x); }
FN float log2_(float x) { return log2f(x); }   // the fast one is off by 2^-21 near 1, and no faster here
FN float pow_(float x, float p) { return powf(x, p); }
FN float max_(float a, float b) { return fmaxf(a, b); }
FN int min_(int a, int b) { return a < b ? a : b; }

}  // namespace spectro
