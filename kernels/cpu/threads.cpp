#include "threads.h"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace spectro {
namespace {

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

// About 50 microseconds: longer than the gap between two calls in a loop, shorter than anybody would notice.
constexpr int spins_before_sleep = 1500;

struct Call {
  Job job;
  void* context;
  std::int64_t jobs;
  int helpers_wanted;
  std::atomic<std::int64_t> next{0};
  std::atomic<int> helpers_inside{0};
  std::atomic<bool> failed{false};
  Call* following = nullptr;

  void work() {
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < jobs;) {
      try {
        job(context, i);
      } catch (...) {
        failed.store(true, std::memory_order_relaxed);
      }
    }
  }
  bool wants_help() const { return helpers_wanted > 0 && next.load(std::memory_order_relaxed) < jobs; }
};

class Pool {
 public:
  void run(Call& call) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      try {
        for (; workers_ < call.helpers_wanted; workers_++) std::thread([this] { serve(); }).detach();
      } catch (const std::system_error&) {  // no more threads to be had: go on with those there are
      }
      call.following = calls_;
      calls_ = &call;
      version_.fetch_add(1, std::memory_order_release);
      if (sleeping_ > 0) wake_.notify_all();
    }
    call.work();
    {
      std::lock_guard<std::mutex> lock(mutex_);  // from here on no worker can join
      Call** link = &calls_;
      while (*link != &call) link = &(*link)->following;
      *link = call.following;
    }
    for (int spins = 0; call.helpers_inside.load(std::memory_order_acquire) > 0; spins++) {
      if (spins < spins_before_sleep) pause();
      else std::this_thread::yield();
    }
  }

 private:
  [[noreturn]] void serve() {
    for (std::uint64_t seen = 0;;) {
      for (int spins = 0; version_.load(std::memory_order_acquire) == seen && spins < spins_before_sleep; spins++)
        pause();
      Call* call = nullptr;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        while ((call = pick()) == nullptr && version_.load(std::memory_order_relaxed) == seen) {
          sleeping_++;
          wake_.wait(lock);
          sleeping_--;
        }
        seen = version_.load(std::memory_order_relaxed);
      }
      if (call == nullptr) continue;
      call->work();
      call->helpers_inside.fetch_sub(1, std::memory_order_release);  // the last touch: the call may now vanish
    }
  }

  Call* pick() {
    for (Call* call = calls_; call != nullptr; call = call->following)
      if (call->wants_help()) {
        call->helpers_wanted--;
        call->helpers_inside.fetch_add(1, std::memory_order_relaxed);
        return call;
      }
    return nullptr;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  Call* calls_ = nullptr;
  int workers_ = 0, sleeping_ = 0;
  std::atomic<std::uint64_t> version_{0};
};

// Never destroyed: its threads may still wait on it while the process exits. A forked child has none of them, so it
// starts with a new pool (the old one's mutex might be held by a thread that is not there).
std::atomic<Pool*> the_pool{nullptr};

Pool& pool() {
  static const int forget_at_fork = pthread_atfork(nullptr, nullptr, [] { the_pool.store(nullptr); });
  (void)forget_at_fork;
  Pool* current = the_pool.load(std::memory_order_acquire);
  if (current == nullptr) {
    Pool* made = new Pool;
    if (the_pool.compare_exchange_strong(current, made)) return *made;
    delete made;
  }
  return *current;
}

}  // namespace

bool run_jobs(Job job, void* context, std::int64_t jobs, int threads) {
  Call call;
  call.job = job, call.context = context, call.jobs = jobs;
  call.helpers_wanted = static_cast<int>(threads < jobs ? threads : jobs) - 1;
  if (call.helpers_wanted <= 0) call.work();
  else pool().run(call);
  return !call.failed.load();
}

}  // namespace spectro
