/**
 * How the tests run our commands: in processes of their own, with an environment in which nothing of fr is set.
 * @module
 */
export { newFolder, type TestFolder } from './folder.ts';
export { cleanEnvironment, command, commandJson, type Ended, runNode, until } from './run.ts';
export { type ServerProcess, type StartOptions, startServer } from './server-process.ts';
