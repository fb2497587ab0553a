/** A progress line on a terminal, redrawn in place; silent where standard error is none. */
export interface ProgressLine {
  stage(name: string): void;
  progress(done: number): void; // 0 to 1, of the stage
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream, enabled: boolean): ProgressLine {
  if (!enabled || !stream.isTTY) return { stage() {}, progress() {}, clear() {} };
  let name = "";
  let shown = -1;
  const draw = (percent: number) => {
    if (percent === shown) return;
    shown = percent;
    stream.write(`\r\x1b[K${name}${percent > 0 ? ` ${percent} %` : " ..."}`);
  };
  return {
    stage(next) {
      name = next;
      shown = -1;
      draw(0);
    },
    progress: (done) => draw(Math.floor(100 * Math.min(1, Math.max(0, done)))),
    clear: () => stream.write("\r\x1b[K"),
  };
}
