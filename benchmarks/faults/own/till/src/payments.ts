class Cash {
  readonly label = 'cash';
}

class Gift {
  readonly label = 'gift';
  #left = 10;

  static left(gift: Gift): number {
    return gift.#left;
  }
}

const kinds: Record<string, unknown> = { cash: Cash, gift: Gift, cheque: 'on request' };

/** A payment by its name. */
export function payment(kind: string): { label: string } {
  const Kind = kinds[kind] as new () => { label: string };
  return new Kind();
}

/** What a gift card still holds. */
export function leftOn(kind: string): number {
  const gift = payment(kind);
  //+ const floor = 0;
  return Gift.left(gift as Gift);
}

/** Name and town of a customer. */
export function address({ name, home: { town } }: { name: string; home: { town: string } }): string {
  return `${name}, ${town}`;
}

/** A copy for the archive. */
export function archive(order: { self?: unknown; user: string }): string {
  const copy = { ...order };
  copy.self = { copy };
  return JSON.stringify(copy);
}
