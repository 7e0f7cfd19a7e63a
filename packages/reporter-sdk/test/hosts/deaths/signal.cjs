process.kill(process.pid, process.argv[2]);
setTimeout(() => {}, 60_000);
