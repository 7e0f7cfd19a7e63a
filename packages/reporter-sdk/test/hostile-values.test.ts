import { bucketOf, type Failure } from '@fr/bucket';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consentOf } from '../src/host/settings/rare-settings.ts';
import { errorFacts } from '../src/noting/error-facts.ts';
import { readFacts } from '../src/spool/failure-facts.ts';

const LEVELS = ['off', 'count', 'minimal', 'standard', 'full'];

/** An error whose members are anything, some of them behind getters and proxies that throw. */
const hostileError = fc
  .record({
    members: fc.dictionary(
      fc.constantFrom('name', 'message', 'stack', 'code', 'errno', 'syscall', 'cause', 'errors'),
      fc.record({ how: fc.constantFrom('data', 'getter', 'proxy'), value: fc.anything() }),
    ),
    frozen: fc.boolean(),
  })
  .map(({ members, frozen }) => {
    let touched = 0;
    const touch = (): never => {
      touched += 1;
      throw new Error('touched');
    };
    const error = new Error('as first said');
    const traps = new Proxy({}, { get: () => touch });
    for (const [name, { how, value }] of Object.entries(members)) {
      if (how === 'getter') Object.defineProperty(error, name, { get: touch });
      else Object.defineProperty(error, name, { value: how === 'proxy' ? new Proxy({}, traps) : value });
    }
    return { error: frozen ? Object.freeze(error) : error, touchedTimes: () => touched, members };
  });

describe('whatever is thrown', () => {
  it('is described in plain data that JSON carries and a bucket can be made of', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        (thrown) => {
          const error = errorFacts(thrown);
          expect(JSON.parse(JSON.stringify(error))).toEqual(error);
          expect(
            bucketOf({ kind: 'error', program: 'p', programVersion: '1', error } as Failure).program,
          ).toBe('p');
        },
      ),
    );
  });

  it('is not made to run anything of its own', () => {
    fc.assert(
      fc.property(hostileError, ({ error, touchedTimes, members }) => {
        const facts = errorFacts(error);
        expect(JSON.stringify(facts).length).toBeLessThan(200_000);
        // Printing a stack for the first time reads name and message, which Node does as well; then and only then.
        const printed = members['stack'] === undefined;
        const named = ['name', 'message'].some((name) => members[name] !== undefined);
        if (!(printed && named)) expect(touchedTimes()).toBe(0);
      }),
    );
  });

  it('is cut to a size that a spool can hold', () => {
    const error = new Error('m'.repeat(5_000_000));
    error.stack = `${error.stack}${'\n    at f (/a.js:1:1)'.repeat(100_000)}`;
    error.cause = new AggregateError(Array(1_000).fill(new Error('n'.repeat(100_000))), 'many');
    expect(JSON.stringify(errorFacts(error)).length).toBeLessThan(1_000_000);
  });
});

describe('whatever lies in a spool', () => {
  it('is facts or nothing, and never an exception', () => {
    const almostFacts = fc.record(
      {
        format: fc.constantFrom(1, 2),
        reportId: fc.oneof(fc.uuid(), fc.string()),
        at: fc.oneof(fc.nat(), fc.anything()),
        count: fc.oneof(fc.nat(), fc.anything()),
        outcome: fc.constantFrom('fatal', 'handled', 'nonsense'),
        failure: fc.oneof(fc.anything(), fc.record({ kind: fc.constant('error'), program: fc.string() })),
        seen: fc.anything(),
        consent: fc.constantFrom('full', 'ask'),
        declared: fc.oneof(fc.array(fc.string()), fc.anything()),
        parts: fc.oneof(fc.array(fc.string()), fc.anything()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(almostFacts, fc.jsonValue()), (value) => {
        const facts = readFacts(value);
        if (facts) expect(facts.count).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('consent', () => {
  it('of two is the lower, and a word that is no level allows nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LEVELS),
        fc.constantFrom(...LEVELS),
        fc.string({ minLength: 1 }),
        (a, b, word) => {
          const lower = LEVELS[Math.min(LEVELS.indexOf(a), LEVELS.indexOf(b))];
          expect(consentOf(a, b)).toBe(lower);
          expect(consentOf(undefined, a)).toBe(a);
          if (!LEVELS.includes(word)) expect(consentOf(word, a)).toBe('off');
        },
      ),
    );
    expect(consentOf(undefined, '')).toBe('standard');
  });
});
