import { parseObject, textAt } from '../../util/json.ts';
import { isGenerated, type Credentials, type Secrets } from '../http/redact.ts';
import { mostTold, pageSize, type Store } from './store.ts';

/** The secrets of keys that were issued at any replica, which each hides, and that no replica has made up. */
export class IssuedSecrets {
  readonly #store: Store;
  readonly #secrets: Secrets;
  readonly #known = new Map<string, Credentials>();
  #read = '-';
  #reading: Promise<boolean> = Promise.resolve(false);
  #next: Promise<boolean> | undefined;

  constructor(store: Store, secrets: Secrets) {
    this.#store = store;
    this.#secrets = secrets;
  }

  /** Tells the other replicas. @throws Away */
  async tell(keys: readonly Credentials[]): Promise<void> {
    const fresh = keys.filter((key) => !isGenerated(key.clientSecret) && !this.#known.has(nameOf(key)));
    await Promise.all(
      fresh.map(async ({ clientId, clientSecret }) => {
        await this.#store.tell(JSON.stringify({ clientId, clientSecret }));
        this.#keep({ clientId, clientSecret });
      }),
    );
  }

  /** Gets to know those of the others, as they are after the call. Whether there was one. @throws Away */
  learn(): Promise<boolean> {
    // Those who ask while it is being read share what is read next.
    this.#next ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return (this.#reading = this.#learn());
      });
    return this.#next;
  }

  async #learn(): Promise<boolean> {
    let isNew = false;
    for (;;) {
      const told = await this.#store.told(this.#read);
      for (const [id, text] of told) {
        const key = parseObject(text) ?? {};
        const [clientId, clientSecret] = [textAt(key, 'clientId'), textAt(key, 'clientSecret')];
        if (clientId !== undefined && clientSecret !== undefined) {
          isNew = this.#keep({ clientId, clientSecret }) || isNew;
        }
        this.#read = `(${id}`;
      }
      if (told.length < pageSize) return isNew;
    }
  }

  #keep(key: Credentials): boolean {
    const name = nameOf(key);
    if (this.#known.has(name)) return false;
    this.#secrets.add(key);
    this.#known.set(name, key);
    for (const [oldest, each] of this.#known) {
      if (this.#known.size <= mostTold) break;
      this.#known.delete(oldest);
      this.#secrets.remove([each]);
    }
    return true;
  }
}

function nameOf({ clientId, clientSecret }: Credentials): string {
  return JSON.stringify([clientId, clientSecret]);
}
