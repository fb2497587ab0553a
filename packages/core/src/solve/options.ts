import { SpondylError } from "../error.js";

const kernels = ["wasm", "webgpu", "typescript"] as const;
export type KernelName = (typeof kernels)[number];

export interface SolveOptions {
  /** Stop at this relative residual, ‖f − Ku‖ / ‖f‖ over the free unknowns. In [1e-12, 1). Default 1e-6. */
  readonly tolerance?: number;
  /** Give up after so many iterations. Default 1000 with multigrid, 100 000 in the TypeScript twin (Jacobi). */
  readonly maxIterations?: number;
  /**
   * "wasm" (default): SIMD, multigrid, threads. "webgpu": the same method on `run.gpu`, in f32 with corrections in f64
   * to the same tolerance. "typescript": the readable twin, for tests and small models.
   */
  readonly kernel?: KernelName;
  /** Parts that no constraint holds: an "error" (default), or "remove" them before solving. */
  readonly floating?: "error" | "remove";
}

/** All of them, checked. */
export type CheckedSolveOptions = Required<SolveOptions>;

/** Relative residual at which a solution is taken for one. */
export const defaultTolerance = 1e-6;

/** @throws SpondylError "bad-option" */
export function checkSolveOptions({
  tolerance = defaultTolerance,
  kernel = "wasm",
  maxIterations = kernel === "typescript" ? 100_000 : 1000,
  floating = "error",
}: SolveOptions): CheckedSolveOptions {
  const bad = (message: string, value: unknown) => new SpondylError("bad-option", `solve: ${message}`, { value });
  if (!(tolerance >= 1e-12 && tolerance < 1))
    throw bad(`tolerance ${tolerance} is out of range. Give 1e-12 to 1, for example 1e-6.`, tolerance);
  if (!(Number.isInteger(maxIterations) && maxIterations >= 1))
    throw bad(`maxIterations ${maxIterations} is not a whole number above 0.`, maxIterations);
  if (!kernels.includes(kernel))
    throw bad(`kernel "${kernel}" is unknown. Give one of: ${kernels.join(", ")}.`, kernel);
  if (floating !== "error" && floating !== "remove")
    throw bad(`floating "${floating}" is unknown. Give error or remove.`, floating);
  return { tolerance, kernel, maxIterations, floating };
}
