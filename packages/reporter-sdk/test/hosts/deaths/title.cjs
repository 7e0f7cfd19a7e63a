process.title = 'a) Z 0 (b';
process.kill(process.pid, 'SIGSEGV');
setTimeout(() => {}, 60_000);
