/** Something a stage noticed, and how bad it is. Results carry them; nothing is repaired without one. */
export interface Finding {
  readonly code: string; // kebab-case, stable
  readonly severity: "note" | "warning" | "repaired";
  readonly message: string; // one sentence for people, with the value
}
