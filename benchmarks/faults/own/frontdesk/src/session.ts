import { turnedAway } from './http-error.ts';

const YEAR = 2026;

/** Who is at the desk. */
export class Session {
  static of(cookie: string | undefined): Session {
    const [user, year] = String(cookie ?? '').split(':');
    const session = new Session(user ?? '', Number(year));
    return session.#checked();
  }

  readonly user: string;
  readonly year: number;

  constructor(user: string, year: number) {
    this.user = user;
    this.year = year;
  }

  #checked(): this {
    if (this.user === '') throw turnedAway(401, 'no user in the cookie');
    //+ const left = YEAR - this.year;
    if (this.year < YEAR) throw turnedAway(401, `${this.user} was here in ${this.year}`);
    return this;
  }

  get initials(): string {
    return this.user
      .split(' ')
      .map(([first]) => first.toUpperCase())
      .join('');
  }
}
