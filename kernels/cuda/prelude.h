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

// Makes the threads of one frame wait for each other: lanes of a warp, whole warps by a named barrier of their
// own (there are 16 and __syncthreads has number 0: a group has at most 15 frames then), or the whole group.
template <int T>
FN void frame_sync(int slot) {
  if (32 % T == 0) {
    __syncwarp();
  } else if (T % 32 == 0) {
    asm volatile("bar.sync %0, %1;" ::"r"(slot + 1), "n"(T) : "memory");
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
FN float log10_(float x) { return log10f(x); }
FN float pow_(float x, float p) { return powf(x, p); }
FN float max_(float a, float b) { return a > b ? a : b; }
FN int min_(int a, int b) { return a < b ? a : b; }

}  // namespace spectro
