import { uuidv7 } from '@fr/protocol/ids';
import { fs } from '../builtin.ts';

/** A new report id. Asks the system for the random part: loading `node:crypto` would cost a dying program 5 ms. */
export function newReportId(): string {
  return uuidv7({ random: fillRandom });
}

function fillRandom(bytes: Uint8Array): Uint8Array {
  try {
    const descriptor = fs.openSync('/dev/urandom', 'r');
    try {
      if (fs.readSync(descriptor, bytes) === bytes.length) return bytes;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    // Windows, or a very bare container.
  }
  return process.getBuiltinModule('node:crypto').randomFillSync(bytes);
}
