// What the page offers to scripts.
interface Window {
  readonly saddlescope: {
    readonly version: string;
    result(): Promise<import('./types.js').Result>;
  };
}

/** All labs with their groups, from the build. */
declare const LABS: import('./types.js').LabEntry[];

/** In the one-file page: the glue of the module with all labs. */
declare module 'glue' {
  const core: import('./types.js').Core;
  export = core;
}
