// The names of all labs: every folder of src/labs that has words.
import { existsSync, readdirSync } from "node:fs";

const folder = new URL("../../src/labs/", import.meta.url);

export const LABS = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/text.md`, folder)));
