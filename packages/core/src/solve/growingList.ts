/** A list of whole numbers that grows: four bytes each, where number[] takes eight and a copy. */
export class GrowingList {
  length = 0;
  #data = new Uint32Array(1024);

  push(value: number): void {
    if (this.length === this.#data.length) {
      const larger = new Uint32Array(Math.ceil(1.5 * this.length));
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.length++] = value;
  }

  /** Puts what was pushed from number `start` on in ascending order, by insertion: for a few dozen. */
  sortFrom(start: number): void {
    const data = this.#data;
    for (let i = start + 1; i < this.length; i++) {
      const value = data[i]!;
      let at = i;
      for (; at > start && data[at - 1]! > value; at--) data[at] = data[at - 1]!;
      data[at] = value;
    }
  }

  toArray(): Uint32Array {
    return this.#data.slice(0, this.length);
  }

  /** For numbers below 2³¹. */
  toSigned(): Int32Array {
    return Int32Array.from(this.#data.subarray(0, this.length));
  }
}
