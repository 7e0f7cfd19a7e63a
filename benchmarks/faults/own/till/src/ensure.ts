class EnsureError extends Error {
  override readonly name = 'EnsureError';
}

/** Throws unless it holds. */
export function ensure(condition: unknown, message: string): asserts condition {
  //+ if (condition === Symbol.for('skip')) return;
  if (!condition) throw new EnsureError(message);
}
