const lookAt = /\/users\/([^/]+)\/photo$/;
const lastFileOf = /m365-(.{36})_LThumb/;

/**
 * Looks at photos, told apart by what came before: the first after a person's files were written is the one that makes
 * sure of them, and belongs to the write. All others were taken because of a notification.
 * @param requests as the simulator counted them, in their order.
 */
export function countLooks(requests) {
  const byPerson = new Map();
  const written = new Set();
  let afterWriting = 0;
  for (const { path } of requests) {
    const writtenId = lastFileOf.exec(path)?.[1];
    if (writtenId !== undefined) written.add(writtenId);
    const id = lookAt.exec(path)?.[1];
    if (id === undefined) continue;
    if (written.delete(id)) afterWriting += 1;
    else byPerson.set(id, (byPerson.get(id) ?? 0) + 1);
  }
  const counts = [...byPerson.values()];
  return { looks: counts.reduce((sum, count) => sum + count, 0), most: Math.max(...counts), afterWriting };
}
