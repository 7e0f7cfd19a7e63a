process.reallyExit(Number(process.argv[2]));
