import type { Cluster, Redis } from 'ioredis';

/** A connection as ioredis makes it: to one server (or through Sentinel), or to a Cluster. */
export type WorkRedis = Redis | Cluster;
