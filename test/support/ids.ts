/** Made-up ids, so that a test names whom it is about. */
export const tenantId = '6f1b7c52-0d43-4a8e-9c1d-2b7e5a90c3d4';
export const otherTenantId = '11111111-2222-4333-8444-555555555555';
export const alex = '5a0c8d3e-7b21-4f69-8e0a-1c2d3e4f5a6b';
export const bea = 'b7e4d1a0-3c95-4e12-9f68-0a1b2c3d4e5f';

/** As many different object ids as asked for. */
export function personIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index.toString(16).padStart(12, '0');
    return `${number.slice(-8)}-0000-4000-8000-${number}`;
  });
}
