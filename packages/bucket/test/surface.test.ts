import * as bucket from '@fr/bucket';
import * as sourceMap from '@fr/bucket/source-map';
import { expect, test } from 'vitest';

test('the public surface is this', () => {
  expect([bucket, sourceMap].map((entry) => Object.keys(entry).sort())).toMatchInlineSnapshot(`
    [
      [
        "CURRENT_SCHEME",
        "SCHEMES",
        "bucketId",
        "bucketKey",
        "bucketName",
        "bucketOf",
        "errorFromStack",
        "explain",
        "explanationText",
        "isBucketId",
        "isProblemId",
        "parseBucketKey",
        "problemId",
        "problemKey",
      ],
      [
        "bucketWithMap",
        "debugIdOf",
        "inlineSourceMap",
        "sourceMapFrom",
        "sourceMapUrl",
      ],
    ]
  `);
});
