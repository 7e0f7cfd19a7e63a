import type { Bucket } from './bucket.ts';

const PLACE = /^(hang:)?([^#!]*)#([^~!<>]*)/;
const MAX_NAME = 120;

/** Short title of a bucket for people, "totalOf in price"; made from the five fields alone, so anybody can. */
export function bucketName({ program, module, location }: Bucket): string {
  const [match, hang, file, name] = PLACE.exec(location) ?? [];
  const where = name ? `${name} in ${file}` : `top of ${file}`;
  const title =
    match === undefined ? location.replace(/^!/, '') || 'unknown' : `${hang ? 'hang in ' : ''}${where}`;
  return `${title}${module === program ? '' : ` (${module})`}`.slice(0, MAX_NAME);
}
