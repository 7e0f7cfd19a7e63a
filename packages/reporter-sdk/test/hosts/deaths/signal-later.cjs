setTimeout(() => process.kill(process.pid, process.argv[2]), 50);
setTimeout(() => {}, 60_000);
