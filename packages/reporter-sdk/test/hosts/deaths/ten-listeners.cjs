for (let count = 0; count < 10; count++) process.on('exit', () => {});
process.kill(process.pid, 'SIGKILL');
setTimeout(() => {}, 60_000);
