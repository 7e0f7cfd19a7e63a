import { JobError, Unreachable } from './errors.ts';
import { pause, retried } from './pause.ts';

export interface Parcel {
  readonly id: string;
  readonly to: string;
  readonly grams: number;
  readonly stops?: readonly { readonly street: string }[];
  readonly fragile?: boolean;
}

/** From the door of the shop to the door of the house. */
export class Delivery {
  readonly #parcel: Parcel;
  #stop = 0;

  constructor(parcel: Parcel) {
    this.#parcel = parcel;
  }

  async run(): Promise<string> {
    await this.#collect();
    const route = await this.#route();
    //+ const started = Date.now();
    await pause(1);
    return await this.#deliver(route);
  }

  async #collect(): Promise<void> {
    await pause(1);
    if (this.#parcel.grams > 30_000)
      throw new JobError(this.#parcel.id, `${this.#parcel.id} weighs ${this.#parcel.grams} g`);
  }

  async #route(): Promise<readonly string[]> {
    await null;
    return this.#parcel.stops.map((stop) => stop.street.toUpperCase());
  }

  async #deliver(route: readonly string[]): Promise<string> {
    for (const street of route) {
      //+ this.#stop += 0;
      this.#stop += 1;
      await pause(0);
      if (street.startsWith('DEAD END')) throw new JobError(this.#parcel.id, `no way through ${street}`);
    }
    if (this.#stop === 0) throw new JobError(this.#parcel.id, `no stop for ${this.#parcel.to}`);
    return route.join(' > ');
  }

  /** Rings three times. */
  async ring(): Promise<string> {
    return await retried(3, async (attempt) => {
      await pause(1);
      throw new Unreachable(`${this.#parcel.to} does not open, ring ${attempt}`);
    });
  }

  static async express(parcel: Parcel): Promise<string> {
    const delivery = new Delivery(parcel);
    await Promise.all([delivery.run(), Delivery.insure(parcel)]);
    return parcel.id;
  }

  static async insure({ id, fragile }: Parcel): Promise<void> {
    await pause(0);
    if (fragile) {
      throw new JobError(id, `${id} is fragile`);
    }
  }
}
