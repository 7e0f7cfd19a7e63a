import { createServer, request } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';

/** Serves on a free port and asks it once. */
export function askOnce(handler, { method = 'GET', path = '/', body, type = 'application/json' }) {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1', () => ask(server.address().port, { method, path, body, type }));
}

/** Asks a server that listens already. */
export function ask(port, { method = 'GET', path = '/', body, type = 'application/json' }) {
  const headers = body === undefined ? {} : { 'content-type': type };
  const asked = request({ port, host: '127.0.0.1', method, path, headers }, (answer) => answer.resume());
  asked.on('error', () => {});
  asked.end(body);
}

/** A service that always answers the same; gives its address. */
export function stub(status, body, type = 'application/json') {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

/** A service that takes connections and hangs up on the first word, or never says one. */
export function rudeService({ hangUp }) {
  return new Promise((resolve) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        if (hangUp) socket.destroy();
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

/** A port at which nobody listens. */
export function closedPort() {
  return new Promise((resolve) => {
    const server = createTcpServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Sends bytes as they are. */
export function sendRaw(port, ...chunks) {
  const socket = connect(port, '127.0.0.1', () => {
    for (const chunk of chunks) socket.write(chunk);
  });
  socket.on('error', () => {});
}
