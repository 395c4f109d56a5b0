// The texts of exported files: made of texts alone.

/** 32 bits in 8 hexadecimal digits (FNV-1a over UTF-8): equal parameters, equal name. @param {string} text */
export function shortHash(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** A line of words before the table. @param {string} text */
const comment = (text) => `# ${text.replace(/[\r\n]+/g, ' ')}`;

/** Before the table of what is drawn, as lines that begin with #: what it is, every parameter and the link.
 * @param {{title: string, version: string, link: string, parameters: {key: string, text: string}[], table: string}} what */
export function csvText({ title, version, link, parameters, table }) {
  const lines = [
    comment(`${title}; Saddlescope ${version}`),
    comment(`link: ${link}`),
    ...parameters.map(({ key, text }) => comment(`${key} = ${text}`)),
  ];
  return `${lines.join('\r\n')}\r\n${table}`;
}

/** @param {string} text */
const xml = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** The SVG with its link and its maker as metadata. @param {string} svg @param {string} link @param {string} maker */
export function svgWithMetadata(svg, link, maker) {
  const metadata = '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    + `<rdf:Description rdf:about=""><dc:source>${xml(link)}</dc:source><dc:creator>${xml(maker)}</dc:creator></rdf:Description></rdf:RDF></metadata>\n`;
  const end = svg.indexOf('</desc>');
  const at = end < 0 ? svg.indexOf('>') + 1 : end + '</desc>'.length;
  return `${svg.slice(0, at)}\n${metadata}${svg.slice(at).replace(/^\n/, '')}`;
}
