// Title and description of the present state: for the tab, for bookmarks, for whoever saves or previews the page.

/** @param {string} title @param {string} description */
export function showHead(title, description) {
  const whole = `${title} · Saddlescope`;
  if (document.title !== whole) document.title = whole;
  const texts = { 'name="description"': description, 'property="og:title"': whole, 'property="og:description"': description };
  for (const [which, text] of Object.entries(texts)) {
    const tag = document.head.querySelector(`meta[${which}]`);
    if (tag?.getAttribute('content') !== text) tag?.setAttribute('content', text);
  }
}
