/**
 * The shapes that cross the boundary to the core (`src/web.rs`). Types only.
 *
 * @typedef {{key: string, text: string}} Problem
 * @typedef {{kind: 'linear'|'log'|'int'|'toggle'|'choice'|'subset'|'list'|'data', names?: string[], labels?: string[], axes?: number[]}} Domain
 * @typedef {{key: string, symbol: string, name: string, help: string, default: string, group: string, allowed: string, optional: boolean, when: [string, string[]][], domain: Domain}} ParamSpec
 * @typedef {{id: string, title: string}} PresetInfo
 * @typedef {{title: string, authors: string, arxiv: string}} Paper
 * @typedef {{id: string, question: string, version: number, paper: Paper, params: ParamSpec[], presets: PresetInfo[]}} LabInfo
 * @typedef {{key: string, text: string, shown: boolean, slider: number|null, offered: string[], spoken: string}} ParamState
 * @typedef {{name: string, key: string, shards: number, chain: boolean, cost: number, onDemand: boolean, button: string, kept: number[]}} Job
 * @typedef {{hash: string, held: boolean, sentence: string, file?: string, key?: string}} Content
 * @typedef {{code: string, heading: string, text: string}} Verdict
 * @typedef {{name: string, label: string, symbol: string, value: number|string|(number|string)[]|null, text: string,
 *   standardError: number|null, exact: boolean, method: string}} Quantity
 * @typedef {{verdict: Verdict, values: Quantity[], notes: string[], complete: boolean}} Summary
 * @typedef {{id: string, role: 'main'|'side'|'strip', title: string, alt: string, handles: number, zoomable: boolean, ready: boolean, playable: boolean, map: boolean, changed: boolean}} FigureInfo
 * @typedef {{x: number, y: number}} Point
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {{width: number, height: number, plot: Box, handles: Point[], texts: {box: Box, text: string}[]}} Drawn
 * @typedef {{columns: string[], rows: string[][]}} Table
 * @typedef {{parameter: string|undefined, min: number, max: number, log: boolean}} Axis
 * @typedef {{x: Axis, y: Axis}} Axes
 * @typedef {{hide: string[], theme: 'auto'|'light'|'dark', run: 'auto'|'click', patterns: boolean}} View
 *
 * @typedef {object} Session
 * @property {(fragment: string) => void} open
 * @property {() => string} fragment
 * @property {() => string} lab
 * @property {(id: string) => string} lab_link
 * @property {() => Problem[]} problems
 * @property {() => ParamState[]} values
 * @property {() => View} view
 * @property {(theme: string) => void} set_theme
 * @property {(patterns: boolean) => void} set_patterns
 * @property {(key: string, text: string) => void} set
 * @property {(query: string) => void} merge
 * @property {() => void} reset
 * @property {(id: string) => string} preset
 * @property {(key: string, position: number) => void} set_slider
 * @property {(key: string, notches: number) => void} step
 * @property {() => void} new_seed
 * @property {() => Content[]} contents
 * @property {() => void} content_came
 * @property {() => Job[]} jobs
 * @property {(key: string, shards: number, shard: number, values: Float64Array) => void} keep
 * @property {(key: string, shard: number) => Float64Array|undefined} shard
 * @property {() => Summary} summary
 * @property {(id: string) => boolean} ready
 * @property {(id: string) => boolean} whole
 * @property {() => FigureInfo[]} figures
 * @property {(canvas: HTMLCanvasElement, id: string, width: number, ratio: number, dark: boolean) => Drawn} draw
 * @property {(canvas: HTMLCanvasElement, id: string, width: number, ratio: number) => void} picture
 * @property {(id: string, width: number) => string} svg
 * @property {(id: string) => Axes} axes
 * @property {(id: string) => Table} table
 * @property {(id: string) => string} csv
 * @property {(id: string, x: number, y: number) => string} hover
 * @property {(id: string, handle: number, x: number, y: number) => void} drag
 * @property {(id: string, handle: number, dx: number, dy: number) => void} nudge
 * @property {(id: string, x0: number, y0: number, x1: number, y1: number) => void} zoom
 * @property {(id: string, factor: number) => void} zoom_by
 * @property {(id: string) => void} zoom_reset
 * @property {(id: string, part: number) => void} play
 *
 * What a file holds; numbers once it is known what they are.
 * @typedef {{format: string, meanings: {name: string, label: string}[], axes?: Uint32Array, numbers?: Float64Array<ArrayBuffer>, notes?: string[]}} Reading
 *
 * @typedef {object} Core
 * @property {new (fragment: string) => Session} Session
 * @property {() => LabInfo[]} labs
 * @property {() => string} version
 * @property {(fragment: string, job: string, shard: number, previous?: Float64Array) => Float64Array} compute
 * @property {(axes: Uint32Array, numbers: Float64Array) => string} keep_data
 * @property {(numbers: Float64Array) => string} keep_numbers
 * @property {(bytes: Uint8Array) => string} keep_bytes
 * @property {(hash: string) => boolean} holds
 * @property {(bytes: Uint8Array, taken: Uint32Array, meaning: string) => Reading} read_table only of the module of readers
 * @property {(bytes: number) => string|undefined} too_large only of the module of readers
 * @property {(options: {module: WebAssembly.Module}) => unknown} initSync
 *
 * A lab as the build lists it, and a module of the page, which has the labs of one group.
 * @typedef {{id: string, question: string, group: string}} LabEntry
 * @typedef {{group: string, glue: string, module: WebAssembly.Module, core: Core}} Loaded
 *
 * @typedef {{lab: string, version: string, params: Record<string, string>, values: object[], verdict: {code: string, text: string}}} Result
 */

export {};
