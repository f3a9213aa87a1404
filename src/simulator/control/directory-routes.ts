import { z } from 'zod';
import { adminTools, directoryRoleIds, type AdminTool, type DirectoryRole } from '../directory/signed-in';
import { jsonBody, type ControlRoute } from './control-route';
import type { TenantParts } from './tenant-parts';

const adminSchema = z.strictObject({
  role: z.enum(Object.keys(directoryRoleIds) as [DirectoryRole]).optional(),
  tool: z.enum(Object.keys(adminTools) as [AdminTool]).default('azure-cli'),
});

/** What an admin does in Entra and in SharePoint. */
export function directoryRoutes(parts: TenantParts): ControlRoute[] {
  const { books, assignments } = parts;
  return [
    {
      method: 'POST',
      path: /^admin-token$/,
      run: (request) => {
        const { role, tool } = jsonBody(request, adminSchema);
        const roles = role === undefined ? [] : [directoryRoleIds[role]];
        const { appId, scopes } = adminTools[tool];
        const token = parts.tokens.issueToAdmin(parts.origins.real('graph'), appId, {
          directoryRoles: roles,
          scopes,
        });
        parts.issuedTokens.add(token);
        return { json: { token } };
      },
    },
    {
      method: 'POST',
      path: /^identity-made$/,
      run: () => {
        assignments.identityIsNew();
        return { json: { knowsIdentity: assignments.knowsIdentity } };
      },
    },
    {
      method: 'GET',
      path: /^site-permissions$/,
      run: () => ({
        json: [books, ...(books.geo ? [books.geo] : [])].flatMap(({ mySiteUrl, permissions }) =>
          permissions.map(({ appId, roles }) => ({ mySiteUrl, appId, roles })),
        ),
      }),
    },
  ];
}
