/** Paths of the HTTP interface. Nobody spells one of these out elsewhere. */
export const ROUTES = {
  /** Reporter → file server: one or many hits; the reply carries demands for their buckets. */
  hits: '/v1/hits',
  /** Reporter → file server and file server → destination server: one entry, `PUT`, repeats harmless. */
  entry: (entryId: string): string => `/v1/entries/${entryId}`,
  /** File server → destination server: buckets, totals, information types held; never a payload byte. */
  offers: '/v1/offers',
  /** Reporter → file server and file server → destination server: leases are asked for, renewed and given back. */
  leases: '/v1/leases',
  /** File server → destination server: what people at programs that have failed may be told. */
  answers: '/v1/answers',
  /** Administration of either server; needs an administrator's token unless it comes through the folder's socket. */
  admin: '/v1/admin',
  live: '/health/live',
  ready: '/health/ready',
  metrics: '/metrics',
  openapi: '/openapi.json',
} as const;

/** Request header that shows the fences of the leases an entry is delivered under. */
export const LEASE_HEADER = 'fr-lease';

/** Media types of message bodies. */
export const MEDIA_TYPE = {
  msgpack: 'application/msgpack',
  json: 'application/json',
  entry: 'application/vnd.fr.entry',
  problem: 'application/problem+json',
} as const;
