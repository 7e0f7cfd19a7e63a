import Redis from 'ioredis';
import mysql from 'mysql2/promise';
import nodemailer from 'nodemailer';
import pg from 'pg';
import winston from 'winston';
import { closedPort } from './loopback.js';

/** Orders in the main database. */
export async function openOrders({ table }) {
  const pool = new pg.Pool({ host: '127.0.0.1', port: await closedPort(), user: 'a', database: 'b' });
  const { rows } = await pool.query(`select count(*) from ${table}`);
  return rows[0].count;
}

/** Connects to the reporting database. */
export async function openReports({ user }) {
  const client = new pg.Client({ host: '127.0.0.1', port: await closedPort(), user, database: 'b' });
  await client.connect();
  return client;
}

/** Sessions of a user. */
export async function sessionsOf({ user }) {
  const redis = new Redis({ port: await closedPort(), maxRetriesPerRequest: 0, retryStrategy: () => 5 });
  redis.on('error', () => {});
  return await redis.get(`session:${user}`);
}

/** Opens the cache, which must be there. */
export async function openCache({ name }) {
  const redis = new Redis({ port: await closedPort(), lazyConnect: true, connectionName: name });
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

/** Articles of the old shop. */
export async function oldArticles({ database }) {
  const connection = await mysql.createConnection({ host: '127.0.0.1', port: await closedPort(), database });
  return connection.query('select 1');
}

/** Sends a receipt. */
export async function sendReceipt({ to }) {
  const post = nodemailer.createTransport({ host: '127.0.0.1', port: await closedPort() });
  await post.sendMail({ from: 'a@example.com', to, subject: 'Receipt', text: 'paid' });
}

/** Sends a receipt whose text lies in a file. */
export async function sendStored({ path }) {
  const post = nodemailer.createTransport({ streamTransport: true, buffer: true });
  await post.sendMail({ from: 'a@example.com', to: 'b@example.com', text: { path } });
}

const masked = winston.format((info) => {
  info.card = info.card.number.slice(-4);
  return info;
});

/** Log of payments. */
export function logPayment(payment) {
  const log = winston.createLogger({ format: masked(), transports: [new winston.transports.Console()] });
  log.info({ message: 'paid', card: payment.card });
}
