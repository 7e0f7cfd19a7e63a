import { runProgram } from '@fr/server/command';
import { destinationProgram } from './program.ts';

process.exitCode = await runProgram(destinationProgram(), process.argv.slice(2));
