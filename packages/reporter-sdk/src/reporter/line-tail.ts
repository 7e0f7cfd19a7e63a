const KEPT_BYTES = 64 * 1024;

/** The last 64 KB of what a command wrote, in memory. */
export class LineTail {
  readonly #kept: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes - (this.#kept[0]?.length ?? 0) >= KEPT_BYTES)
      this.#bytes -= this.#kept.shift()?.length ?? 0;
  }

  /** Whole lines, where something in front of them was given up. */
  text(): string {
    const bytes = Buffer.concat(this.#kept);
    if (bytes.length <= KEPT_BYTES) return bytes.toString('utf8');
    const cut = bytes.subarray(bytes.length - KEPT_BYTES);
    const line = cut.indexOf(10) + 1;
    return cut.subarray(line).toString('utf8');
  }
}
