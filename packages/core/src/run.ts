/// <reference types="@webgpu/types" preserve="true" />
/** A worker thread as the core sees it: Node's worker_threads or a Web Worker, wrapped by the caller. */
export interface WorkerPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onError(listener: (error: Error) => void): void;
  terminate(): void;
}

/** Threads that a stage may use. */
export interface Threads {
  readonly count: number; // >= 1
  readonly spawn: () => WorkerPort; // a new worker that runs `serve` of the core
}

/** What a stage may know of the world around it: never data, never options. */
export interface Run {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number) => void; // 0 to 1, of this stage
  readonly threads?: Threads; // absent: everything runs on the caller's thread
  readonly gpu?: GPUDevice; // for the stages that are asked to use one; it stays the caller's, who destroys it
}
