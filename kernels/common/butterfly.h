// Small discrete Fourier transforms held in registers: v[k] <- sum_n v[n] w^(nk), w = exp(-2 pi i / R).

namespace spectro {

FN float2 cmul(float2 a, float2 b) { return float2{a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x}; }
FN float2 conj_(float2 a) { return float2{a.x, -a.y}; }
FN float2 swapped(float2 a) { return float2{a.y, a.x}; }
FN float2 times_i(float2 a) { return float2{-a.y, a.x}; }
FN float2 times_minus_i(float2 a) { return float2{a.y, -a.x}; }

template <int R>
struct Butterfly;

template <>
struct Butterfly<1> {
  static FN void run(THREAD float2* v) { (void)v; }
};

template <>
struct Butterfly<2> {
  static FN void run(THREAD float2* v) {
    const float2 a = v[0], b = v[1];
    v[0] = a + b;
    v[1] = a - b;
  }
};

// Odd radices: the real parts of w^(jk) pair up as sums, the imaginary parts as differences, so
//   v[k], v[R-k] = (x0 + sum_j cos(2 pi jk/R) (x_j + x_(R-j))) -+ i sum_j sin(2 pi jk/R) (x_j - x_(R-j)).
template <>
struct Butterfly<3> {
  static FN void run(THREAD float2* v) {
    const float s1 = 0.86602540378443865f;
    const float2 sum = v[1] + v[2], rest = v[0] - 0.5f * sum;
    const float2 turn = s1 * times_minus_i(v[1] - v[2]);
    v[0] = v[0] + sum;
    v[1] = rest + turn;
    v[2] = rest - turn;
  }
};

template <>
struct Butterfly<4> {
  static FN void run(THREAD float2* v) {
    const float2 a = v[0] + v[2], b = v[0] - v[2];
    const float2 c = v[1] + v[3], d = times_minus_i(v[1] - v[3]);
    v[0] = a + c;
    v[1] = b + d;
    v[2] = a - c;
    v[3] = b - d;
  }
};

template <>
struct Butterfly<5> {
  static FN void run(THREAD float2* v) {
    const float c1 = 0.30901699437494742f, c2 = -0.80901699437494742f;
    const float s1 = 0.95105651629515357f, s2 = 0.58778525229247313f;
    const float2 p1 = v[1] + v[4], p2 = v[2] + v[3], m1 = v[1] - v[4], m2 = v[2] - v[3];
    const float2 r1 = v[0] + c1 * p1 + c2 * p2, r2 = v[0] + c2 * p1 + c1 * p2;
    const float2 t1 = times_minus_i(s1 * m1 + s2 * m2), t2 = times_minus_i(s2 * m1 - s1 * m2);
    v[0] = v[0] + p1 + p2;
    v[1] = r1 + t1;
    v[2] = r2 + t2;
    v[3] = r2 - t2;
    v[4] = r1 - t1;
  }
};

template <>
struct Butterfly<7> {
  static FN void run(THREAD float2* v) {
    const float c1 = 0.62348980185873353f, c2 = -0.22252093395631440f, c3 = -0.90096886790241913f;
    const float s1 = 0.78183148246802981f, s2 = 0.97492791218182361f, s3 = 0.43388373911755812f;
    const float2 p1 = v[1] + v[6], p2 = v[2] + v[5], p3 = v[3] + v[4];
    const float2 m1 = v[1] - v[6], m2 = v[2] - v[5], m3 = v[3] - v[4];
    const float2 r1 = v[0] + c1 * p1 + c2 * p2 + c3 * p3, t1 = times_minus_i(s1 * m1 + s2 * m2 + s3 * m3);
    const float2 r2 = v[0] + c2 * p1 + c3 * p2 + c1 * p3, t2 = times_minus_i(s2 * m1 - s3 * m2 - s1 * m3);
    const float2 r3 = v[0] + c3 * p1 + c1 * p2 + c2 * p3, t3 = times_minus_i(s3 * m1 - s1 * m2 + s2 * m3);
    v[0] = v[0] + p1 + p2 + p3;
    v[1] = r1 + t1;
    v[2] = r2 + t2;
    v[3] = r3 + t3;
    v[4] = r3 - t3;
    v[5] = r2 - t2;
    v[6] = r1 - t1;
  }
};

template <>
struct Butterfly<8> {
  static FN void run(THREAD float2* v) {
    const float h = 0.70710678118654752f;
    float2 e[4] = {v[0], v[2], v[4], v[6]};
    float2 o[4] = {v[1], v[3], v[5], v[7]};
    Butterfly<4>::run(e);
    Butterfly<4>::run(o);
    o[1] = h * (o[1] + times_minus_i(o[1]));
    o[2] = times_minus_i(o[2]);
    o[3] = h * (times_minus_i(o[3]) - o[3]);
    UNROLL
    for (int k = 0; k < 4; ++k) {
      v[k] = e[k] + o[k];
      v[k + 4] = e[k] - o[k];
    }
  }
};

// 16 = 4 x 4: columns, the turns w^(ab), rows.
template <>
struct Butterfly<16> {
  static FN void run(THREAD float2* v) {
    const float c = 0.92387953251128674f, s = 0.38268343236508977f, h = 0.70710678118654752f;
    const float2 turn[10] = {{1.0f, 0.0f}, {c, -s}, {h, -h}, {s, -c}, {0.0f, -1.0f},
                             {-s, -c},     {-h, -h}, {-c, -s}, {-1.0f, 0.0f}, {-c, s}};
    float2 y[16];
    UNROLL
    for (int a = 0; a < 4; ++a) {
      float2 column[4] = {v[a], v[a + 4], v[a + 8], v[a + 12]};
      Butterfly<4>::run(column);
      UNROLL
      for (int b = 0; b < 4; ++b) y[4 * b + a] = a * b == 0 ? column[b] : cmul(column[b], turn[a * b]);
    }
    UNROLL
    for (int b = 0; b < 4; ++b) {
      Butterfly<4>::run(y + 4 * b);
      UNROLL
      for (int a = 0; a < 4; ++a) v[b + 4 * a] = y[4 * b + a];
    }
  }
};

// R = A x B without a common factor (Good and Thomas): with n = B a + A b the exponent nk splits into
// ak mod A and bk mod B, so no turns are needed between the two small transforms.
template <int A, int B>
struct CoprimeButterfly {
  static FN void run(THREAD float2* v) {
    float2 y[A * B];
    UNROLL
    for (int a = 0; a < A; ++a) {
      UNROLL
      for (int b = 0; b < B; ++b) y[a * B + b] = v[(B * a + A * b) % (A * B)];
      Butterfly<B>::run(y + a * B);
    }
    UNROLL
    for (int b = 0; b < B; ++b) {
      float2 x[A];
      UNROLL
      for (int a = 0; a < A; ++a) x[a] = y[a * B + b];
      Butterfly<A>::run(x);
      UNROLL
      for (int a = 0; a < A; ++a) y[a * B + b] = x[a];
    }
    UNROLL
    for (int k = 0; k < A * B; ++k) v[k] = y[(k % A) * B + k % B];
  }
};

template <>
struct Butterfly<6> : CoprimeButterfly<2, 3> {};
template <>
struct Butterfly<10> : CoprimeButterfly<2, 5> {};

}  // namespace spectro
