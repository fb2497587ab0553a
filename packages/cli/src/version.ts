import { createRequire } from "node:module";

/** Version of the command line and of the core: they are released together. */
export const version: string = (createRequire(import.meta.url)("../package.json") as { version: string }).version;
