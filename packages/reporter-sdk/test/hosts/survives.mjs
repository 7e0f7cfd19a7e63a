process.on('uncaughtException', () => {});

function tick() {
  throw new Error('again');
}

for (let round = 0; round < 50; round++) setTimeout(tick, round);
