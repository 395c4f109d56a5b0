// <saddle-scope lab="phases" lr="0.8" hide="nav,text">: a live figure in somebody's page. docs/embedding.md describes it.
//
// Copied to the root of the built site, where its address stays the same. A classic script: it loads from another host
// without that host's permission, and finds the page that belongs to it by its own address.

(() => {
  /** @typedef {import('./messages.js').FromFrame} FromFrame */
  /** @typedef {import('./messages.js').StateInfo} StateInfo */
  /** @typedef {import('./messages.js').Value} Value */

  const VERSION = 1;
  const NAME = 'saddle-scope';
  if (customElements.get(NAME)) return;

  const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
  const FIRST_HEIGHT = 560;
  const HIGHEST = 20_000;
  /** A frame that has loaded and not said “ready” by then will not. */
  const READY_LIMIT_MS = 30_000;
  /** Attributes that are not parameters. */
  const OWN = new Set(['src', 'height', 'title', 'sandbox', 'loading', 'id', 'class', 'style', 'slot', 'part', 'hidden', 'lang', 'dir', 'role', 'tabindex', 'lab', 'v']);
  /** @param {string} name */
  const isParameter = (name) => !OWN.has(name) && !/^(data-|aria-|on|xml)/.test(name);

  /** @param {unknown} value @returns {value is Record<string, any>} */
  const isObject = (value) => typeof value === 'object' && value !== null;

  /** @param {unknown} value */
  const isRecordOfText = (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string');

  /** @param {Record<string, any>} data @returns {FromFrame|undefined} */
  function understood(data) {
    if (data.v !== VERSION) return undefined;
    const text = (/** @type {string[]} */ ...keys) => keys.every((key) => typeof data[key] === 'string');
    const fits = data.event === 'resize' ? Number.isFinite(data.height) && data.height > 0
      : data.event === 'workers' ? typeof data.seen === 'boolean' && typeof data.touched === 'boolean'
      : data.event === 'file' ? text('name') && data.blob instanceof Blob
      : data.event === 'ready' || data.event === 'state' ? text('lab', 'fragment') && isRecordOfText(data.params) && isRecordOfText(data.view)
      : false;
    return fits ? /** @type {FromFrame} */ (data) : undefined;
  }

  /** Every element that has a frame, the last touched one last. @type {Set<SaddleScope>} */
  const shown = new Set();

  /** One worker for each frame that is seen; what is left, up to half of the machine, for the one touched last. */
  function shareWorkers() {
    const cores = navigator.hardwareConcurrency || 2;
    const seen = [...shown].filter((one) => one.seen);
    const active = seen.filter((one) => one.touched).pop();
    const left = Math.max(0, cores - 1 - seen.length);
    const more = Math.min(left, Math.max(0, Math.floor(cores / 2) - 1));
    for (const one of seen) one.giveWorkers(one === active ? 1 + more : 1);
  }

  class SaddleScope extends HTMLElement {
    constructor() {
      super();
      /** The last state that the frame told. @type {StateInfo|undefined} */
      this.state = undefined;
      this.seen = false;
      this.touched = false;
      this.given = 0;
      this.warned = false;
      /** What the frame shows or was last asked to show. */
      this.asked = '';
      this.timer = 0;
      this.ready = false;
      /** Parameters that became attributes because the reader changed them. @type {Set<string>} */
      this.mirrored = new Set();
      this.frame = document.createElement('iframe');
      this.note = document.createElement('p');
      this.observer = new MutationObserver((changes) => this.#attributesChanged(changes.map(({ attributeName }) => attributeName ?? '')));
      this.attachShadow({ mode: 'open' }).append(this.frame, this.note);
    }

    connectedCallback() {
      const { frame } = this;
      this.style.display ||= 'block';
      this.note.hidden = true;
      frame.style.cssText = 'display: block; width: 100%; border: 0';
      frame.style.height = `${this.#fixedHeight() ?? FIRST_HEIGHT}px`;
      frame.title = this.title || 'Saddlescope: a live figure';
      frame.allow = 'fullscreen; clipboard-write';
      frame.loading = this.getAttribute('loading') === 'eager' ? 'eager' : 'lazy';
      // A bar that comes and goes would change the width, and so the height, for ever.
      if (this.#fixedHeight() === undefined) frame.setAttribute('scrolling', 'no');
      const sandbox = this.getAttribute('sandbox');
      if (sandbox !== null) frame.setAttribute('sandbox', sandbox || 'allow-scripts');
      this.ready = false;
      this.asked = this.#fragment();
      frame.addEventListener('load', () => this.#awaitReady());
      frame.src = `${this.#base()}#${this.asked}`;
      shown.add(this);
      this.observer.observe(this, { attributes: true });
    }

    disconnectedCallback() {
      this.observer.disconnect();
      clearTimeout(this.timer);
      shown.delete(this);
      shareWorkers();
    }

    /** Sets some parameters and leaves the others; null is the default.
     * @param {Record<string, Value>} params */
    set(params) {
      this.#send({ event: 'set', params });
    }

    /** @param {number} count */
    giveWorkers(count) {
      if (count === this.given) return;
      this.given = count;
      this.#send({ event: 'workers', count });
    }

    /** A message of this element's frame: source and origin are checked. @param {MessageEvent} event */
    receive(event) {
      const sandboxed = this.frame.hasAttribute('sandbox') && event.origin === 'null';
      if (event.origin !== new URL(this.#base()).origin && !sandboxed) return;
      const message = isObject(event.data) && event.data.type === 'saddlescope' ? understood(event.data) : undefined;
      if (!message) {
        if (isObject(event.data) && event.data.type === 'saddlescope' && !this.warned) {
          this.warned = true;
          console.warn('<saddle-scope> ignored a message that it does not understand.');
        }
        return;
      }
      if (message.event === 'resize') this.#follow(message.height);
      else if (message.event === 'workers') this.#noteNeed(message.seen, message.touched);
      else if (message.event === 'file') this.#offerFile(message.name, message.blob);
      else this.#noteState(message);
    }

    #base() {
      const url = new URL(this.getAttribute('src') || './', this.hasAttribute('src') ? document.baseURI : here);
      url.hash = '';
      return url.href;
    }

    /** The link that the attributes describe. */
    #fragment() {
      const pairs = [...this.attributes].filter(({ name }) => isParameter(name) || name === 'v')
        .map(({ name, value }) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ',')}`);
      return `${this.getAttribute('lab') ?? ''}?${pairs.join('&')}`;
    }

    #fixedHeight() {
      const height = Number.parseFloat(this.getAttribute('height') ?? '');
      return height > 0 ? Math.min(height, HIGHEST) : undefined;
    }

    /** @param {import('./messages.js').ToFrame} message */
    #send(message) {
      // The frame's address is ours and the message is no secret; a sandboxed frame has no origin to name.
      this.frame.contentWindow?.postMessage({ type: 'saddlescope', v: VERSION, ...message }, '*');
    }

    /** The frame has loaded; mostly it has said “ready” before. */
    #awaitReady() {
      clearTimeout(this.timer);
      if (this.ready) return;
      this.timer = window.setTimeout(() => {
        const link = document.createElement('a');
        link.href = `${this.#base()}#${this.#fragment()}`;
        link.textContent = 'open it in its own page';
        this.note.replaceChildren('The figure did not start here: ', link, '.');
        this.note.hidden = this.ready;
      }, READY_LIMIT_MS);
    }

    /** @param {number} height */
    #follow(height) {
      if (this.#fixedHeight() === undefined) this.frame.style.height = `${Math.min(Math.ceil(height), HIGHEST)}px`;
    }

    /** @param {boolean} seen @param {boolean} touched */
    #noteNeed(seen, touched) {
      if (touched && !this.touched) {
        shown.delete(this);
        shown.add(this);
      }
      this.seen = seen;
      this.touched = touched;
      shareWorkers();
    }

    /** @param {{event: string} & StateInfo} message */
    #noteState(message) {
      const first = message.event === 'ready';
      this.state = message;
      if (first) {
        clearTimeout(this.timer);
        this.ready = true;
        this.note.hidden = true;
        // A new page in the frame has not been told.
        this.given = 0;
        // Attributes that changed while the frame was loading.
        if (this.#fragment() !== this.asked) {
          this.#ask();
          return;
        }
      } else this.#mirror(message);
      this.dispatchEvent(new CustomEvent(`saddlescope-${message.event}`, { detail: message, bubbles: true }));
    }

    /** Writes what the reader changed into the attributes. @param {StateInfo} state */
    #mirror({ lab, fragment, params, view }) {
      const values = { ...params, ...view };
      const named = new Set(fragment.slice(fragment.indexOf('?') + 1).split('&').map((pair) => pair.split('=')[0]));
      if (this.getAttribute('lab') !== lab && (this.hasAttribute('lab') || lab !== 'phases')) this.setAttribute('lab', lab);
      for (const [key, text] of Object.entries(values)) {
        if (!isParameter(key)) continue;
        if (this.hasAttribute(key) && !named.has(key) && this.mirrored.has(key)) {
          this.removeAttribute(key);
          this.mirrored.delete(key);
        } else if (this.hasAttribute(key)) {
          if (this.getAttribute(key) !== text) this.setAttribute(key, text);
        } else if (named.has(key)) {
          this.setAttribute(key, text);
          this.mirrored.add(key);
        }
      }
      // These changes came from the frame: they are not sent back.
      this.observer.takeRecords();
      this.asked = this.#fragment();
    }

    /** @param {string[]} names */
    #attributesChanged(names) {
      if (names.includes('height')) this.frame.style.height = `${this.#fixedHeight() ?? FIRST_HEIGHT}px`;
      if (names.includes('title')) this.frame.title = this.title;
      if (names.includes('src')) {
        this.ready = false;
        this.asked = this.#fragment();
        this.frame.src = `${this.#base()}#${this.asked}`;
        return;
      }
      if (this.ready && this.#fragment() !== this.asked) this.#ask();
    }

    #ask() {
      this.asked = this.#fragment();
      this.#send({ event: 'set', fragment: this.asked });
    }

    /** A file that the frame itself may not save. @param {string} name @param {Blob} blob */
    #offerFile(name, blob) {
      const event = new CustomEvent('saddlescope-file', { detail: { name, blob }, bubbles: true, cancelable: true });
      if (!this.dispatchEvent(event) || !/^[\w.-]{1,100}$/.test(name)) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }
  }

  window.addEventListener('message', (event) => {
    for (const one of shown) {
      if (event.source && event.source === one.frame.contentWindow) one.receive(event);
    }
  });
  customElements.define(NAME, SaddleScope);
})();
