import { request } from './api.ts';
import { ShopError } from './complain.ts';
import type { Visitor } from './orders.ts';

interface Confirmation {
  readonly items: readonly { readonly id: string }[];
}

class CheckoutError extends Error {
  override readonly name = 'CheckoutError';
}

//+ const CARRIERS = ['post', 'bike'] as const;
//+
//+ /** Bikes only inside the ring road. */
//+ export function carrierFor(visitor: Visitor): (typeof CARRIERS)[number] {
//+   return visitor.street.length > 10 ? 'post' : 'bike';
//+ }
//+
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function charge(visitor: Visitor): Promise<void> {
  await pause(1);
  throw new ShopError('CARD', `card of ${visitor.name} was refused`);
}

async function reserve(visitor: Visitor): Promise<void> {
  await pause(1);
  const shelf: { free?: { count: number } } = {};
  const left = (shelf.free as { count: number }).count - 1;
  if (left < 0) throw new Error(`${visitor.sku} sold out`);
}

/** Both steps fail in the same words towards the visitor. */
export async function order(visitor: Visitor, paid: boolean): Promise<void> {
  try {
    if (!paid) await charge(visitor);
    await reserve(visitor);
  } catch (error) {
    throw new CheckoutError(`the order of ${visitor.name} did not go through`, { cause: error });
  }
}

export async function deliver(visitor: Visitor): Promise<string> {
  const slot = await findSlot(visitor);
  return `${slot} for ${visitor.name}`;
}

async function findSlot(visitor: Visitor): Promise<string> {
  await pause(1);
  const slots = await slotsOn(visitor.sku.length);
  return (slots[0] as string).trim();
}

async function slotsOn(day: number): Promise<string[]> {
  await pause(1);
  return new Array(day > 60 ? 1 : 0).fill(' 9 to 12 ');
}

export function confirm(visitor: Visitor): Promise<string> {
  return request<Confirmation>(`empty/${visitor.voucher}`).then((confirmation) =>
    (confirmation.items[0] as { id: string }).id.padStart(8, '0'),
  );
}

async function askCarrier(carrier: string, visitor: Visitor): Promise<string> {
  await pause(1);
  throw new ShopError('CARRIER', `${carrier} does not go to ${visitor.street}`);
}

export function anyCarrier(visitor: Visitor): Promise<string> {
  return Promise.any([askCarrier('post', visitor), askCarrier('bike', visitor)]);
}

export function soldOut(visitor: Visitor): void {
  if (visitor.sku !== '') throw `sold out, ${visitor.sku.length} are waiting`;
}

export function declineLater(visitor: Visitor): Promise<never> {
  return Promise.reject({ reason: 'declined', bank: visitor.voucher });
}

export async function eachParcel(visitor: Visitor): Promise<string[]> {
  return await Promise.all(
    [1, 2].map(async (number) => {
      await pause(number);
      if (number === 2) throw new RangeError(`parcel ${number} of ${visitor.name} is too heavy`);
      return visitor.sku;
    }),
  );
}
