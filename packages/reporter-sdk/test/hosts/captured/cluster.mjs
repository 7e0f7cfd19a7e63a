import cluster from 'node:cluster';

if (cluster.isPrimary) cluster.fork().on('exit', (code) => console.log('worker ended with', code));
else
  setTimeout(function settle() {
    undefined.amount;
  });
