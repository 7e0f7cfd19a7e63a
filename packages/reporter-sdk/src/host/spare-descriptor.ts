import { fs } from '../builtin.ts';

/**
 * Keeps one file descriptor, to be given back at the first failure: a program that dies because it has none left could
 * otherwise not write down why. Gives what gives it back, once.
 */
export function keepSpareDescriptor(): () => void {
  let spare: number | undefined;
  try {
    spare = fs.openSync(process.platform === 'win32' ? process.execPath : '/dev/null', 'r');
  } catch {
    // Not allowed, or none left already.
  }
  return () => {
    if (spare === undefined) return;
    const descriptor = spare;
    spare = undefined;
    fs.closeSync(descriptor);
  };
}
