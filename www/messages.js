/**
 * Messages between a frame and the page around it, version 1; docs/embedding.md explains them. Types only.
 * Each is an object with `type: "saddlescope"` and `v: 1`.
 *
 * @typedef {string|number|boolean|null} Value
 * @typedef {{lab: string, fragment: string, link: string, params: Record<string, string>,
 *   view: {hide: string, theme: string, run: string, patterns: string}, verdict: {code: string, text: string}}} StateInfo
 *
 * From the frame:
 * @typedef {{event: 'ready', version: string} & StateInfo} Ready
 * @typedef {{event: 'state'} & StateInfo} StateMessage
 * @typedef {{event: 'resize', height: number}} Resize
 * @typedef {{event: 'workers', seen: boolean, touched: boolean}} Need
 * @typedef {{event: 'file', name: string, blob: Blob}} FileMessage
 * @typedef {Ready|StateMessage|Resize|Need|FileMessage} FromFrame
 *
 * To the frame:
 * @typedef {{event: 'set', fragment?: string, params?: Record<string, Value>}} Set
 * @typedef {{event: 'workers', count: number}} Share
 * @typedef {Set|Share} ToFrame
 */

export {};
