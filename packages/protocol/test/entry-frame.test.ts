import {
  describePart,
  type EntryHeader,
  frameSize,
  ProtocolError,
  printFrame,
  readFrame,
} from '@fr/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};

function entry(parts: Readonly<Record<string, Uint8Array>>): {
  header: EntryHeader;
  contents: { part: EntryHeader['parts'][number]; content: Uint8Array }[];
} {
  const contents = Object.entries(parts).map(([type, content]) => ({
    part: describePart(type, 'text/plain', content),
    content,
  }));
  const header: EntryHeader = {
    entryId: '01890a5d-ac96-774b-bcce-b302099a8057',
    reportId: '01890a5d-ac96-774b-bcce-b302099a8058',
    bucket: BUCKET,
    outcome: 'fatal',
    at: 1_760_000_000_000,
    demands: ['site-default'],
    parts: contents.map(({ part }) => part),
  };
  return { header, contents };
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(
  bytes: Uint8Array,
  size = 7,
  trailer = false,
): Promise<{ header?: EntryHeader; parts: Record<string, string>; digest?: string }> {
  const seen: { header?: EntryHeader; parts: Record<string, string>; digest?: string } = { parts: {} };
  for await (const piece of readFrame(inChunks(bytes, size), { trailer })) {
    if (piece.kind === 'header') seen.header = piece.header;
    if (piece.kind === 'end') seen.digest = piece.digest;
    if (piece.kind === 'bytes')
      seen.parts[piece.part.type] =
        (seen.parts[piece.part.type] ?? '') + Buffer.from(piece.chunk).toString('latin1');
  }
  return seen;
}

const SAMPLE = {
  stack: Buffer.from('Error: x\n    at f (a.js:1:2)\n'),
  environment: Buffer.from('{"os":"linux"}'),
};

describe('the entry frame', () => {
  test('comes back whole, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 64 }),
        async (a, b, size) => {
          const { header, contents } = entry({ stack: a, environment: b });
          const frame = await printFrame(header, contents);
          const seen = await readAll(frame, size);
          expect(seen.header).toEqual(header);
          expect(seen.parts['stack'] ?? '').toBe(Buffer.from(a).toString('latin1'));
          expect(seen.parts['environment'] ?? '').toBe(Buffer.from(b).toString('latin1'));
          const { headerBytes, payloadBytes } = frameSize(header);
          expect(headerBytes + payloadBytes).toBe(frame.byteLength);
          expect(payloadBytes).toBe(a.length + b.length);
        },
      ),
    );
  });

  test('every single changed byte is noticed', async () => {
    const { header, contents } = entry(SAMPLE);
    const frame = await printFrame(header, contents);
    for (let at = 0; at < frame.length; at++) {
      const altered = Uint8Array.from(frame);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await expect(readAll(altered, 64), `byte ${at}`).rejects.toBeInstanceOf(ProtocolError);
    }
  });

  test('every truncation is noticed', async () => {
    const { header, contents } = entry(SAMPLE);
    const frame = await printFrame(header, contents);
    for (let length = 0; length < frame.length; length++) {
      await expect(readAll(frame.subarray(0, length), 64), `length ${length}`).rejects.toBeInstanceOf(
        ProtocolError,
      );
    }
  });

  test('what follows the end is an error on the wire and a trailer on disk', async () => {
    const { header, contents } = entry(SAMPLE);
    const longer = Buffer.concat([await printFrame(header, contents), Buffer.from('{"receipt":{}}\n')]);
    await expect(readAll(longer)).rejects.toMatchObject({ code: 'malformed' });
    expect((await readAll(longer, 9, true)).header).toEqual(header);
  });

  test('a newer format, a foreign file and a header without end are told apart', async () => {
    await expect(readAll(Buffer.from('fr-entry 99\n{}\n'))).rejects.toMatchObject({
      code: 'unsupported-version',
    });
    await expect(readAll(Buffer.from('#!/bin/sh\n'))).rejects.toMatchObject({ code: 'malformed' });
    await expect(readAll(Buffer.from(`fr-entry 1\n${'x'.repeat(70_000)}`), 4096)).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test('the header is there before a byte of payload has arrived', async () => {
    const { header, contents } = entry(SAMPLE);
    const frame = await printFrame(header, contents);
    const headEnd = Buffer.from(frame).indexOf('\n', Buffer.from(frame).indexOf('\n') + 1) + 1;
    async function* onlyHead(): AsyncGenerator<Uint8Array> {
      yield frame.subarray(0, headEnd);
      throw new Error('the payload was asked for');
    }
    const first = await readFrame(onlyHead()).next();
    expect(first.value).toMatchObject({ kind: 'header', header: { entryId: header.entryId } });
  });

  test('two parts of one type are refused', async () => {
    const { header, contents } = entry({ stack: Buffer.from('a') });
    const twice = { ...header, parts: [...header.parts, ...header.parts] };
    await expect(readAll(await printFrame(twice, [...contents, ...contents]))).rejects.toMatchObject({
      code: 'malformed',
      path: 'parts',
    });
  });
});
