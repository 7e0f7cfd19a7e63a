/**
 * The programs of this collection and the packages they use, exactly pinned in two sets: `newer` is the next patch or
 * minor release of what `older` has. All run on Node 18 to 26. Express 4 and 5 are in different programs, so that
 * each lies under its own name.
 */
import { join } from 'node:path';

export type PackageSet = 'older' | 'newer';
/** How the own code is deployed: as written, as CommonJS line by line, or as esbuild turns it into `dist/*.cjs`. */
export type Format = 'esm' | 'cjs' | 'dist';

export interface Program {
  readonly name: string;
  /** What its authors deploy; the other formats are the variants. */
  readonly format: Format;
  readonly packages: Readonly<Record<string, readonly [older: string, newer: string]>>;
}

/** Our texts, as written. */
export const FAULTS: string = join(import.meta.dirname, '..', '..', '..', 'faults', 'npm');

export const PROGRAMS: readonly Program[] = [
  {
    name: 'report-tool',
    format: 'esm',
    packages: {
      cheerio: ['1.0.0', '1.0.0'],
      commander: ['12.0.0', '12.1.0'],
      'csv-parse': ['5.5.5', '5.6.0'],
      'date-fns': ['3.3.1', '3.6.0'],
      dayjs: ['1.11.10', '1.11.13'],
      ejs: ['3.1.9', '3.1.10'],
      'fast-xml-parser': ['4.4.0', '4.5.0'],
      handlebars: ['4.7.7', '4.7.8'],
      'js-yaml': ['4.1.0', '4.1.1'],
      lodash: ['4.17.20', '4.17.21'],
      luxon: ['3.4.4', '3.5.0'],
      marked: ['12.0.1', '12.0.2'],
      protobufjs: ['7.3.0', '7.4.0'],
      pug: ['3.0.2', '3.0.3'],
      semver: ['7.6.2', '7.6.3'],
      'tiny-invariant': ['1.3.2', '1.3.3'],
      uuid: ['9.0.0', '9.0.1'],
      verror: ['1.10.0', '1.10.1'],
      xml2js: ['0.6.0', '0.6.2'],
      yaml: ['2.4.1', '2.6.1'],
      yargs: ['17.7.1', '17.7.2'],
    },
  },
  {
    name: 'order-service',
    format: 'cjs',
    packages: {
      '@graphql-tools/schema': ['10.0.3', '10.0.6'],
      '@hapi/boom': ['10.0.0', '10.0.1'],
      ajv: ['8.16.0', '8.17.1'],
      'ajv-formats': ['3.0.1', '3.0.1'],
      dataloader: ['2.2.2', '2.2.3'],
      express: ['4.18.2', '4.19.2'],
      fastify: ['4.26.0', '4.28.1'],
      graphql: ['16.8.1', '16.9.0'],
      'http-errors': ['2.0.0', '2.0.1'],
      joi: ['17.12.0', '17.13.3'],
      jsonwebtoken: ['9.0.1', '9.0.2'],
      koa: ['2.15.0', '2.15.3'],
      pino: ['9.0.0', '9.3.2'],
      ws: ['8.16.0', '8.18.0'],
      zod: ['3.22.4', '3.23.8'],
      'zod-validation-error': ['3.3.0', '3.4.0'],
    },
  },
  {
    name: 'gateway',
    format: 'esm',
    packages: {
      async: ['3.2.5', '3.2.6'],
      axios: ['1.6.8', '1.7.7'],
      bluebird: ['3.7.1', '3.7.2'],
      chokidar: ['3.5.3', '3.6.0'],
      express: ['5.0.1', '5.1.0'],
      got: ['12.6.0', '12.6.1'],
      ioredis: ['5.3.2', '5.4.1'],
      ky: ['1.2.4', '1.7.2'],
      mysql2: ['3.9.7', '3.11.3'],
      nodemailer: ['6.9.13', '6.9.15'],
      'p-queue': ['8.0.0', '8.0.1'],
      pg: ['8.11.5', '8.13.0'],
      rxjs: ['7.8.0', '7.8.1'],
      undici: ['6.18.2', '6.19.8'],
      winston: ['3.13.0', '3.14.2'],
    },
  },
];

/** Names and exact versions of one set. */
export function dependenciesOf(program: Program, set: PackageSet): Readonly<Record<string, string>> {
  const index = set === 'older' ? 0 : 1;
  return Object.fromEntries(
    Object.entries(program.packages).map(([name, versions]) => [name, versions[index]]),
  );
}
