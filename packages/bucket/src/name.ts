import type { Bucket } from './bucket.ts';

const PLACE = /^(hang:)?([^#!]*)#([^~!<>]*)/;
const MAX_NAME = 120;

/** Short title of a bucket for people, "totalOf in price"; made from the five fields alone, so anybody can. */
export function bucketName(bucket: Bucket): string {
  const { program, module, location } = bucket;
  const title = `${place(location)}${module === program ? '' : ` (${module})`}`;
  return title.slice(0, MAX_NAME);
}

function place(location: string): string {
  const [match, hang, file = '', name = ''] = PLACE.exec(location) ?? [];
  if (match === undefined) return location.replace(/^!/, '') || 'unknown';
  const where = name === '' ? `top of ${file}` : `${name} in ${file}`;
  return hang === undefined ? where : `hang in ${where}`;
}
