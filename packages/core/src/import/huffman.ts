/** Reads the entropy-coded part of a JPEG bit by bit. Source: ITU-T T.81, annexes C and F.2. */
export interface HuffmanReader {
  symbol(table: Uint16Array): number;
  /** The next `size` bits as a signed number, 1 <= size <= 16. */
  extended(size: number): number;
  /** A coded difference: its size by `table`, then its bits; size 16 stands for 32768. */
  difference(table: Uint16Array): number;
  /** Passes over a restart marker and begins anew at a byte. */
  restart(): void;
  /** Whether more bits were asked for than the data hold. */
  overrun(): boolean;
}

/** For every 16 bits that can come next: code length · 256 + symbol; 0 where no code begins so. */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): Uint16Array {
  const table = new Uint16Array(65536);
  let code = 0,
    n = 0;
  for (let length = 1; length <= 16; length++, code <<= 1)
    for (let c = 0; c < counts[length - 1]!; c++, code++, n++)
      table.fill((length << 8) | symbols[n]!, code << (16 - length), (code + 1) << (16 - length));
  return table;
}

export function huffmanReader(data: Uint8Array): HuffmanReader {
  let at = 0,
    bits = 0,
    held = 0,
    missing = 0; // the low `held` bits of `bits` are next

  function fill(): void {
    while (held <= 16) {
      const byte = data[at];
      const marker = byte === undefined || (byte === 0xff && data[at + 1] !== 0);
      if (marker)
        missing += 8; // zeros until the next restart, or the end
      else at += byte === 0xff ? 2 : 1; // a stuffed zero follows 0xff
      bits = (bits << 8) | (marker ? 0 : byte);
      held += 8;
    }
  }

  function symbol(table: Uint16Array): number {
    if (held < 16) fill();
    const entry = table[(bits >>> (held - 16)) & 0xffff]!;
    if (entry === 0) throw new Error("a bit pattern that no Huffman code has");
    held -= entry >> 8;
    return entry & 255;
  }

  function extended(size: number): number {
    if (held < size) fill();
    held -= size;
    const value = (bits >>> held) & ((1 << size) - 1);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  return {
    symbol,
    extended,
    difference(table) {
      const size = symbol(table);
      return size === 0 ? 0 : size === 16 ? 32768 : extended(size);
    },
    restart() {
      while (at < data.length && !(data[at] === 0xff && data[at + 1]! >= 0xd0 && data[at + 1]! <= 0xd7)) at++;
      at += 2;
      bits = held = missing = 0;
    },
    overrun: () => missing > held,
  };
}
