/** Bodies of notifications as Graph posts them for a subscription, about so many people each, one group after another. */
export function notificationBodies({ id, clientState }, tenantId, personIds, itemsEach) {
  const items = personIds.map((personId) => ({
    changeType: 'updated',
    clientState,
    resource: `Users/${personId}`,
    resourceData: { '@odata.type': '#Microsoft.Graph.User', '@odata.id': `Users/${personId}`, id: personId },
    subscriptionExpirationDateTime: '2099-01-01T00:00:00+00:00',
    subscriptionId: id,
    tenantId,
  }));
  const bodies = [];
  for (let first = 0; first + itemsEach <= items.length; first += itemsEach) {
    bodies.push(JSON.stringify({ value: items.slice(first, first + itemsEach) }));
  }
  return bodies;
}
