globalThis[Symbol.for('fr.reporter')]?.captureException(new Error('handled'));
process.kill(process.pid, 'SIGKILL');
setTimeout(() => {}, 60_000);
