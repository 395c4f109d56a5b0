// Files that the build made, wherever they are: beside this module, or inside the one-file page.

/** What the one-file page carries: the address of its worker and the text of its files, of those in `assets/` and
 * `../examples/` a character U+0100 to U+01FF for each byte.
 * @type {{worker: string, files: Record<string, string>}|undefined} */
export const bundle = /** @type {any} */ (globalThis).saddlescopeBundle;

/** The text of a file that the build put beside this module. @param {string} path */
export async function builtText(path) {
  if (bundle) {
    if (!(path in bundle.files)) throw new Error(`this page carries no ${path}`);
    return bundle.files[path];
  }
  const answer = await fetch(new URL(`./${path}`, import.meta.url));
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.text();
}

/** The bytes of a file that the build put beside this module. @param {string} path @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function builtBytes(path) {
  if (bundle) {
    const packed = bundle.files[path];
    if (packed === undefined) throw new Error(`this page carries no ${path}`);
    return Uint8Array.from(packed, (letter) => letter.charCodeAt(0) - 0x100);
  }
  const answer = await fetch(new URL(`./${path}`, import.meta.url));
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The address of an SVG picture that the build put beside this module. @param {string} path */
export function builtPicture(path) {
  if (!bundle) return new URL(`./${path}`, import.meta.url).href;
  // It carries the light pictures only.
  const picture = bundle.files[path] ?? bundle.files[path.replace('-dark', '-light')] ?? '';
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
}
