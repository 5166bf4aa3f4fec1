// Scratch memory: one block a thread, kept between calls. It is small (a block of frames, not a signal), which is
// what keeps the memory of an operation at its output plus a constant.
#pragma once
#include <cstdlib>
#include <new>

#include "simd.h"

namespace spectro {

class Workspace {
 public:
  static Workspace& of_this_thread() {
    static thread_local Workspace instance;
    return instance;
  }
  // Forgets earlier reservations; `bytes` is an upper bound of what reserve() will be asked for.
  void begin(std::size_t bytes) {
    used_ = 0;
    bytes += 16 * alignment;
    if (bytes <= size_) return;
    std::free(memory_);
    size_ = (bytes + alignment - 1) / alignment * alignment;
    memory_ = static_cast<char*>(std::aligned_alloc(alignment, size_));
    if (memory_ == nullptr) {
      size_ = 0;
      throw std::bad_alloc();
    }
  }
  template <class T> T* reserve(Index count) {
    T* p = reinterpret_cast<T*>(memory_ + used_);
    used_ += (static_cast<std::size_t>(count) * sizeof(T) + alignment - 1) / alignment * alignment;
    return p;
  }
  // Gives back, at the end of a scope, what was reserved in it.
  struct Mark {
    explicit Mark(Workspace& w) : workspace(w), used(w.used_) {}
    ~Mark() { workspace.used_ = used; }
    Workspace& workspace;
    std::size_t used;
  };
  ~Workspace() { std::free(memory_); }

 private:
  static constexpr std::size_t alignment = 128;
  char* memory_ = nullptr;
  std::size_t size_ = 0, used_ = 0;
};

}  // namespace spectro
