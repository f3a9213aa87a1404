import { join } from 'node:path';
import { startHostProcess } from '../../src/simulator/launching/host-process';
import { eventually } from '../support/eventually';

// A host is a process of its own.
jest.setTimeout(30_000);

const text = 'sam.birch@contoso.com sent Bearer abc.def to https://contoso-my.sharepoint.com/sam';
const clean = '[person] sent Bearer [secret] to https://contoso-my.sharepoint.com/…';

it('What a function throws reaches the log without names and secrets, and the caller not at all', async () => {
  const host = await startHostProcess({
    port: 0,
    folder: join(__dirname, 'fixtures/leaking'),
    environment: { ...process.env, TEXT: text },
  });
  try {
    const response = await fetch(`${host.url}/api/answer`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([500, '']);
    await fetch(`${host.url}/admin/functions/tick`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    for (const name of ['answer', 'tick']) {
      const { message } = await eventually(`${name} is in the log`, () =>
        host.logs.find((line) => line.level === 'error' && line.function === name),
      );
      expect(message).toContain(`TypeError: ${clean}\n    at `);
      expect(message).toContain('functions.cjs:');
    }
    expect(JSON.stringify(host.logs)).not.toMatch(/birch|abc\.def/);
  } finally {
    await host.stop();
  }
});
