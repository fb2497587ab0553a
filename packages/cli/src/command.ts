import type { Run } from "@spondyl/core";

/** What a command is given of the world: the run (signal, progress, threads) and a way to speak to the user. */
export interface Context extends Run {
  /** A line for people, on standard error; silent under --quiet and --json. */
  readonly say: (line: string) => void;
  /** Names what is being done, for the progress line. */
  readonly stage: (name: string) => void;
}

/** What a command answers: `data` is printed under --json, `text` otherwise. */
export interface Outcome {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Argument {
  readonly name: string; // "<scan>", or "[more...]" for any number
  readonly help: string;
}

export interface Option {
  readonly flag: string; // "--poisson <number>", or "--flag" for a switch
  readonly help: string; // with units, range and default
  readonly required?: boolean;
}

/** Values as typed by the user, by camel-cased option name. Each command reads and checks its own. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** One verb of the command line: one file in `commands/`, a thin layer over the library. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly Argument[];
  readonly options: readonly Option[];
  readonly example: string;
  run(args: readonly string[], given: Given, context: Context): Promise<Outcome>;
}
