import type { ServiceRole } from '../books';
import type { HostedRole, SimulatorSettings } from '../settings';

export const HOSTED_ROLES: readonly HostedRole[] = [
  'graph',
  'root',
  'mysite',
  'admin',
  'geo-mysite',
  'geo-admin',
];

/** What the ports are called: `https://localhost:<port>`, or the real host names they stand for. */
export class Origins {
  private readonly own = new Map<ServiceRole, string>();

  constructor(private readonly hosts: SimulatorSettings['hosts']) {}

  /** Once the port is known. */
  set(role: ServiceRole, origin: string): void {
    this.own.set(role, origin);
  }

  ownOf(role: ServiceRole): string {
    return this.own.get(role) ?? '';
  }

  real(role: HostedRole): string {
    return `https://${this.hosts[role]}`;
  }

  /** The naming a request used, by its Host header: then the URLs in the answer follow it. */
  namingOf(role: ServiceRole, host: string): (role: ServiceRole) => string {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    const real = role !== 'identity' && name === this.hosts[role];
    return (other) => (real && other !== 'identity' ? this.real(other) : this.ownOf(other));
  }

  /** The audiences a token for this port may have. */
  audiencesOf(role: HostedRole): string[] {
    return [this.ownOf(role), this.real(role)].filter(Boolean);
  }

  /** The role whose tokens a resource asks for; undefined when it is none of the tenant's. */
  roleOfResource(resource: string): HostedRole | undefined {
    return HOSTED_ROLES.find((role) => this.audiencesOf(role).includes(resource));
  }
}
