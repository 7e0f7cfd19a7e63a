import WebSocket, { WebSocketServer } from 'ws';
import { closedPort, sendRaw } from './loopback.js';

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

function onMessage(data) {
  const message = JSON.parse(data);
  console.log(message.seat.row);
}

/** Takes seats over a socket. */
export function openLive({ message, raw, heard }) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    if (heard) socket.on('pong', () => console.log(heard.at.toString()));
    socket.on('message', onMessage);
    if (heard) socket.ping();
  });
  server.on('listening', () => {
    const { port } = server.address();
    if (raw) sendRaw(port, UPGRADE, Buffer.from(raw));
    else {
      const client = new WebSocket(`ws://127.0.0.1:${port}`);
      client.on('open', () => client.send(message ?? '{"seat":{}}'));
    }
  });
}

/** Follows a feed. */
export function follow(address) {
  const feed = new WebSocket(address);
  feed.on('message', onMessage);
  return feed;
}

/** Follows a feed of a machine that is down. */
export async function followNeighbour({ path }) {
  const port = await closedPort();
  const feed = new WebSocket(`ws://127.0.0.1:${port}/${path}`);
  feed.on('message', onMessage);
}

/** Greets before it may. */
export async function greet({ name }) {
  const port = await closedPort();
  const feed = new WebSocket(`ws://127.0.0.1:${port}/`);
  feed.on('error', () => {});
  feed.send(`hello ${name}`);
}
