process.execve('/bin/sh', ['sh', '-c', 'sleep 0.4; exit 4']);
