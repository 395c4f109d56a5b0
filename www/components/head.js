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

/** What a state is called where it will stay, in a citation or in somebody's page: by its verdict, or, while that is being computed, by
 * the question of its lab. @param {import('../types.js').Session} session */
export function titleOf(session) {
  const { verdict, complete } = session.summary();
  const question = LABS.find(({ id }) => id === session.lab())?.question;
  return question && !complete ? question : verdict.heading;
}
