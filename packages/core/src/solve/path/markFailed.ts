/** Notes the share of the path for the elements that have now come to `limit` or above and had not before. */
export function markFailed(value: Float32Array, limit: number, share: number, failedAt: Float32Array): void {
  for (let e = 0; e < value.length; e++) if (failedAt[e] === 0 && value[e]! >= limit) failedAt[e] = share;
}
