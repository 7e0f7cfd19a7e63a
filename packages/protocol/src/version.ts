/** Version of the messages on the wire. A peer that speaks a higher one is asked to fall back, never guessed at. */
export const PROTOCOL_VERSION = 1;

/** Version of the entry frame, on disk and on the wire: the number in its first line. */
export const ENTRY_FORMAT = 1;
