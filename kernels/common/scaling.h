// From bands to what a caller sees: linear, logarithms, decibels.

namespace spectro {

// How a band y becomes the output, numbered as in gpu/plans.py:
//   linear, gain log2(max(y, floor)) + offset, gain log2(y + floor) + offset, gain ln(1 + y); y is scaled first.
#define SCALE_LINEAR 0
#define SCALE_LOG_CLAMP 1
#define SCALE_LOG_ADD 2
#define SCALE_LOG1P 3

FN float log1p_(float x) {
  const float u = 1.0f + x;   // Kahan: the error of rounding u cancels in the quotient
  return u == 1.0f ? x : log_(u) * (x / (u - 1.0f));
}

struct Scaling {
  float multiplier, floor_, gain, offset;   // other bases of the logarithm are in the gain
};

template <int SCALE>
FN float scaled(float y, const THREAD Scaling& by) {
  if (SCALE == SCALE_LINEAR) return y;
  y = by.multiplier * y;
  if (SCALE == SCALE_LOG1P) return by.gain * log1p_(y);
  y = SCALE == SCALE_LOG_ADD ? y + by.floor_ : (y < by.floor_ ? by.floor_ : y);   // NaN stays
  return by.gain * log2_(y) + by.offset;
}

#define PEAKS 8   // partial maxima of a row

}  // namespace spectro
