/** Base64 of the bytes, with padding and without line breaks. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunk)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + chunk))));
  return parts.join("");
}

/** Bytes of padded base64. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const chunk = 3 * 4096; // whole triples, so that the pieces join; few enough for one call's arguments
