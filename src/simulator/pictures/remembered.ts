/** Remembers what is costly to make, up to a number of entries; those not asked for longest go first. */
export class Remembered<Value> {
  private readonly entries = new Map<string, Promise<Value>>();

  constructor(private readonly limit: number) {}

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    if (known !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known;
    }
    const made = make();
    this.entries.set(key, made);
    made.catch(() => this.entries.delete(key));
    if (this.entries.size > this.limit) {
      const [oldest] = this.entries.keys();
      if (oldest !== undefined) this.entries.delete(oldest);
    }
    return made;
  }
}
