process.exitCode = 5;
throw null;
