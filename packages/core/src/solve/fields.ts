import { type Grid, type Volume, voxelCount } from "../volume/volume.js";
import type { Solution, VoxelModel } from "../volume/voxelModel.js";
import { hex8Stiffness, lame } from "./hex8.js";

/** A symmetric tensor per voxel; 0 where there is no element. Axes are the grid's. */
export interface TensorField extends Grid {
  readonly data: Float32Array; // [6·voxel + c], c = xx, yy, zz, yz, xz, xy; shear strains are engineering strains
}

/** Where the nodes of a model have gone. */
export type Displaced = Pick<Solution, "node" | "displacement">;

/** Where in an element a value was taken: at its centre, or as the mean over it. */
export type Sampling = "centre" | "mean";

/**
 * Strain at the centre of each element, which is also its mean over the element: what differs from it is odd in the
 * element's own coordinates.
 */
export function strain({ modulus }: VoxelModel, solution: Displaced): TensorField {
  const { size, spacing, origin, direction } = modulus;
  const data = new Float32Array(6 * voxelCount(size));
  forEachElement(modulus, solution, (voxel, u) => {
    const g = (component: number, axis: number) => meanGradient(u, component, axis, spacing[axis]!);
    data[6 * voxel] = g(0, 0);
    data[6 * voxel + 1] = g(1, 1);
    data[6 * voxel + 2] = g(2, 2);
    data[6 * voxel + 3] = g(1, 2) + g(2, 1);
    data[6 * voxel + 4] = g(0, 2) + g(2, 0);
    data[6 * voxel + 5] = g(0, 1) + g(1, 0);
  });
  return { data, size, spacing, origin, direction };
}

/** Stress (MPa) at the centre of each element, which is also its mean over the element. */
export function stress(model: VoxelModel, solution: Solution): TensorField {
  const field = strain(model, solution);
  const { data } = field;
  model.modulus.data.forEach((modulus, voxel) => {
    if (modulus === 0) return;
    const { lambda, mu } = lame(modulus, model.poisson);
    const e = data.subarray(6 * voxel, 6 * voxel + 6);
    const pressure = lambda * (e[0]! + e[1]! + e[2]!);
    for (let c = 0; c < 3; c++) e[c] = pressure + 2 * mu * e[c]!;
    for (let c = 3; c < 6; c++) e[c] = mu * e[c]!;
  });
  return field;
}

/** One component of a tensor field as a volume; 0 to 5 for xx, yy, zz, yz, xz, xy. */
export function component({ data, size, spacing, origin, direction }: TensorField, c: number): Volume<"MPa"> {
  const values = Float32Array.from({ length: data.length / 6 }, (_, voxel) => data[6 * voxel + c]!);
  return { quantity: "MPa", data: values, size, spacing, origin, direction };
}

/**
 * Strain energy density, MPa (N mm/mm³), of each element: the mean over it, or the value at its centre, which is
 * smaller where the element bends.
 */
export function energyDensity(model: VoxelModel, solution: Solution, sampling: Sampling = "mean"): Volume<"MPa"> {
  const { modulus } = model;
  const data = new Float32Array(modulus.data.length);
  if (sampling === "mean") {
    const K = hex8Stiffness(modulus.spacing, 1, model.poisson);
    const volume = modulus.spacing[0] * modulus.spacing[1] * modulus.spacing[2];
    forEachElement(modulus, solution, (voxel, u) => {
      data[voxel] = (0.5 * modulus.data[voxel]! * quadraticForm(K, u)) / volume;
    });
  } else {
    const e = strain(model, solution).data,
      s = stress(model, solution).data;
    for (let v = 0; v < data.length; v++) for (let c = 6 * v; c < 6 * v + 6; c++) data[v]! += 0.5 * e[c]! * s[c]!;
  }
  return { ...modulus, data };
}

/**
 * Displacement (mm) at every node of the grid, [3·node + axis], 0 where there is no element.
 * @param axes "grid", or "world" for components along L, P and S
 */
export function displacementField({ modulus }: VoxelModel, solution: Displaced, axes: "grid" | "world"): Float32Array {
  const { size, direction: d } = modulus;
  const field = new Float32Array(3 * (size[0] + 1) * (size[1] + 1) * (size[2] + 1));
  solution.node.forEach((node, at) => {
    const u = solution.displacement.subarray(3 * at, 3 * at + 3);
    for (let r = 0; r < 3; r++)
      field[3 * node + r] = axes === "grid" ? u[r]! : d[3 * r]! * u[0]! + d[3 * r + 1]! * u[1]! + d[3 * r + 2]! * u[2]!;
  });
  return field;
}

/** Calls with the voxel and the 24 displacements of each element, [3·corner + axis]. The array is used again. */
function forEachElement(
  { data, size: [nx, ny, nz] }: Volume<"MPa">,
  { node, displacement }: Displaced,
  visit: (voxel: number, u: Float64Array) => void,
): void {
  const position = new Int32Array((nx + 1) * (ny + 1) * (nz + 1)).fill(-1);
  node.forEach((n, at) => {
    position[n] = at;
  });
  const u = new Float64Array(24);
  for (let k = 0, voxel = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, voxel++) {
        if (data[voxel] === 0) continue;
        const first = i + (nx + 1) * (j + (ny + 1) * k);
        if (position[first]! < 0) continue; // a part that the solver left out
        for (let a = 0; a < 8; a++) {
          const at = position[first + (a & 1) + (nx + 1) * (((a >> 1) & 1) + (ny + 1) * (a >> 2))]!;
          for (let c = 0; c < 3; c++) u[3 * a + c] = displacement[3 * at + c]!;
        }
        visit(voxel, u);
      }
}

/** Mean over the element of ∂u_component/∂x_axis. */
function meanGradient(u: Float64Array, component: number, axis: number, edge: number): number {
  let sum = 0;
  for (let a = 0; a < 8; a++) sum += ((a >> axis) & 1 ? 1 : -1) * u[3 * a + component]!;
  return sum / (4 * edge);
}

function quadraticForm(K: Float64Array, u: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < 24; r++) {
    let row = 0;
    for (let c = 0; c < 24; c++) row += K[24 * r + c]! * u[c]!;
    sum += u[r]! * row;
  }
  return sum;
}
