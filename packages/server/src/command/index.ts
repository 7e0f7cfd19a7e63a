/**
 * What `fr-admin` and `fr-destination` share: conventions of the command line, how a command finds the server that
 * holds a folder, how a server runs until it is told to stop.
 * @module
 */
export { addBackupCommands } from './backup-commands.ts';
export { CommandError, type CommandErrorCode } from './command-error.ts';
export { addKeyCommands, type KeyCommandsOptions } from './key-commands.ts';
export { addListingCommands } from './listing-commands.ts';
export { printable, printableLines, printJson, printTable } from './printable.ts';
export { createProgram, printResult, runProgram } from './program.ts';
export { callServer, type Endpoint } from './reach/call-server.ts';
export { openFolder } from './reach/open-folder.ts';
export { type Open, type Opened, type ReachOptions, reach } from './reach/reach.ts';
export { addVerbCommand, type CommandOptions, type VerbCommand, withReach } from './reach/reach-options.ts';
export {
  announceServer,
  findServer,
  makeSocketFolder,
  type RunningServer,
  withdrawServer,
} from './reach/running-server.ts';
export { type RetentionFlags, retentionLimits, withRetention } from './retention-option.ts';
export { type ServeOptions, serve } from './serve.ts';
export { type ListenFlags, listenAddress, withListening } from './serve-options.ts';
export { printShown } from './shown.ts';
export { addTokenCommands, type TokenCommandsOptions } from './token-commands.ts';
export { addVerifyCommand } from './verify-command.ts';
