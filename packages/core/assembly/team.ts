// The threads that share one memory. Every thread runs the same program (one instance each, so that these globals are
// its own); shares of work are handed out one by one, and `barrier` ends each parallel region.
// Nothing here decides which sum is formed in which order: that is fixed by the model, so any number of threads gives
// the same bits.

let threads: i32 = 1;
let sync: usize = 0; // i32: arrived, generation, next share, command

const ARRIVED: usize = 0;
const GENERATION: usize = 64; // a cache line each
const SHARE: usize = 128;
const COMMAND: usize = 192;
const SPINS: i32 = 4000; // some tens of microseconds, then sleep: a core may be wanted by others

export let thread: i32 = 0;

export function join(me: i32, count: i32, memory: usize): void {
  thread = me;
  threads = count;
  sync = memory;
}

/** The next share of the running region: 0, 1, 2, … over all threads. */
// @ts-ignore: decorator
@inline
export function nextShare(): i32 {
  if (threads == 1) {
    const share = load<i32>(sync + SHARE);
    store<i32>(sync + SHARE, share + 1);
    return share;
  }
  return atomic.add<i32>(sync + SHARE, 1);
}

/** Waits until all threads are here; the shares start again at 0. */
export function barrier(): void {
  if (threads == 1) {
    store<i32>(sync + SHARE, 0);
    return;
  }
  const generation = atomic.load<i32>(sync + GENERATION);
  if (atomic.add<i32>(sync + ARRIVED, 1) == threads - 1) {
    atomic.store<i32>(sync + ARRIVED, 0);
    atomic.store<i32>(sync + SHARE, 0);
    atomic.store<i32>(sync + GENERATION, generation + 1);
    atomic.notify(sync + GENERATION, -1);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(sync + GENERATION) != generation) return;
  while (atomic.load<i32>(sync + GENERATION) == generation) atomic.wait<i32>(sync + GENERATION, generation, -1);
}

/** Thread 0 says what is done next; the others wait for it. Every thread gets the command. */
export function order(command: i32): i32 {
  if (thread == 0) store<i32>(sync + COMMAND, command);
  barrier();
  return load<i32>(sync + COMMAND); // stays until the others have joined the barriers of what it orders
}
