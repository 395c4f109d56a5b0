// The worker of the one-file page: a classic script that has the glue inside, for a sandboxed frame starts no module from a blob.

import * as glue from 'glue';
import { computeShards } from './shards.js';

computeShards(async () => glue);
