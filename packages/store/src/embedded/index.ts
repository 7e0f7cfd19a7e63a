/**
 * The embedded driver: a folder of entry files that ordinary tools can read, and a SQLite file beside them. Nothing to
 * install, one server per folder, any number of readers.
 * @module
 */
export { type BackupOptions, type BackupReport, backupStore } from './backup/backup-store.ts';
export type { CopiedFile } from './backup/copy-file.ts';
export { type RestoreOptions, type RestoreReport, restoreStore } from './backup/restore-store.ts';
export type { Reconciled } from './engine.ts';
export type { Disk } from './files/disk.ts';
export { RESERVE_BYTES } from './folder/reserve.ts';
export { type EmbeddedStoreOptions, openEmbeddedStore } from './open.ts';
export { stepBack } from './step-back.ts';
export {
  type DamagedEntry,
  type VerifyOptions,
  type VerifyReport,
  verifyStore,
} from './verify/verify-store.ts';
