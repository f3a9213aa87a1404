import type { NotificationItem } from './notification-item';

/** What goes out in one POST. */
export interface Group {
  items: NotificationItem[];
  personIds: string[];
}

/** Puts together what is raised within one turn of the event loop, so many items a POST at most. */
export class Gathering {
  private readonly byUrl = new Map<string, Group[]>();

  constructor(private readonly send: (url: string, group: Group) => void) {}

  add(url: string, item: NotificationItem, personId: string | undefined, largest: number): void {
    if (this.byUrl.size === 0) {
      setImmediate(() => {
        this.flush();
      });
    }
    const groups = this.byUrl.get(url) ?? [];
    this.byUrl.set(url, groups);
    let group = groups.at(-1);
    if (group === undefined || group.items.length >= largest) {
      group = { items: [], personIds: [] };
      groups.push(group);
    }
    group.items.push(item);
    if (personId !== undefined) group.personIds.push(personId);
  }

  get size(): number {
    return this.byUrl.size;
  }

  private flush(): void {
    const gathered = [...this.byUrl];
    this.byUrl.clear();
    for (const [url, groups] of gathered) for (const group of groups) this.send(url, group);
  }
}
