// One application of the operator over all layers, with something done to each plane of nodes as soon as its value is
// complete and still in the cache.
//
// Slabs of layers are worked on in two rounds, even ones first, so that two threads never write to one plane. A plane
// between two slabs is completed by the odd one. When a plane is finished no later layer reads x there, so that the
// smoother may change x in place.
import { applyBricks, applyCubes } from "./brick";
import { applyGauss } from "./gauss";
import { kind, planeStart, slabLayer, slabs, stride } from "./level";
import { finishPlane } from "./finish";
import { applyLoose } from "./loose";
import { barrier, nextShare } from "./team";

/** y = K·x, T = f32 or f64; `finish` says what is done to the planes of y, see finish.ts. Ends with a barrier. */
export function sweep<T>(level: usize, x: usize, y: usize, finish: i32): void {
  const count = slabs(level);
  for (let share = nextShare(); 2 * share < count; share = nextShare()) sweepSlab<T>(level, 2 * share, x, y, finish);
  barrier();
  for (let share = nextShare(); 2 * share + 1 < count; share = nextShare())
    sweepSlab<T>(level, 2 * share + 1, x, y, finish);
  barrier();
}

function sweepSlab<T>(level: usize, slab: i32, x: usize, y: usize, finish: i32): void {
  const first = slabLayer(level, slab), last = slabLayer(level, slab + 1);
  const even = (slab & 1) == 0, final = slab + 1 == slabs(level);
  if (even) clearPlane<T>(level, first, y);
  for (let layer = first; layer < last; layer++) {
    if (layer + 1 < last || even || final) clearPlane<T>(level, layer + 1, y);
    applyLayer<T>(level, layer, x, y);
    if (layer > first || !even || slab == 0) finishPlane<T>(level, layer, x, y, finish);
  }
  if (!even || final) finishPlane<T>(level, last, x, y, finish);
}

function applyLayer<T>(level: usize, layer: i32, x: usize, y: usize): void {
  const k = kind(level);
  if (k == 0) applyCubes<T>(level, layer, x, y);
  else if (k == 1) applyBricks<T>(level, layer, x, y);
  else if (sizeof<T>() == 4) {
    applyGauss<f32>(level, layer, x, y);
    applyLoose(level, layer, x, y);
  }
}

export function clearPlane<T>(level: usize, plane: i32, y: usize): void {
  const begin = planeStart(level, plane) * sizeof<T>(), end = planeStart(level, plane + 1) * sizeof<T>();
  const hop = stride(level) * sizeof<T>();
  for (let c: usize = 0; c < 3; c++) memory.fill(y + c * hop + begin, 0, end - begin);
}
