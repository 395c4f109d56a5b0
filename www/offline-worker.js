// The service worker: keeps this build for times without a network. The build copies it to the root of the site and
// writes the list below; a new build is a new list, so the browser takes it for a new worker and fetches what differs.
//
// The page itself (index.html) is always asked from the network first, so nobody sees an old build while there is
// one. Everything else lies in a folder named by its content and never changes.

/** Files of this build and the SHA-256 of each. @type {Record<string, string>} */
const FILES = {};

/** @type {any} */
const worker = self;
const SCOPE = new URL('./', worker.registration.scope).href;
/** Caches are shared by the whole host: the name says whose this is, and which build. */
const OURS = `saddlescope ${SCOPE} `;
const CACHE = OURS + FILES['./'];
const PAGE = new URL('index.html', SCOPE).href;
/** A network that has not answered by then counts as none. */
const PATIENCE_MS = 4000;
/** This build and the one before it, which an open page may still need. */
const BUILDS_KEPT = 2;

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // A file that is not what the build made is refused: then this worker is not installed, and the page works on.
    await cache.addAll(Object.entries(FILES).map(([name, integrity]) => new Request(new URL(name, SCOPE), { integrity, cache: 'no-cache' })));
    await worker.skipWaiting();
  })());
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil((async () => {
    const builds = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
    await Promise.all(builds.slice(0, Math.max(0, builds.length - BUILDS_KEPT + 1)).map((name) => caches.delete(name)));
    await worker.clients.claim();
  })());
});

/** @param {Request} request */
async function page(request) {
  try {
    const answer = await fetch(request.url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return answer;
    throw new Error(`the server answered ${answer.status}`);
  } catch (error) {
    const kept = await caches.match(SCOPE, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

/** @param {Request} request */
async function file(request) {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(OURS))) {
    const kept = await caches.match(request, { cacheName: name, ignoreSearch: true });
    if (kept) return kept;
  }
  return fetch(request);
}

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== 'GET' || !address.startsWith(SCOPE)) return;
  if (address === SCOPE || address === PAGE) {
    if (request.mode === 'navigate') event.respondWith(page(request));
  } else if (address.slice(SCOPE.length).startsWith('app-')) event.respondWith(file(request));
});
