// The worker of the served page.

import { computeShards } from './shards.js';

computeShards((address) => import(address));
