// Words inside a PNG: text chunks (PNG specification, 11.3.4) put behind the header.

/** @type {Uint32Array|undefined} */
let table;

/** Checksum of a chunk's name and data (CRC-32 of ISO 3309). @param {Uint8Array} bytes */
function crc(bytes) {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let sum = 0xffffffff;
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** @param {string} keyword @param {string} text */
function chunk(keyword, text) {
  const encode = (/** @type {string} */ words) => new TextEncoder().encode(words);
  const plain = [...text].every((one) => one >= ' ' && one <= '~');
  // Plain ASCII goes into tEXt, which every program reads; the rest into iTXt (not compressed, no language).
  const name = plain ? 'tEXt' : 'iTXt';
  const body = encode(name + keyword + (plain ? '\0' : '\0\0\0\0\0') + text);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length - 4);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc(body));
  return out;
}

/** The same picture with a text for each keyword. @param {Uint8Array} png @param {Record<string, string>} texts */
export function pngWithText(png, texts) {
  // Signature of 8 bytes, then the header: length, name, 13 bytes, checksum.
  const header = 8 + 4 + 4 + 13 + 4;
  const parts = [png.subarray(0, header), ...Object.entries(texts).map(([keyword, text]) => chunk(keyword, text)), png.subarray(header)];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
