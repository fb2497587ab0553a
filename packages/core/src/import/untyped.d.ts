/** The parts in use of packages whose own types are missing, or need those of Node. */

declare module "dicom-parser" {
  export interface Element {
    readonly vr?: string;
    readonly length: number;
    readonly dataOffset: number;
    readonly items?: readonly { readonly dataSet?: DataSet }[];
    readonly basicOffsetTable?: readonly number[];
    readonly fragments?: readonly { readonly offset: number; readonly position: number; readonly length: number }[];
  }
  export interface DataSet {
    readonly byteArray: Uint8Array;
    readonly elements: Readonly<Record<string, Element | undefined>>; // by tag: "x00280010"
    readonly warnings: readonly string[];
    uint16(tag: string): number | undefined;
    int16(tag: string): number | undefined;
    double(tag: string): number | undefined;
    string(tag: string, index?: number): string | undefined;
  }
  const dicomParser: {
    /** @throws string or { exception, dataSet } */
    parseDicom(
      bytes: Uint8Array,
      options?: { readonly inflater?: (bytes: Uint8Array, position: number) => Uint8Array },
    ): DataSet;
    createJPEGBasicOffsetTable(dataSet: DataSet, pixelData: Element): number[];
    readEncapsulatedImageFrame(
      dataSet: DataSet,
      pixelData: Element,
      frame: number,
      offsets?: readonly number[],
    ): Uint8Array;
    readEncapsulatedPixelDataFromFragments(
      dataSet: DataSet,
      pixelData: Element,
      first: number,
      count?: number,
    ): Uint8Array;
  };
  export default dicomParser;
}

interface CodecSettings {
  print(line: string): void;
  printErr(line: string): void;
  locateFile?(name: string): string; // Emscripten asks: a missing one must be absent
}

/** One image in, its samples out; views into the memory of the module. */
interface CodecDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  };
  delete(): void;
}

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export default function load(settings: CodecSettings): Promise<{
    readonly J2KDecoder: new () => CodecDecoder & { getIsReversible(): boolean };
  }>;
}

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  export default function load(settings: CodecSettings): Promise<{
    readonly JpegLSDecoder: new () => CodecDecoder & { getNearLossless(): number };
  }>;
}
