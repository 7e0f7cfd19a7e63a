import jwt from 'jsonwebtoken';

const SECRET = 'kept elsewhere';

/** A token for a device. */
export function issue({ device, lifetime }) {
  return jwt.sign({ device }, SECRET, { expiresIn: lifetime });
}

/** Device that a token names. */
export function deviceOf({ secret, lifetime, raw }) {
  const token = raw ?? jwt.sign({ device: 'd' }, secret ?? SECRET, { expiresIn: lifetime ?? 60 });
  const content = jwt.verify(token, SECRET, { algorithms: ['HS256'] });
  return content.device;
}

/** The same over a callback, as the old service wants it. */
export function deviceLater({ raw }) {
  jwt.verify(raw, SECRET, (error, content) => {
    if (error) throw error;
    console.log(content.device.name);
  });
}
