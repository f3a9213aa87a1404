/** The local tenant's control API, as far as measuring needs it. */
export function createControl(pageUrl) {
  const send = async (method, path, body) => {
    const response = await fetch(`${pageUrl}/_sim/${path}`, {
      method,
      headers: { 'x-sim': '1', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} /_sim/${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const notifications = (since = 0) => send('GET', `notifications?since=${since}`);
  return {
    users: () => send('GET', 'users?top=100000'),
    user: (id) => send('GET', `users/${id}`),
    addUsers: (count) => send('POST', 'users', { count, kind: 'ordinary' }),
    changePhoto: (id, drawing, notify) =>
      send('PUT', `users/${id}/photo?drawing=${encodeURIComponent(drawing)}&notify=${notify}`),
    /** Has the tenant draw all sizes of the present photo, so that nobody waits for it later. */
    drawAll: (id) => send('GET', `users/${id}/renditions`),
    /** Notifications without a change, so many items a POST. */
    notify: (personIds, batch) => send('POST', 'notify', { personIds, batch }),
    setFaults: (faults) => send('PUT', 'faults', faults),
    subscriptions: () => send('GET', 'subscriptions'),
    requests: (since) => send('GET', `requests?since=${since}`),
    lastRequest: async () => (await send('GET', 'state')).lastRequest,
    notifications,
    lastNotification: async () => (await notifications()).at(-1)?.n ?? 0,
  };
}
