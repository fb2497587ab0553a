// The kernel of the solver, built by scripts/build-wasm.mjs. No heap: src/solve/layout.ts lays out the memory.
export { enter, forces, iterate, start, startGiven } from "./cg";
export { order } from "./team";
export { applySingle, applyDouble, triad } from "./probe";
export { galerkin, smoothProlongation } from "./aggregation";
export { assemble } from "./assemble";
export { blockNorms, multiplySix } from "./blocks";
