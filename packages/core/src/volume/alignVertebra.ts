import { alignedGrid } from "./alignedGrid.js";
import type { Mask } from "./mask.js";
import { difference, maskWhere } from "./mask.js";
import { resample, resampleMask } from "./resample.js";
import type { Vertebra } from "./vertebra.js";

export interface AlignOptions {
  /** Voxel edge, mm, > 0. Default 1, as the published continuum models have. */
  readonly edgeMm?: number;
  /** Free space around the vertebra on every side, mm, >= 0. Default 12: room for a cap of 10 mm. */
  readonly marginMm?: number;
}

/** The vertebra on a grid along its own axes (left, posterior, cranial) with cubic voxels. Its frame stays as it is. */
export function alignVertebra(vertebra: Vertebra, { edgeMm = 1, marginMm = 12 }: AlignOptions = {}): Vertebra {
  const grid = alignedGrid(vertebra.whole, vertebra.grid, vertebra.frame, edgeMm, marginMm);
  const move = (mask: Mask) => resampleMask(mask, vertebra.grid, grid);
  const whole = move(vertebra.whole);
  const front = nearerTo(vertebra, grid, whole);
  const { above, below, superiorDisc, inferiorDisc, compartments } = vertebra;
  return {
    ...vertebra,
    grid,
    whole,
    body: front,
    posterior: difference(whole, front),
    ...(above && { above: difference(move(above), whole) }),
    ...(below && { below: difference(move(below), whole) }),
    ...(superiorDisc && { superiorDisc: difference(move(superiorDisc), whole) }),
    ...(inferiorDisc && { inferiorDisc: difference(move(inferiorDisc), whole) }),
    ...(compartments && { compartments: resample(compartments, grid) }),
  };
}

/** The body on the new grid: of the bone there, what more of the body than of the posterior elements interpolates to. */
function nearerTo({ body, posterior, grid }: Vertebra, to: Vertebra["grid"], whole: Mask): Mask {
  const share = (mask: Mask) => resample({ quantity: "fraction", data: Float32Array.from(mask), ...grid }, to).data;
  const b = share(body),
    p = share(posterior);
  return maskWhere(whole.length, (n) => whole[n] === 1 && b[n]! >= p[n]!);
}
