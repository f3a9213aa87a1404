import type { Deployment } from '../../src/cli/deployment';
import { rightsOf } from '../../src/cli/rights';

const values = {
  IDENTITY_PRINCIPAL_ID: '7d2e3f70-05c8-4b1f-8a4c-6e8f9b0d1c23',
  IDENTITY_CLIENT_ID: '8e3f4a80-16d9-4c2a-9b5d-7f9a0c1e2d34',
  SHAREPOINT_TENANT: 'contoso',
};
const deployment = (changes: Deployment['values']): Deployment => ({
  ...{ app: 'func-photos', resourceGroup: 'rg-photos', subscriptionId: undefined, storage: undefined },
  values: { ...values, ...changes },
});

describe('What rights are left is not asked', () => {
  it.each(
    Object.keys(values).flatMap((name) => [
      { name, value: undefined },
      { name, value: ' ' },
    ]),
  )('where $name is "$value": nothing found would pass for nothing left', ({ name, value }) => {
    expect(() => rightsOf(deployment({ [name]: value }))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(`Without ${name} in`) }),
    );
  });

  it('otherwise it is, and the script decides', () => {
    expect(rightsOf(deployment({}))).toBeInstanceOf(Function);
  });
});
