import { expect, it } from 'vitest';
import * as scrub from '../src/index.ts';

it('offers exactly these names', () => {
  expect(Object.keys(scrub).sort()).toEqual(['DEPTH_LIMIT', 'RULES', 'SIZE_LIMIT', 'scrubText', 'scrubTree']);
});
