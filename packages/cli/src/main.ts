import { availableParallelism } from "node:os";
import { SpondylError } from "@spondyl/core";
import { CommanderError, Command as Program } from "commander";
import type { Command, Context, Given } from "./command.js";
import { calibrateCommand } from "./commands/calibrate.js";
import { exportCommand } from "./commands/export.js";
import { infoCommand } from "./commands/info.js";
import { phantomCommand } from "./commands/phantom.js";
import { predictCommand } from "./commands/predict.js";
import { segmentCommand } from "./commands/segment.js";
import { solveCommand } from "./commands/solve.js";
import { number } from "./given.js";
import { progressLine } from "./progress.js";
import { nodeThreads } from "./threads.js";
import { version } from "./version.js";

/** The user has pressed Ctrl-C, or a batch system asks to end. */
class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const commands = [
  predictCommand,
  infoCommand,
  calibrateCommand,
  segmentCommand,
  solveCommand,
  exportCommand,
  phantomCommand,
];

endWithReader();

const program = new Program("spondyl")
  .description(
    "Digital twin of a vertebra: from a diagnostic CT to stiffness and strength.\nResearch use only; not a medical device.",
  )
  .version(version)
  .exitOverride();

for (const command of commands) program.addCommand(toProgram(command));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Whoever reads our output may stop early, as `head` does: that ends us quietly. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    process.stderr.write(`spondyl: standard output could not be written (${error.message}).\n`);
    process.exit(1);
  });
  process.stderr.on("error", () => {}); // nobody listens, but the work may go on
}

/** A command record as commander knows it, with the options that every command has. */
function toProgram(command: Command): Program {
  const sub = new Program(command.name).summary(command.summary).description(command.summary);
  for (const { name, help } of command.args) sub.argument(name, help);
  for (const { flag, help, required } of command.options)
    if (required) sub.requiredOption(flag, help);
    else sub.option(flag, help);
  return sub
    .option("--threads <n>", `threads to use, default all (${availableParallelism()} here)`)
    .option("--json", "print the result as one line of JSON")
    .option("--quiet", "print nothing but errors and results")
    .addHelpText("after", `\nExample:\n  ${command.example}`)
    .exitOverride()
    .action(async (...given: unknown[]) => {
      const options = sub.opts() as Given;
      const args = given
        .slice(0, command.args.length)
        .flat()
        .filter((a): a is string => typeof a === "string");
      await execute(command, args, options);
    });
}

async function execute(command: Command, args: readonly string[], given: Given): Promise<void> {
  const silent = given.quiet === true || given.json === true;
  const line = progressLine(process.stderr, !silent);
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const count = number(given, "threads", availableParallelism(), [1, 256]);
  const context: Context = {
    signal: abort.signal,
    progress: line.progress,
    stage: line.stage,
    threads: nodeThreads(Math.floor(count)),
    say: (message) => {
      line.clear();
      if (!silent) process.stderr.write(`${message}\n`);
    },
  };
  try {
    const { data, text } = await command.run(args, given, context);
    line.clear();
    process.stdout.write(given.json === true ? `${JSON.stringify(data)}\n` : `${text}\n`);
  } finally {
    line.clear();
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
  }
}

/** Says what went wrong and answers the exit code: 1 for what the user can mend, 130 interrupted, 70 for our bugs. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode; // it has spoken already
  if (error instanceof Interrupted) {
    process.stderr.write("spondyl: interrupted; nothing was left half-written.\n");
    return 130;
  }
  if (error instanceof SpondylError) {
    process.stderr.write(`spondyl: ${error.message}\n`);
    return 1;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`spondyl: this is a bug in Spondyl ${version}, please report it.\n${stack}\n`);
  return 70;
}
