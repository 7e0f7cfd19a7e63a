/** How a command speaks: one JSON value on stdout with `--json`, sentences otherwise; what went wrong on stderr. */
export interface Output {
  result(value: unknown, words: readonly string[]): void;
  /** Says what was wrong; gives the exit code of a failed command. */
  fail(what: string): 1;
}

export function outputTo(json: boolean, out: NodeJS.WritableStream, err: NodeJS.WritableStream): Output {
  return {
    result(value, words) {
      out.write(
        json
          ? `${JSON.stringify(value, undefined, 2)}\n`
          : words.map((line) => `${printable(line)}\n`).join(''),
      );
    },
    fail(what) {
      err.write(`fr-reporter: ${printable(what)}\n`);
      return 1;
    },
  };
}

/** What comes from programs and servers must not steer a terminal. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
