import { runProgram } from '@fr/server/command';
import { fileServerProgram } from './program.ts';

process.exitCode = await runProgram(fileServerProgram(), process.argv.slice(2));
