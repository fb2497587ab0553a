export type ErrorCode =
  | "bad-input" // the scan, mask or model is wrong or damaged
  | "bad-option" // an option or a combination of options is wrong
  | "unsupported" // right, but not something this version can do
  | "not-converged" // the solver did not reach its tolerance
  | "out-of-memory" // the model does not fit
  | "no-gpu" // there is no GPU, it is lost, or the model is beyond its limits
  | "write-failed"; // the result could not be written

/** The scan, the options or the machine cannot satisfy a stage. A bug of ours throws a plain Error instead. */
export class SpondylError extends Error {
  override readonly name = "SpondylError";
  /** @param message "stage: what is wrong, with the value. What to do." */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions, // { cause }
  ) {
    super(message, options);
  }
}
