// The record of a voxel level (0: the model, 1: twice as coarse), as 32-bit words. The TypeScript side
// (src/solve/layout.ts) writes it: keep both in step.
//
// Nodes are numbered z, y, x over the active ones, so that an x-run of elements meets four contiguous rows of nodes.
// Each plane of nodes starts at a multiple of 4 and ends with at least 8 slots that stay 0: a vector operation may run
// over the end of a row. A vector holds all x, then all y, then all z components, `stride` apart.

// @ts-ignore: decorator
@inline
function word(level: usize, at: usize): i32 {
  return load<i32>(level + (at << 2));
}

// @ts-ignore: decorator
@inline
export function layers(level: usize): i32 { return word(level, 0); }
// @ts-ignore: decorator
@inline
export function stride(level: usize): usize { return <usize>word(level, 1); }
/** First slot of each node plane, and the end. */
// @ts-ignore: decorator
@inline
export function planeStart(level: usize, plane: i32): usize { return <usize>load<i32>(<usize>word(level, 2) + (<usize>plane << 2)); }
/** First run of each element layer, and the end. */
// @ts-ignore: decorator
@inline
export function layerRun(level: usize, layer: i32): i32 { return load<i32>(<usize>word(level, 3) + (<usize>layer << 2)); }
/** Runs, 6 words each: first modulus, elements, and the first node in rows (j, k), (j+1, k), (j, k+1), (j+1, k+1). */
// @ts-ignore: decorator
@inline
export function runRecord(level: usize, run: i32): usize { return <usize>word(level, 4) + 24 * <usize>run; }
// @ts-ignore: decorator
@inline
export function slabs(level: usize): i32 { return word(level, 5); }
// @ts-ignore: decorator
@inline
export function slabLayer(level: usize, slab: i32): i32 { return load<i32>(<usize>word(level, 6) + (<usize>slab << 2)); }
/** f32 moduli, runs padded with 0 to a multiple of 4; on level 1 eight arrays (Gauss points) `modulusStride` apart. */
// @ts-ignore: decorator
@inline
export function moduli(level: usize): usize { return <usize>word(level, 7); }
// @ts-ignore: decorator
@inline
export function modulusStride(level: usize): usize { return <usize>word(level, 8); }
/** f64 coefficients of the brick, see brick.ts. */
// @ts-ignore: decorator
@inline
export function coefficients(level: usize): usize { return <usize>word(level, 9); }
/** 0: cube with one modulus, 1: brick with one modulus, 2: brick with a modulus per Gauss point. */
// @ts-ignore: decorator
@inline
export function kind(level: usize): i32 { return word(level, 10); }
/** f32: 1/diagonal, and 0 where the unknown is fixed or no unknown. */
// @ts-ignore: decorator
@inline
export function inverseDiagonal(level: usize): usize { return <usize>word(level, 11); }
// f32 vectors of the cycle: right-hand side, correction, product or residual, direction of the smoother
// @ts-ignore: decorator
@inline
export function right(level: usize): usize { return <usize>word(level, 12); }
// @ts-ignore: decorator
@inline
export function correction(level: usize): usize { return <usize>word(level, 13); }
// @ts-ignore: decorator
@inline
export function product(level: usize): usize { return <usize>word(level, 14); }
// @ts-ignore: decorator
@inline
export function direction(level: usize): usize { return <usize>word(level, 15); }
/** First record of each plane in `rowRecord`, and the end. */
// @ts-ignore: decorator
@inline
export function planeRow(level: usize, plane: i32): i32 { return load<i32>(<usize>word(level, 16) + (<usize>plane << 2)); }
/** Runs of nodes, 8 words each: first node, nodes, parity of its x, and the first coarse node in four rows. */
// @ts-ignore: decorator
@inline
export function rowRecord(level: usize, row: i32): usize { return <usize>word(level, 17) + (<usize>row << 5); }
/** Chebyshev: degree, and f64 upper end of the interval; behind it the damping ω of DAMPED and SMOOTHED, see finish.ts. */
// @ts-ignore: decorator
@inline
export function degree(level: usize): i32 { return word(level, 18); }
// @ts-ignore: decorator
@inline
export function upper(level: usize): f64 { return load<f64>(<usize>word(level, 19)); }
// @ts-ignore: decorator
@inline
export function damping(level: usize): f64 { return load<f64>(<usize>word(level, 19) + 8); }
/** First entry of each plane in the list of fixed unknowns (slots of a whole vector), and the end. */
// @ts-ignore: decorator
@inline
export function planeFixed(level: usize, plane: i32): i32 { return load<i32>(<usize>word(level, 20) + (<usize>plane << 2)); }
// @ts-ignore: decorator
@inline
export function fixedUnknown(level: usize, at: i32): usize { return <usize>load<i32>(<usize>word(level, 21) + (<usize>at << 2)); }
/** First loose fine node of each plane, and the end. */
// @ts-ignore: decorator
@inline
export function planeLoose(level: usize, plane: i32): i32 { return load<i32>(<usize>word(level, 22) + (<usize>plane << 2)); }
/** Loose fine nodes, 9 words each: the node, and eight coarse nodes that weigh 1/8 each. */
// @ts-ignore: decorator
@inline
export function looseRecord(level: usize, at: i32): usize { return <usize>word(level, 23) + 36 * <usize>at; }
/** First loose element of each layer, and the end. */
// @ts-ignore: decorator
@inline
export function layerLoose(level: usize, layer: i32): i32 { return load<i32>(<usize>word(level, 24) + (<usize>layer << 2)); }
/** The eight nodes of a loose element. */
// @ts-ignore: decorator
@inline
export function looseNodes(level: usize, at: i32): usize { return <usize>word(level, 25) + (<usize>at << 5); }
/** Its stiffness, 24×24 f32. */
// @ts-ignore: decorator
@inline
export function looseStiffness(level: usize, at: i32): usize { return <usize>word(level, 26) + 2304 * <usize>at; }
