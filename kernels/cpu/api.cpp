// The C interface, as Python's ctypes calls it. A plan knows two types (4: float, 8: double): that of its arithmetic and
// of the banks it works with, and that of the arrays it reads and writes, which may be narrower. Functions return 0, or
// 1 when memory ran out.
#include <memory>

#include "banks.h"
#include "companding.h"
#include "descriptors.h"
#include "emphasis.h"
#include "kaldi.h"
#include "median.h"
#include "pcen.h"
#include "phases.h"
#include "polyphase.h"
#include "vocoder.h"
#include "reductions.h"
#include "responses.h"

using namespace spectro;

namespace {

struct AnyPlan {
  std::unique_ptr<Plan<float>> single;
  std::unique_ptr<Plan<double>> twice;
  bool narrow;  // the arrays are of float
};
struct AnyBank {
  std::unique_ptr<FilterBank<float>> single;
  std::unique_ptr<FilterBank<double>> twice;
};
struct AnyDescriptors {
  bool is_single;
  Descriptors<float> single;
  Descriptors<double> twice;
};

// Calls f(plan, S()) with the plan of whichever type it is and a value of the arrays' type S.
template <class F> int with_plan(const void* handle, const F& f) {
  try {
    const auto* any = static_cast<const AnyPlan*>(handle);
    if (any->single) return f(*any->single, float()) ? 0 : 1;
    return (any->narrow ? f(*any->twice, float()) : f(*any->twice, double())) ? 0 : 1;
  } catch (...) {
    return 1;
  }
}
template <class T> const FilterBank<T>& bank_of(const void* handle) {
  const auto* any = static_cast<const AnyBank*>(handle);
  if constexpr (sizeof(T) == 4) return *any->single;
  else return *any->twice;
}
struct BankOfEitherType {
  const void* handle;
  template <class T> operator const FilterBank<T>&() const { return bank_of<T>(handle); }
};
template <class T> Descriptors<T>& descriptors_of(AnyDescriptors& any) {
  if constexpr (sizeof(T) == 4) return any.single;
  else return any.twice;
}
// Makes a D<float> or D<double>, as the handle's type is, and adds it.
template <template <class> class D, class... Args> int add_descriptor(void* handle, const Args&... args) {
  try {
    auto& any = *static_cast<AnyDescriptors*>(handle);
    if (any.is_single) any.single.push_back(std::make_unique<D<float>>(args...));
    else any.twice.push_back(std::make_unique<D<double>>(args...));
    return 0;
  } catch (...) {
    return 1;
  }
}
template <class P> struct ScalarOf;
template <class T> struct ScalarOf<Plan<T>> { using type = T; };
template <class P> using Scalar = typename ScalarOf<std::decay_t<P>>::type;

template <class S> Signal<S> signal(const void* x, const Index* shape) {
  return {static_cast<const S*>(x), shape[0], shape[1], shape[2], shape[3], shape[4], static_cast<Pad>(shape[5])};
}
Scaling scaling(const double* v) { return {v[0], v[1], v[2] != 0, v[3], v[4], v[5], v[6], v[7], v[8], v[9] != 0}; }

}  // namespace

#define SPECTRO_API extern "C" __attribute__((visibility("default")))

SPECTRO_API int spectro_abi_version() { return 11; }
SPECTRO_API int spectro_vector_bytes() { return SPECTRO_VECTOR_BYTES; }

// What this machine can run: 2 AVX-512, 1 AVX2 with FMA, 0 neither. Asked of the baseline library only.
SPECTRO_API int spectro_machine_level() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
             ? 2 : 1;
#else
  return 0;
#endif
}

SPECTRO_API void* spectro_plan_new(int arithmetic, int arrays, Index n, Index hop, const double* window) {
  try {
    auto any = std::make_unique<AnyPlan>();
    any->narrow = arrays == 4;
    if (arithmetic == 4) any->single = std::make_unique<Plan<float>>(n, hop, window);
    else any->twice = std::make_unique<Plan<double>>(n, hop, window);
    return any.release();
  } catch (...) {
    return nullptr;
  }
}
SPECTRO_API void spectro_plan_free(void* plan) { delete static_cast<AnyPlan*>(plan); }

// `parts`: 1, or 2 for complex weights in pairs.
SPECTRO_API void* spectro_bank_new(int type, Index bins, Index bands, Index parts, const Index* begin, const Index* end,
                                   const double* weights) {
  try {
    auto any = std::make_unique<AnyBank>();
    if (type == 4) any->single = std::make_unique<FilterBank<float>>(bins, bands, parts, begin, end, weights);
    else any->twice = std::make_unique<FilterBank<double>>(bins, bands, parts, begin, end, weights);
    return any.release();
  } catch (...) {
    return nullptr;
  }
}
SPECTRO_API void spectro_bank_free(void* bank) { delete static_cast<AnyBank*>(bank); }

// `shape`: batch, length, stride, pad_left, pad_right, pad mode.
SPECTRO_API int spectro_stft(const void* handle, const void* x, const Index* shape, Index frames, void* out, int layout,
                             int quantity, int twosided, double edge_scale, double inner_scale, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    const SpectrumOut<S> to{static_cast<S*>(out), static_cast<Layout>(layout), static_cast<Quantity>(quantity),
                            twosided != 0, edge_scale, inner_scale};
    return stft(plan, signal<S>(x, shape), frames, to, threads);
  });
}

SPECTRO_API int spectro_stft_adjoint(const void* handle, const void* gradient, Index frames, int layout, int twosided,
                                     double scale, const Index* shape, void* out, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    const SpectrumIn<S> from{static_cast<const S*>(gradient), frames, static_cast<Layout>(layout),
                             twosided ? Sides::two : Sides::one, scale, twosided ? scale : scale / 2};
    return stft_adjoint(plan, from, signal<S>(nullptr, shape), static_cast<S*>(out), threads);
  });
}

SPECTRO_API int spectro_istft(const void* handle, const void* spectrum, Index batch, Index frames, int layout, int sides,
                              double scale, int normalised, double floor, void* out, Index start, Index length,
                              int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    const SpectrumIn<S> from{static_cast<const S*>(spectrum), frames, static_cast<Layout>(layout),
                             static_cast<Sides>(sides), 1.0, 1.0};
    const SignalOut<S> to{static_cast<S*>(out), batch, length, start};
    return inverse(plan, from, to, plan.inverse_window.data(), static_cast<Scalar<decltype(plan)>>(scale),
                   Normalisation{normalised != 0, floor}, threads);
  });
}

SPECTRO_API int spectro_reciprocal_envelope(const void* handle, Index frames, Index start, Index length, double floor,
                                            void* out) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    reciprocal_envelope(plan, frames, start, length, floor, static_cast<S*>(out));
    return true;
  });
}

// `scale`: power, factor, logarithmic, gain, bias, floor, multiplier, offset, range, joint (filtered.h).
SPECTRO_API int spectro_filtered(const void* handle, const void* bank, const double* scale, const void* x,
                                 const Index* shape, Index frames, void* out, int layout, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    return filtered(plan, bank_of<Scalar<decltype(plan)>>(bank), scaling(scale), signal<S>(x, shape), frames, static_cast<S*>(out),
                    static_cast<Layout>(layout), threads);
  });
}

SPECTRO_API int spectro_scale_values(int type, const double* scale, const void* values, Index parts, Index count,
                                     void* out, int threads) {
  if (type == 4)
    return !scale_values(scaling(scale), static_cast<const float*>(values), parts, count, static_cast<float*>(out), threads);
  return !scale_values(scaling(scale), static_cast<const double*>(values), parts, count, static_cast<double*>(out), threads);
}

SPECTRO_API int spectro_apply_bank(int type, const void* bank, const void* v, int from, Index batch, Index frames,
                                   int centered, void* out, int to, int threads) {
  const auto run = [&](auto value) {
    using S = decltype(value);
    return !apply_bank(bank_of<S>(bank), static_cast<const S*>(v), static_cast<Layout>(from), batch, frames,
                       centered != 0, static_cast<S*>(out), static_cast<Layout>(to), threads);
  };
  return type == 4 ? run(float()) : run(double());
}

SPECTRO_API int spectro_filtered_adjoint(const void* handle, const void* bank, const double* scale, const void* x,
                                         const Index* shape, Index frames, const void* gradient, int layout, void* out,
                                         int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    return filtered_adjoint(plan, bank_of<Scalar<decltype(plan)>>(bank), scaling(scale), signal<S>(x, shape), frames,
                            static_cast<const S*>(gradient), static_cast<Layout>(layout), static_cast<S*>(out),
                            threads);
  });
}

SPECTRO_API int spectro_responses(const void* handle, const void* bank, const void* x, const Index* shape, Index frames,
                                  void* out, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    return responses(plan, bank_of<Scalar<decltype(plan)>>(bank), signal<S>(x, shape), frames, static_cast<S*>(out),
                     threads);
  });
}

SPECTRO_API void* spectro_descriptors_new(int type) { return new (std::nothrow) AnyDescriptors{type == 4, {}, {}}; }
SPECTRO_API void spectro_descriptors_free(void* handle) { delete static_cast<AnyDescriptors*>(handle); }

// The bank must outlive the descriptors.
SPECTRO_API int spectro_descriptors_add_bands(void* handle, const void* bank, const double* scale) {
  return add_descriptor<Bands>(handle, BankOfEitherType{bank}, scaling(scale));
}
SPECTRO_API int spectro_descriptors_add_centroid(void* handle, const double* frequency, Index bins) {
  return add_descriptor<Centroid>(handle, frequency, bins);
}
SPECTRO_API int spectro_descriptors_add_bandwidth(void* handle, const double* frequency, Index bins, double p) {
  return add_descriptor<Bandwidth>(handle, frequency, bins, p);
}
SPECTRO_API int spectro_descriptors_add_rolloff(void* handle, const double* frequency, Index bins, double share) {
  return add_descriptor<Rolloff>(handle, frequency, bins, share);
}
SPECTRO_API int spectro_descriptors_add_flatness(void* handle, double power, double floor) {
  return add_descriptor<Flatness>(handle, power, floor);
}
SPECTRO_API int spectro_descriptors_add_autocorrelation(void* handle, Index lags, int relative) {
  return add_descriptor<Autocorrelation>(handle, lags, relative != 0);
}
// `ranges`: `count` times begin, end, how many are extreme.
SPECTRO_API int spectro_descriptors_add_extremes(void* handle, const Index* ranges, Index count) {
  return add_descriptor<Extremes>(handle, ranges, count);
}
SPECTRO_API int spectro_describe(const void* handle, void* descriptors, const void* x, const Index* shape, Index frames,
                                 void* out, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using T = Scalar<decltype(plan)>;
    return describe(plan, descriptors_of<T>(*static_cast<AnyDescriptors*>(descriptors)),
                    signal<decltype(sample)>(x, shape), frames, static_cast<T*>(out), threads);
  });
}

SPECTRO_API int spectro_frame_rms(const void* handle, const void* x, const Index* shape, Index frames, void* out,
                                  int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    return frame_rms(plan, signal<S>(x, shape), frames, static_cast<S*>(out), threads);
  });
}

SPECTRO_API int spectro_frame_zero_crossings(const void* handle, const void* x, const Index* shape, Index frames,
                                             double threshold, int zero_is_positive, void* out, int threads) {
  return with_plan(handle, [&](const auto& plan, auto sample) {
    using S = decltype(sample);
    return frame_zero_crossings(plan, signal<S>(x, shape), frames, threshold, zero_is_positive != 0,
                                static_cast<S*>(out), threads);
  });
}

// 1 if all values are finite.
SPECTRO_API int spectro_all_finite(int type, const void* values, Index count, int threads) {
  return type == 4 ? all_finite(static_cast<const float*>(values), count, threads)
                   : all_finite(static_cast<const double*>(values), count, threads);
}

SPECTRO_API int spectro_overlap_add(int type, const void* frames, Index batch, Index count, Index n, Index hop,
                                    void* out, Index start, Index length, int threads) {
  if (type == 4)
    return !overlap_add(static_cast<const float*>(frames), batch, count, n, hop, static_cast<float*>(out), start, length,
                        threads);
  return !overlap_add(static_cast<const double*>(frames), batch, count, n, hop, static_cast<double*>(out), start, length,
                      threads);
}

SPECTRO_API int spectro_median_filter(int type, const void* x, Index outer, Index length, Index inner, Index size,
                                      void* out, int threads) {
  if (type == 4)
    return !median_filter(static_cast<const float*>(x), outer, length, inner, size, static_cast<float*>(out), threads);
  return !median_filter(static_cast<const double*>(x), outer, length, inner, size, static_cast<double*>(out), threads);
}

// `before` may be null.
SPECTRO_API int spectro_take_phase(int type, const void* magnitude, const void* now, const void* before, double inertia,
                                   double floor, void* out, Index count, int threads) {
  const auto run = [&](auto value) {
    using S = decltype(value);
    return !take_phase(static_cast<const S*>(magnitude), static_cast<const S*>(now), static_cast<const S*>(before),
                       inertia, floor, static_cast<S*>(out), count, threads);
  };
  return type == 4 ? run(float()) : run(double());
}

SPECTRO_API int spectro_phasors(int type, const void* angle, void* out, Index count, int threads) {
  return type == 4 ? !phasors(static_cast<const float*>(angle), static_cast<float*>(out), count, threads)
                   : !phasors(static_cast<const double*>(angle), static_cast<double*>(out), count, threads);
}

// `shape`: batch, bins, frames, and their strides in complex numbers.
SPECTRO_API int spectro_phase_vocoder(int type, const void* z, const Index* shape, const Index* first, const double* weight,
                                      Index steps, int line, void* out, int threads) {
  const auto run = [&](auto value) {
    using S = decltype(value);
    const Spectrogram<S> given{static_cast<const S*>(z), shape[0], shape[1], shape[2], shape[3], shape[4], shape[5]};
    return !phase_vocoder(given, Steps{first, weight, steps, line != 0}, static_cast<S*>(out), threads);
  };
  return type == 4 ? run(float()) : run(double());
}

// `options`: decay, gain, bias, power, eps.
SPECTRO_API int spectro_pcen(const double* energy, const double* averaged, Index rows, Index count, const double* options,
                             double* state, double* out, int threads) {
  const Pcen chosen{options[0], options[1], options[2], options[3], options[4]};
  return !pcen(energy, averaged, rows, count, chosen, state, out, threads);
}

SPECTRO_API int spectro_polyphase(int type, Index down, Index up, Index taps, const Index* first, const void* weights,
                                  const void* x, Index batch, Index samples, void* out, Index length, int threads) {
  const auto run = [&](auto value) {
    using S = decltype(value);
    const Polyphase<S> filter{down, up, taps, first, static_cast<const S*>(weights)};
    return !polyphase(filter, static_cast<const S*>(x), batch, samples, static_cast<S*>(out), length, threads);
  };
  return type == 4 ? run(float()) : run(double());
}

// `sizes`: of a frame, the shift, the FFT.
SPECTRO_API int spectro_condition(int type, const Index* sizes, int remove_mean, int raw_energy, double emphasis,
                                  const void* x, Index count, const void* window, void* out, void* energy, int threads) {
  const Conditioning how{sizes[0], sizes[1], sizes[2], remove_mean != 0, raw_energy != 0, emphasis};
  const auto run = [&](auto value) {
    using S = decltype(value);
    return !condition(how, static_cast<const S*>(x), count, static_cast<const S*>(window), static_cast<S*>(out),
                      static_cast<S*>(energy), threads);
  };
  return type == 4 ? run(float()) : run(double());
}

SPECTRO_API int spectro_mu_encode(int type, const void* x, Index count, double mu, std::int64_t* levels, int threads) {
  return type == 4 ? !mu_encode(static_cast<const float*>(x), count, mu, levels, threads)
                   : !mu_encode(static_cast<const double*>(x), count, mu, levels, threads);
}

SPECTRO_API int spectro_preemphasis(int type, const void* x, Index rows, Index length, double c, void* y, int threads) {
  return type == 4 ? !preemphasis(static_cast<const float*>(x), rows, length, c, static_cast<float*>(y), threads)
                   : !preemphasis(static_cast<const double*>(x), rows, length, c, static_cast<double*>(y), threads);
}
