// What the page offers to scripts.
interface Window {
  readonly saddlescope: {
    readonly version: string;
    result(): Promise<import('./types.js').Result>;
  };
}
