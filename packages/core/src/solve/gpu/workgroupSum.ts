/**
 * WGSL of `workgroupSum(value, me)`: the sum over the invocations of a workgroup, in every one of them. Each adds up all
 * values in their order, so that the same values give the same bits; for 64 that takes no longer than a tree of barriers.
 */
export const workgroupSum = (size: number): string => /* wgsl */ `
var<workgroup> values: array<f32, ${size}>;

fn workgroupSum(value: f32, me: u32) -> f32 {
  values[me] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < ${size}u; i++) {
    sum += values[i];
  }
  workgroupBarrier(); // before the next call writes
  return sum;
}`;
