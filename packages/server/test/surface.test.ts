import * as server from '@fr/server';
import * as command from '@fr/server/command';
import { expect, test } from 'vitest';

test('the public surface is this', () => {
  expect([server, command].map((entry) => Object.keys(entry).sort())).toMatchInlineSnapshot(`
    [
      [
        "ServerError",
        "administration",
        "callVerb",
        "callerOf",
        "createAccess",
        "createReporterDesk",
        "createServer",
        "describeApi",
        "entriesIntake",
        "flagParam",
        "hitsIntake",
        "listParam",
        "listingVerbs",
        "loadServerKey",
        "messages",
        "neededParam",
        "nothingCalled",
        "numberParam",
        "offersIntake",
        "openGuard",
        "operations",
        "printBucket",
        "reporterGuard",
        "sendMessage",
        "sendProblem",
        "showEntry",
        "textParam",
        "tokenGuard",
      ],
      [
        "CommandError",
        "addListingCommands",
        "addVerbCommand",
        "addVerifyCommand",
        "announceServer",
        "callServer",
        "createProgram",
        "findServer",
        "listenAddress",
        "makeSocketFolder",
        "openFolder",
        "printResult",
        "printTable",
        "printable",
        "reach",
        "runProgram",
        "serve",
        "withListening",
        "withReach",
        "withdrawServer",
      ],
    ]
  `);
});
