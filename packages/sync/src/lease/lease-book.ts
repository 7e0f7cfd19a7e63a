/**
 * Who may deliver which of the samples that are wanted, and until when: the whole of what whoever gives leases must
 * remember. No clock, no randomness, no disk; times and fences come in.
 *
 *     asked ─▶ held alone ─▶ renewed … ─▶ spent (delivered) │ given back │ over (its time ran out)
 *                  └▶ held beside others (only where its holder waits for something rare) ─▶ the same ends
 *
 * A slot is what leases compete for. It has so many places (samples still wanted); the counts of the leases held alone in
 * it never add up to more. Whoever waits for something rare has a lease that lasts long and stands in the way of others for
 * a short while only, and not again when it is renewed: a holder that died, or to whom it never happens, delays the others
 * and does not stop them. Forgetting a book is safe: how many samples are accepted is decided where they are stored, and
 * fences rise with the clock, so that what was given before is not mistaken for what is given after. All that is lost is
 * the work of whoever held a lease.
 * @module
 */

/** A lease, to the one who gives it. */
export interface HeldLease {
  readonly slot: string;
  readonly holder: string;
  readonly count: number;
  readonly fence: number;
  /** When it is over, by the giver's clock. */
  readonly until: number;
  /** Until when it stands in the way of others. */
  readonly alone: number;
}

/** One question for a lease. */
export interface SlotAsk {
  readonly slot: string;
  readonly holder: string;
  readonly count: number;
  /** Of the lease it renews, if any. */
  readonly fence?: number | undefined;
  /** Samples that are still wanted in this slot, whoever brings them. */
  readonly places: number;
  /** How many of these places are taken by what is no lease in this slot. Default: none. */
  readonly taken?: number;
  readonly life: LeaseLife;
}

/**
 * How long a lease lasts, in milliseconds: `least` at first, twice as long each time one has run out unused, up to `most`
 * (whoever waits for a rare event needs time). `within`: the rest of a lease that this one depends on; it ends before.
 */
export interface LeaseLife {
  readonly least: number;
  readonly most: number;
  readonly within?: number | undefined;
  /**
   * For how long it stands in the way of others: so long at first, and longer by as much for each holder (for as many as
   * there are places) that waits already. Not again when it is renewed. Default: for as long as it lasts.
   */
  readonly alone?: number;
}

/** A lease, or why there is none. `leased-out`: the first of those in the way is over after `retryAfterMs`. */
export type LeaseVerdict =
  | { readonly granted: true; readonly lease: HeldLease }
  | { readonly granted: false; readonly reason: 'not-wanted' }
  | { readonly granted: false; readonly reason: 'leased-out'; readonly retryAfterMs: number };

/** A book as it is kept; times are what was left. */
export interface KeptBook {
  readonly lastFence: number;
  readonly leases: readonly (Omit<HeldLease, 'until' | 'alone'> & {
    readonly leftMs: number;
    /** Of what is left, how long others have to wait. */
    readonly aloneMs: number;
  })[];
}

/** Slots of which is remembered how often their leases ran out unused. */
const MAX_UNUSED = 10_000;
const MAX_DOUBLINGS = 16;
/** A lease that depends on another ends so much before it, as a share of what is left of that. */
const MARGIN = 0.1;
/** What is too short to be of use. */
const SHORTEST_MS = 1_000;

/** Leases in force. Every method first lets those go whose time is over. */
export class LeaseBook {
  readonly #bySlot = new Map<string, Map<number, HeldLease>>();
  readonly #byFence = new Map<number, HeldLease>();
  readonly #unused = new Map<string, number>();
  #lastFence = 0;
  /** No lease is over before this. */
  #nextEnd = Number.POSITIVE_INFINITY;

  /**
   * Gives a lease, or renews the one this holder has in the slot (or whose fence it shows): as many samples as are asked
   * for, or as there are places. `fence` is used where it is higher than all before.
   */
  grant(ask: SlotAsk, now: number, fence: number): LeaseVerdict {
    this.#expire(now);
    const { slot, places, taken = 0 } = ask;
    const held = this.#ownIn(slot, ask);
    const own = held && held.alone > now ? held.count : 0;
    const count = Math.min(ask.count, places - taken - (this.leasedOut(slot, now) - own));
    const lifeMs = this.#lifeOf(slot, ask.life);
    if (places < 1 || ask.count < 1) return this.#refuse(held, { granted: false, reason: 'not-wanted' });
    if (lifeMs >= SHORTEST_MS && count >= 1) return this.#give(ask, held, { count, lifeMs, now, fence });
    // Others wait now. It goes on beside them, and lasts no longer than it would have.
    if (lifeMs >= SHORTEST_MS && held && held.alone <= now)
      return { granted: true, lease: { ...held, until: Math.min(held.until, now + lifeMs) } };
    const ends = this.#alone(slot, now).map(({ alone }) => alone - now);
    const retryAfterMs = ends.length > 0 ? Math.min(...ends) : (ask.life.alone ?? ask.life.least);
    return this.#refuse(held, { granted: false, reason: 'leased-out', retryAfterMs });
  }

  #give(
    { slot, holder, places, life }: SlotAsk,
    held: HeldLease | undefined,
    { count, lifeMs, now, fence }: Readonly<Record<'count' | 'lifeMs' | 'now' | 'fence', number>>,
  ): LeaseVerdict {
    if (!held) this.#lastFence = Math.max(this.#lastFence + 1, fence);
    const waiting = Math.floor(this.#beside(slot, now) / places);
    const alone = life.alone === undefined ? lifeMs : Math.min(lifeMs, life.alone * (waiting + 1));
    const lease = {
      slot,
      holder,
      count,
      fence: held?.fence ?? this.#lastFence,
      until: now + lifeMs,
      alone: held && life.alone !== undefined ? held.alone : now + alone,
    };
    this.#put(lease);
    return { granted: true, lease };
  }

  #alone(slot: string, now: number): readonly HeldLease[] {
    return [...(this.#bySlot.get(slot)?.values() ?? [])].filter(({ alone }) => alone > now);
  }

  /** Samples that holders wait for who stand in nobody's way. */
  #beside(slot: string, now: number): number {
    let sum = 0;
    for (const { count, alone } of this.#bySlot.get(slot)?.values() ?? []) if (alone <= now) sum += count;
    return sum;
  }

  #refuse(held: HeldLease | undefined, verdict: LeaseVerdict): LeaseVerdict {
    if (held) this.#remove(held);
    return verdict;
  }

  #ownIn(slot: string, { holder, fence }: SlotAsk): HeldLease | undefined {
    const shown = fence === undefined ? undefined : this.#byFence.get(fence);
    if (shown?.slot === slot) return shown;
    return [...(this.#bySlot.get(slot)?.values() ?? [])].find((lease) => lease.holder === holder);
  }

  #lifeOf(slot: string, { least, most, within }: LeaseLife): number {
    const grown = Math.min(least * 2 ** (this.#unused.get(slot) ?? 0), most);
    return Math.floor(Math.min(grown, within === undefined ? grown : within * (1 - MARGIN)));
  }

  /** The lease with this fence, if it is in force. */
  find(fence: number, now: number): HeldLease | undefined {
    this.#expire(now);
    return this.#byFence.get(fence);
  }

  /** Samples leased out in a slot, by leases that stand in the way of others. */
  leasedOut(slot: string, now: number): number {
    this.#expire(now);
    return this.#alone(slot, now).reduce((sum, { count }) => sum + count, 0);
  }

  /** One sample was delivered under the lease. */
  spend(fence: number, now: number): void {
    const lease = this.find(fence, now);
    if (!lease) return;
    this.#unused.delete(lease.slot);
    if (lease.count > 1) this.#put({ ...lease, count: lease.count - 1 });
    else this.#remove(lease);
  }

  /** Its holder does not need it. */
  giveBack(fence: number, now: number): void {
    const lease = this.find(fence, now);
    if (lease) this.#remove(lease);
  }

  /** What has to be kept for a restart. */
  keep(now: number): KeptBook {
    this.#expire(now);
    const leases = [...this.#byFence.values()].map(({ until, alone, ...rest }) => ({
      ...rest,
      leftMs: until - now,
      aloneMs: Math.max(0, alone - now),
    }));
    return { lastFence: this.#lastFence, leases };
  }

  /** A book as it was kept. The time in between is not known and does not count: nobody loses a lease by a restart. */
  static restore({ lastFence, leases }: KeptBook, now: number): LeaseBook {
    const book = new LeaseBook();
    book.#lastFence = lastFence;
    for (const { leftMs, aloneMs, ...lease } of leases)
      book.#put({ ...lease, until: now + leftMs, alone: now + aloneMs });
    return book;
  }

  #put(lease: HeldLease): void {
    const inSlot = this.#bySlot.get(lease.slot) ?? new Map<number, HeldLease>();
    this.#bySlot.set(lease.slot, inSlot.set(lease.fence, lease));
    this.#byFence.set(lease.fence, lease);
    this.#nextEnd = Math.min(this.#nextEnd, lease.until);
  }

  #remove({ slot, fence }: HeldLease): void {
    const inSlot = this.#bySlot.get(slot);
    inSlot?.delete(fence);
    if (inSlot?.size === 0) this.#bySlot.delete(slot);
    this.#byFence.delete(fence);
  }

  #expire(now: number): void {
    if (now < this.#nextEnd) return;
    this.#nextEnd = Number.POSITIVE_INFINITY;
    for (const lease of [...this.#byFence.values()]) {
      if (lease.until > now) {
        this.#nextEnd = Math.min(this.#nextEnd, lease.until);
        continue;
      }
      this.#remove(lease);
      this.#noteUnused(lease.slot);
    }
  }

  #noteUnused(slot: string): void {
    const times = Math.min((this.#unused.get(slot) ?? 0) + 1, MAX_DOUBLINGS);
    this.#unused.delete(slot);
    this.#unused.set(slot, times);
    const [oldest] = this.#unused.keys();
    if (this.#unused.size > MAX_UNUSED && oldest !== undefined) this.#unused.delete(oldest);
  }
}
