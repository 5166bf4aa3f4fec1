// Runs one dispatch of a compiled Metal kernel on the CPU and watches every access to memory.
//
// The threads of a threadgroup are fibers, so barriers and simdgroup operations have their real semantics in any
// schedule. The kernel is compiled with clang's -fsanitize=thread instrumentation, but the calls it inserts land
// here: for threadgroup memory they look for reads of what nobody wrote and for accesses that no barrier orders;
// for device memory, for accesses outside the buffers and for two groups that touch one word. The first fault
// ends the dispatch with a sentence.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { SIMD = 32, STACK = 128 << 10, MAX_THREADS = 1024, MAX_BUFFERS = 32, TG_BYTES = 32768, GUARD = 1 << 20 };

void metal_entry(const uint64_t* buffers);   // the kernel; the driver appends it to the text
extern char __start_tgmem[] __attribute__((weak)), __stop_tgmem[] __attribute__((weak));

typedef struct {
  ucontext_t context;
  char* stack;
  int done, waits;          // waits: 0 running, 1 at a group barrier, 2 at a simdgroup's
  uint64_t epoch;           // of what it waits for
  int id;
  uint32_t position[3];
} Fiber;

typedef struct {
  uint32_t slot[SIMD], seen[SIMD], present, seen_present;
  int arrived, live, kind;
  const void* site;
  uint64_t epoch;           // barriers and exchanges
  uint64_t fences;          // barriers only: an exchange orders no memory
} Simdgroup;

typedef struct { int thread; uint64_t group_fences, simd_fences; } Access;
typedef struct { Access write, read[2]; uint8_t written; } Shadow;

typedef struct { char *data; uint64_t bytes; int output; uint32_t* owner; } Buffer;

static Fiber fibers[MAX_THREADS];
static Simdgroup simds[MAX_THREADS / SIMD];
static Shadow shadow[TG_BYTES / 4];
static Buffer buffers[MAX_BUFFERS];
static int buffer_count, threads, live, arrived;
static uint64_t group_epoch;
static const void* group_site;
static ucontext_t home;
static Fiber* me;
static const uint64_t* arguments;
static uint32_t groups[3], size[3], group[3], group_number;
static char fault[512];
static char *arena, *arena_end;

static void to_scheduler(void) { swapcontext(&me->context, &home); }

static void fail(const char* what) {
  if (!fault[0])
    snprintf(fault, sizeof fault, "%s (group %u,%u,%u thread %u,%u,%u)", what, group[0], group[1], group[2],
             me->position[0], me->position[1], me->position[2]);
  to_scheduler();   // never resumed: the scheduler stops at a fault
}

// ---- barriers and exchanges

__attribute__((noinline)) void metal_barrier(int scope) {
  const void* site = __builtin_return_address(0);
  if (scope == 0) {
    if (arrived == 0) group_site = site;
    else if (group_site != site) fail("threads wait at different threadgroup barriers");
    if (live != threads) fail("threadgroup barrier after a thread of the group has returned");
    if (++arrived == live) { arrived = 0; group_epoch++; return; }
    me->waits = 1; me->epoch = group_epoch;
  } else {
    Simdgroup* s = &simds[me->id / SIMD];
    if (s->arrived == 0) { s->site = site; s->kind = -1; }
    else if (s->site != site || s->kind != -1) fail("lanes of a simdgroup diverge at a barrier");
    if (++s->arrived == s->live) { s->arrived = 0; s->epoch++; s->fences++; return; }
    me->waits = 2; me->epoch = s->epoch;
  }
  to_scheduler();
  me->waits = 0;
}

__attribute__((noinline)) uint32_t metal_exchange(uint32_t bits, int kind, int arg) {
  const void* site = __builtin_return_address(0);
  Simdgroup* s = &simds[me->id / SIMD];
  const int lane = me->id % SIMD;
  if (s->arrived == 0) { s->site = site; s->kind = kind; s->present = 0; }
  else if (s->site != site || s->kind != kind) fail("lanes of a simdgroup diverge at an exchange");
  s->slot[lane] = bits;
  s->present |= 1u << lane;
  if (++s->arrived == s->live) {
    s->arrived = 0;
    memcpy(s->seen, s->slot, sizeof s->seen);
    s->seen_present = s->present;
    s->epoch++;
  } else {
    me->waits = 2; me->epoch = s->epoch;
    to_scheduler();
    me->waits = 0;
  }
  const int from = kind == 0 ? arg : kind == 1 ? lane ^ arg : kind == 2 ? lane + arg : lane - arg;
  if (from < 0 || from >= SIMD) return bits;
  if (!(s->seen_present >> from & 1)) fail("an exchange reads a lane that takes no part");
  return s->seen[from];
}

// ---- memory

static int ordered(const Access* a) {   // does `a` happen before now, for this thread?
  if (a->thread < 0 || a->thread == me->id || a->group_fences < group_epoch) return 1;
  return a->thread / SIMD == me->id / SIMD && a->simd_fences < simds[me->id / SIMD].fences;
}

static void touch_shared(uint64_t word, int writes) {
  if (word >= TG_BYTES / 4) return;   // too much memory: reported before the dispatch
  Shadow* s = &shadow[word];
  const Access now = {me->id, group_epoch, simds[me->id / SIMD].fences};
  if (!s->written && !writes) fail("reads threadgroup memory that nobody wrote");
  if (s->written && !ordered(&s->write))
    fail(writes ? "data race: two threads write one word of threadgroup memory"
                : "data race: reads threadgroup memory while another thread writes it");
  if (writes) {
    if (!ordered(&s->read[0]) || !ordered(&s->read[1]))
      fail("data race: writes threadgroup memory while another thread reads it");
    s->write = now;
    s->written = 1;
  } else if (s->read[0].thread == me->id || s->read[0].thread < 0) {
    s->read[0] = now;
  } else {
    s->read[1] = now;
  }
}

static void touch(const char* at, uint64_t bytes, int writes) {
  if (fault[0]) return;
  if (__start_tgmem && at >= __start_tgmem && at < __stop_tgmem) {
    for (uint64_t w = (uint64_t)(at - __start_tgmem) / 4; w < (uint64_t)(at - __start_tgmem + bytes + 3) / 4; w++)
      touch_shared(w, writes);
    return;
  }
  if (at >= arena && at < arena_end) {
    for (int i = 0; i < buffer_count; i++) {
      Buffer* b = &buffers[i];
      if (at < b->data || at + bytes > b->data + b->bytes) continue;
      if (!b->output && writes) fail("writes to an input");
      if (b->output)
        for (uint64_t w = (uint64_t)(at - b->data) / 4; w < (uint64_t)(at - b->data + bytes + 3) / 4; w++) {
          if (b->owner[w] && b->owner[w] != group_number + 1) fail("two groups touch one word of an output");
          b->owner[w] = group_number + 1;
        }
      return;
    }
    fail(writes ? "writes outside every buffer" : "reads outside every buffer");
  }
  if (writes && !(at >= me->stack && at < me->stack + STACK)) fail("writes outside every buffer");
}

// What -fsanitize=thread inserts.
#define WATCH(n)                                                               \
  void __tsan_read##n(void* p) { touch(p, n, 0); }                             \
  void __tsan_write##n(void* p) { touch(p, n, 1); }                            \
  void __tsan_unaligned_read##n(void* p) { touch(p, n, 0); }                   \
  void __tsan_unaligned_write##n(void* p) { touch(p, n, 1); }                  \
  void __tsan_read_write##n(void* p) { touch(p, n, 0); touch(p, n, 1); }       \
  void __tsan_unaligned_read_write##n(void* p) { touch(p, n, 0); touch(p, n, 1); }
WATCH(1) WATCH(2) WATCH(4) WATCH(8) WATCH(16)
void __tsan_init(void) {}
void __tsan_func_entry(void* p) { (void)p; }
void __tsan_func_exit(void) {}
void* __tsan_memcpy(void* to, const void* from, uint64_t n) { touch(from, n, 0); touch(to, n, 1); return memcpy(to, from, n); }
void* __tsan_memset(void* to, int value, uint64_t n) { touch(to, n, 1); return memset(to, value, n); }

// ---- the dispatch

// Thread attributes; the driver knows the numbers.
uint32_t metal_attribute(int which, int axis) {
  switch (which) {
    case 0: return group[axis] * size[axis] + me->position[axis];   // thread_position_in_grid
    case 1: return me->position[axis];                              // thread_position_in_threadgroup
    case 2: return group[axis];                                     // threadgroup_position_in_grid
    case 3: return groups[axis];                                    // threadgroups_per_grid
    case 4: return groups[axis] * size[axis];                       // threads_per_grid
    case 5: return size[axis];                                      // threads_per_threadgroup
    case 6: return (uint32_t)me->id;                                // thread_index_in_threadgroup
    case 7: return (uint32_t)me->id % SIMD;                         // thread_index_in_simdgroup
    case 8: return (uint32_t)me->id / SIMD;                         // simdgroup_index_in_threadgroup
    default: return SIMD;                                           // threads_per_simdgroup
  }
}

static void fiber_main(void) {
  metal_entry(arguments);
  me->done = 1;
  live--;
  simds[me->id / SIMD].live--;
  to_scheduler();
}

static int ready(const Fiber* f) {
  if (f->done) return 0;
  if (f->waits == 1) return f->epoch != group_epoch;
  if (f->waits == 2) return f->epoch != simds[f->id / SIMD].epoch;
  return 1;
}

static uint64_t random_state;
static uint32_t random_below(uint32_t n) {
  random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)((random_state >> 33) % n);
}

static void run_group(int schedule) {
  int order[MAX_THREADS];
  memset(simds, 0, sizeof simds);
  for (int i = 0; i < TG_BYTES / 4; i++) shadow[i] = (Shadow){{-1, 0, 0}, {{-1, 0, 0}, {-1, 0, 0}}, 0};
  if (__start_tgmem) memset(__start_tgmem, 0xff, (size_t)(__stop_tgmem - __start_tgmem));   // NaN
  live = threads; arrived = 0; group_epoch = 0;
  for (int i = 0; i < threads; i++) {
    Fiber* f = &fibers[i];
    if (!f->stack) f->stack = malloc(STACK);
    f->done = f->waits = 0; f->id = i;
    f->position[0] = (uint32_t)i % size[0];
    f->position[1] = (uint32_t)i / size[0] % size[1];
    f->position[2] = (uint32_t)i / size[0] / size[1];
    simds[i / SIMD].live++;
    getcontext(&f->context);
    f->context.uc_stack.ss_sp = f->stack;
    f->context.uc_stack.ss_size = STACK;
    f->context.uc_link = NULL;
    makecontext(&f->context, fiber_main, 0);
    order[i] = schedule == 1 ? threads - 1 - i : i;
  }
  while (live) {
    int progress = 0;
    if (schedule > 1)
      for (int i = threads - 1; i > 0; i--) {
        const int j = (int)random_below((uint32_t)i + 1), o = order[i];
        order[i] = order[j]; order[j] = o;
      }
    for (int i = 0; i < threads; i++) {
      Fiber* f = &fibers[order[i]];
      if (!ready(f)) continue;
      progress = 1;
      me = f;
      swapcontext(&home, &f->context);
      if (fault[0]) return;
    }
    if (!progress) {
      snprintf(fault, sizeof fault, "deadlock: some threads wait where the others never come (group %u,%u,%u)",
               group[0], group[1], group[2]);
      return;
    }
  }
}

const char* metal_fault(void) { return fault; }
uint64_t metal_threadgroup_bytes(void) { return __start_tgmem ? (uint64_t)(__stop_tgmem - __start_tgmem) : 0; }

// schedule: 0 ascending, 1 descending, else random with that seed. Outputs are filled with NaN first.
int metal_dispatch(int count, void** data, const uint64_t* bytes, const int* output, const uint32_t* group_counts,
                   const uint32_t* group_size, int schedule) {
  fault[0] = 0;
  memcpy(groups, group_counts, sizeof groups);
  memcpy(size, group_size, sizeof size);
  threads = (int)(size[0] * size[1] * size[2]);
  if (threads > MAX_THREADS) { snprintf(fault, sizeof fault, "%d threads in a group", threads); return 1; }
  if (metal_threadgroup_bytes() > TG_BYTES) {
    snprintf(fault, sizeof fault, "threadgroup memory over 32 KB: %lu bytes", (unsigned long)metal_threadgroup_bytes());
    return 1;
  }
  uint64_t total = GUARD, addresses[MAX_BUFFERS];
  for (int i = 0; i < count; i++) total += (bytes[i] + 63) / 64 * 64 + GUARD;
  arena = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  arena_end = arena + total;
  char* at = arena + GUARD;
  buffer_count = count;
  for (int i = 0; i < count; i++) {
    buffers[i] = (Buffer){at, bytes[i], output[i], NULL};
    if (output[i]) { memset(at, 0xff, bytes[i]); buffers[i].owner = calloc(bytes[i] / 4 + 4, 4); }
    else memcpy(at, data[i], bytes[i]);
    addresses[i] = (uint64_t)at;
    at += (bytes[i] + 63) / 64 * 64 + GUARD;
  }
  arguments = addresses;
  random_state = (uint64_t)schedule;
  group_number = 0;
  for (group[2] = 0; group[2] < groups[2] && !fault[0]; group[2]++)
    for (group[1] = 0; group[1] < groups[1] && !fault[0]; group[1]++)
      for (group[0] = 0; group[0] < groups[0] && !fault[0]; group[0]++, group_number++) run_group(schedule);
  for (int i = 0; i < count; i++)
    if (output[i]) { memcpy(data[i], buffers[i].data, bytes[i]); free(buffers[i].owner); }
  munmap(arena, total);
  return fault[0] != 0;
}
