/**
 * The few globals that Node, browsers and workers all have and that the ECMAScript library files lack.
 * The core is compiled with these alone: no file system, no DOM, no clock.
 */
declare class AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class TextDecoder {
  constructor(label?: string);
  decode(bytes?: Uint8Array): string;
}

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
declare function setTimeout(handler: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
