import { createHash } from 'node:crypto';
import type { SimulatorClock } from '../books';
import type { GrantedRoles } from '../identity';
import { resources, type Resource } from './role-catalogue';

/** A role that the app's identity holds, as Graph shows it. */
export interface Assignment {
  id: string;
  appRoleId: string;
  createdDateTime: string;
  resource: Resource;
}

/**
 * The roles of the app's identity as assignments in the directory: the same roles that its next tokens carry. What was
 * made a moment ago may not be everywhere yet; that is not remembered beyond a run.
 */
export class AppRoleAssignments {
  private identityMadeAt: number;
  private readonly madeAt = new Map<string, number>();
  private readonly openedAt: number;

  constructor(
    private readonly roles: GrantedRoles,
    private readonly clock: SimulatorClock,
    private readonly replicationMs: number,
    private readonly changed: () => void,
  ) {
    this.openedAt = clock.now();
    this.identityMadeAt = this.openedAt - replicationMs;
  }

  /** As if the identity had been made in Azure right now. */
  identityIsNew(): void {
    this.identityMadeAt = this.clock.now();
  }

  get knowsIdentity(): boolean {
    return this.clock.now() - this.identityMadeAt >= this.replicationMs;
  }

  /** Those that a reader is shown by now. */
  list(): Assignment[] {
    return this.all().filter(({ id }) => {
      const madeAt = this.madeAt.get(id);
      return madeAt === undefined || this.clock.now() - madeAt >= this.replicationMs;
    });
  }

  has(resource: Resource, appRoleId: string): boolean {
    return this.all().some((one) => one.resource === resource && one.appRoleId === appRoleId);
  }

  add(resource: Resource, role: { id: string; value: string }): Assignment {
    this.roles[resource.name] = [...this.roles[resource.name], role.value];
    this.madeAt.set(idOf(resource, role.id), this.clock.now());
    this.changed();
    return this.toAssignment(resource, role.id);
  }

  /** @returns whether there was one. */
  remove(id: string): boolean {
    const found = this.all().find((one) => one.id === id);
    if (found === undefined) return false;
    const { name, roles } = found.resource;
    const value = roles.find((role) => role.id === found.appRoleId)?.value;
    this.roles[name] = this.roles[name].filter((role) => role !== value);
    this.madeAt.delete(id);
    this.changed();
    return true;
  }

  private all(): Assignment[] {
    return resources.flatMap((resource) =>
      resource.roles
        .filter(({ value }) => this.roles[resource.name].includes(value))
        .map(({ id }) => this.toAssignment(resource, id)),
    );
  }

  private toAssignment(resource: Resource, appRoleId: string): Assignment {
    const id = idOf(resource, appRoleId);
    const createdDateTime = new Date(this.madeAt.get(id) ?? this.openedAt).toISOString();
    return { id, appRoleId, createdDateTime, resource };
  }
}

const idOf = (resource: Resource, appRoleId: string): string =>
  createHash('sha256').update(`${resource.id} ${appRoleId}`).digest('base64url');
