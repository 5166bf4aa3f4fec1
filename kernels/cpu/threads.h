// A pool of worker threads. run() gives out the job numbers 0 .. jobs-1; the caller works too, and waits for the
// jobs, never for a worker to wake up: on a short call it has often done everything itself by then.
// Any number of threads may call run() at once; workers go to whichever call still has jobs.
#pragma once
#include <cstdint>

namespace spectro {

using Job = void (*)(void* context, std::int64_t job);

// False when a job threw (out of memory).
bool run_jobs(Job job, void* context, std::int64_t jobs, int threads);

template <class F> bool parallel_for(std::int64_t jobs, int threads, const F& body) {
  return run_jobs([](void* context, std::int64_t job) { (*static_cast<const F*>(context))(job); },
                  const_cast<F*>(&body), jobs, threads);
}

// The same, but jobs done at one time lie far apart: neighbours write to the same lines and pages.
template <class F> bool parallel_for_apart(std::int64_t jobs, int threads, const F& body) {
  const std::int64_t share = (jobs + threads - 1) / threads;
  return parallel_for(share * threads, threads, [&](std::int64_t number) {
    const std::int64_t job = number % threads * share + number / threads;
    if (job < jobs) body(job);
  });
}

}  // namespace spectro
