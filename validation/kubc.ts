import { identityDirection, type Run, solve, stress, type Vec3, type Volume, type VoxelModel } from "@spondyl/core";

type Tensor = readonly [Vec3, Vec3, Vec3];

/** The six unit strains in the order 11, 22, 33, 23, 31, 12; shear as engineering strain. */
const strains: readonly Tensor[] = [0, 1, 2, 3, 4, 5].map((c) => {
  const pair = [
    [0, 0],
    [1, 1],
    [2, 2],
    [1, 2],
    [0, 2],
    [0, 1],
  ][c]!;
  const at = (r: number, s: number) =>
    pair.includes(r) && pair.includes(s) && (c < 3 || r !== s) ? (c < 3 ? 1 : 0.5) : 0;
  const row = (r: number): Vec3 => [at(r, 0), at(r, 1), at(r, 2)];
  return [row(0), row(1), row(2)];
});

/**
 * Apparent stiffness (MPa, 6×6 rows, order 11, 22, 33, 23, 31, 12) of a cube under kinematic uniform boundary
 * conditions: each unit strain is prescribed on every node of the six outer faces; stress is averaged over the cube.
 */
export async function kubcStiffness(
  bone: Uint8Array,
  size: Vec3,
  modulusMPa: number,
  poisson: number,
  run: Run = {},
): Promise<number[][]> {
  const grid = { size, spacing: [1, 1, 1] as const, origin: [0, 0, 0] as const, direction: identityDirection() };
  const modulus: Volume<"MPa"> = { ...grid, quantity: "MPa", data: Float32Array.from(bone, (b) => b * modulusMPa) };
  const model: VoxelModel = { modulus, poisson };
  const columns: number[][] = [];
  for (const strain of strains) {
    const solution = await solve(model, onFaces(size, strain), { floating: "remove" }, run);
    columns.push(meanStress(stress(model, solution).data, size));
  }
  return columns[0]!.map((_, row) => columns.map((column) => column[row]!));
}

/** u = ε·x on all nodes of the six outer faces. */
function onFaces([nx, ny, nz]: Vec3, strain: Tensor) {
  const node: number[] = [],
    axis: number[] = [],
    value: number[] = [];
  for (let k = 0, n = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let i = 0; i <= nx; i++, n++) {
        if (i > 0 && i < nx && j > 0 && j < ny && k > 0 && k < nz) continue;
        for (const a of [0, 1, 2] as const) {
          node.push(n);
          axis.push(a);
          value.push(strain[a][0] * i + strain[a][1] * j + strain[a][2] * k);
        }
      }
  return { node: Uint32Array.from(node), axis: Uint8Array.from(axis), value: Float64Array.from(value) };
}

/** Sum over the elements divided by the volume of the whole cube, voids included. */
function meanStress(data: Float32Array, [nx, ny, nz]: Vec3): number[] {
  const sum = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) sum[i % 6]! += data[i]!;
  return sum.map((s) => s / (nx * ny * nz));
}
