import { textName } from '../corpus-file.ts';

/** Gathers the texts that cases name, each once. */
export class TextCollector {
  readonly #texts = new Map<string, string>();

  /** Keeps a text and gives the name that a case refers to it by. */
  keep(text: string): string {
    const name = textName(text);
    this.#texts.set(name, text);
    return name;
  }

  /** In the order of their names, so that a collection does not change with the order of its runs. */
  get texts(): ReadonlyMap<string, string> {
    return new Map([...this.#texts].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}
