// A pool of worker threads. run() gives out the job numbers 0 .. jobs-1; the caller works too, and waits for the
// jobs, never for a worker to wake up: on a short call it has often done everything itself by then.
// Any number of threads may call run() at once; workers go to whichever call still has jobs.
#pragma once
#include <cstdint>

namespace spectro {

using Job = void (*)(void* context, std::int64_t job);

// Who works on a call: so many threads. To wake one that sleeps takes some 30 microseconds: a call that is soon over takes
// only those that are still awake from the call before, and wakes them where calls follow so closely that they stay so.
struct Team {
  int threads;
  bool worth_waking = true;
  Team(int threads, bool worth_waking = true) : threads(threads), worth_waking(worth_waking) {}
};

// False when a job threw (out of memory).
bool run_jobs(Job job, void* context, std::int64_t jobs, Team team);

template <class F> bool parallel_for(std::int64_t jobs, Team team, const F& body) {
  return run_jobs([](void* context, std::int64_t job) { (*static_cast<const F*>(context))(job); },
                  const_cast<F*>(&body), jobs, team);
}

// The same, but jobs done at one time lie far apart: neighbours write to the same lines and pages.
template <class F> bool parallel_for_apart(std::int64_t jobs, Team team, const F& body) {
  const std::int64_t share = (jobs + team.threads - 1) / team.threads;
  return parallel_for(share * team.threads, team, [&](std::int64_t number) {
    const std::int64_t job = number % team.threads * share + number / team.threads;
    if (job < jobs) body(job);
  });
}

}  // namespace spectro
