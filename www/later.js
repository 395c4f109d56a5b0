// What the page needs only when the reader asks for it, or after the first picture: one file, fetched then.

export { openCitation } from './components/citation.js';
export { openEmbed } from './components/embed-dialog.js';
export { exportFile } from './components/export-files.js';
export { OwnData } from './components/own-data.js';
export { openShare } from './components/share.js';
export { joinParent } from './embedded.js';
export { keepForOffline } from './offline.js';
