/**
 * Samples of a DICOM RLE frame: one PackBits segment per byte of the sample, the most significant first.
 * Source: DICOM PS3.5, annex G.
 * @param bytesPerSample 1 or 2
 * @returns little-endian bytes; undefined when the frame does not hold count samples
 */
export function decodeRle(frame: Uint8Array, count: number, bytesPerSample: number): Uint8Array | undefined {
  if (frame.length < 64) return undefined;
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  if (header.getUint32(0, true) !== bytesPerSample) return undefined;
  const out = new Uint8Array(count * bytesPerSample);
  for (let s = 0; s < bytesPerSample; s++) {
    const start = header.getUint32(4 + 4 * s, true);
    const end = s + 1 < bytesPerSample ? header.getUint32(8 + 4 * s, true) : frame.length;
    if (!unpackBits(frame.subarray(start, end), out, bytesPerSample - 1 - s, bytesPerSample)) return undefined;
  }
  return out;
}

/** Fills every step-th byte from `at`; whether all were there. */
function unpackBits(packed: Uint8Array, out: Uint8Array, at: number, step: number): boolean {
  let to = at;
  for (let from = 0; from < packed.length && to < out.length; ) {
    const code = packed[from++]!;
    if (code < 128) for (let n = 0; n <= code && from < packed.length; n++, to += step) out[to] = packed[from++]!;
    else if (code > 128) {
      const value = packed[from++]!;
      for (let n = 0; n < 257 - code; n++, to += step) out[to] = value;
    }
  }
  return to >= out.length;
}
