/** What a program says of heap snapshots; without it none is ever taken. */
export interface HeapSnapshotDeclaration {
  /** The largest heap of which one is taken, in MiB. Each costs 50 to 200 ms of delay and up to 20 MiB of memory. At most 512. */
  readonly maxHeapMiB: number;
  /** Also of failures that the program survives or may survive; it then stands still for as long. Default: false. */
  readonly survived?: boolean;
}

/** A declaration that makes sense. */
export type HeapSnapshotSettings = Required<HeapSnapshotDeclaration>;

/** A heap of 512 MiB makes a file of about the gibibyte that is taken. */
const MOST_MIB = 512;

/** The declaration, from options or from the environment (`FR_HEAP_SNAPSHOT`, MiB); nothing where it makes no sense. */
export function heapSnapshotSettings(
  given: HeapSnapshotDeclaration | undefined,
  variable: string | undefined,
): HeapSnapshotSettings | undefined {
  const maxHeapMiB = given === undefined ? Number(variable || Number.NaN) : given?.maxHeapMiB;
  if (typeof maxHeapMiB !== 'number' || !(maxHeapMiB > 0)) return undefined;
  return { maxHeapMiB: Math.min(maxHeapMiB, MOST_MIB), survived: given?.survived === true };
}
