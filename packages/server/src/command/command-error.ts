/** `usage`: the words of the command are off (exit 2). The others exit 1. */
export type CommandErrorCode = 'usage' | 'unreachable' | 'refused' | 'failed';

/** What a command could not do, as one clear line for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
