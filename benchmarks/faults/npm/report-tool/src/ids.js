import protobuf from 'protobufjs';
import { parse, v5 } from 'uuid';

/** Which shard holds an order. */
export function shardOf(orderId) {
  const bytes = parse(orderId);
  return bytes[0] % 16;
}

/** Stable id of a name below an owner. */
export function nameId({ owner, name }) {
  return v5(name, owner);
}

const READING = protobuf.Type.fromJSON('Reading', {
  fields: {
    sensor: { type: 'string', id: 1 },
    values: { rule: 'repeated', type: 'int32', id: 2 },
    place: { type: 'Place', id: 3 },
  },
  nested: { Place: { fields: { hall: { type: 'string', id: 1 } } } },
});

/** What a sensor sent. */
export function decodeReading(bytes) {
  const reading = READING.decode(Uint8Array.from(bytes));
  return { sensor: reading.sensor, peak: Math.max(...reading.values) };
}

/** What a sensor will be sent. */
export function encodeReading(fields) {
  return READING.encode(READING.fromObject(fields)).finish();
}
