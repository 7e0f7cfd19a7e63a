import { describe, expect, test } from 'vitest';
import { frAdmin } from './support/fr-admin.ts';

const STACK =
  'TypeError: x is undefined\n    at total (/srv/till/src/price.js:3:9)\n    at main (/srv/till/src/main.js:9:1)';

describe('explain', () => {
  test('takes a stack trace, an error or a failure, and prints one bucket for all of them', async () => {
    const error = { name: 'TypeError', message: 'x is undefined', stack: STACK };
    const failure = { kind: 'error', program: 'program', programVersion: '0.0.0', error };
    const ended = await Promise.all([
      frAdmin(['explain', '--stack', '--json'], { input: STACK }),
      frAdmin(['explain', '--json'], { input: JSON.stringify(error) }),
      frAdmin(['explain', '--json'], { input: JSON.stringify(failure) }),
    ]);
    const [first, ...others] = ended.map(({ stdout }) => JSON.parse(stdout) as { bucket: object });
    expect(first?.bucket).toMatchObject({ program: 'program', location: expect.stringContaining('total') });
    for (const other of others) expect(other.bucket).toEqual(first?.bucket);
  });

  test.concurrent.each([
    ['not JSON', '--stack'],
    ['7', 'neither a failure'],
  ])('%j is refused in one line', async (input, advice) => {
    const { code, stdout, stderr } = await frAdmin(['explain'], { input });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^fr-admin: [^\n]+\n$/);
    expect(stderr).toContain(advice);
    expect(stderr).not.toContain('FR_DEBUG');
  });

  test('a stack trace cannot steer the terminal', async () => {
    const { stdout } = await frAdmin(['explain', '--stack'], {
      input: `Error: \u001b]0;owned\u0007\u009b31m\n    at \u001b[31mf (/a/b.js:1:1)`,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
