import { z } from 'zod';
import { ControlProblem } from './control-problem';
import { jsonBody, type ControlRoute } from './control-route';
import type { TenantParts } from './tenant-parts';

const GROUP = '[0-9a-fA-F-]{36}';
const ids = z
  .array(z.guid().transform((id) => id.toLowerCase()))
  .max(1_000_000)
  .default([]);

const groupSchema = z.strictObject({
  displayName: z.string().min(1).max(200).default('A group'),
  /** People. */
  members: ids,
  /** Groups inside it. */
  groups: ids,
  /** Its members are shown only to who has Member.Read.Hidden. */
  hidden: z.boolean().default(false),
});

export function groupRoutes({ books, changed }: TenantParts): ControlRoute[] {
  const idOf = (params: string[]) => (params[0] ?? '').toLowerCase();
  return [
    { method: 'GET', path: /^groups$/, run: () => ({ json: [...books.groups.values()] }) },
    {
      method: 'PUT',
      path: new RegExp(`^groups/(${GROUP})$`),
      run: (request) => {
        const id = idOf(request.params);
        const group = { id, ...jsonBody(request, groupSchema) };
        books.groups.set(id, group);
        changed();
        return { json: group };
      },
    },
    {
      method: 'DELETE',
      path: new RegExp(`^groups/(${GROUP})$`),
      run: ({ params }) => {
        if (!books.groups.delete(idOf(params))) throw new ControlProblem(404, 'There is no such group.');
        changed();
        return { json: { deleted: true } };
      },
    },
  ];
}
