/** A value inside an OData string literal, in a URL: quotes doubled, then percent-encoded. https://www.odata.org/documentation/odata-version-3-0/url-conventions/ */
export function odataLiteral(value: string): string {
  return `'${encodeURIComponent(value.replaceAll("'", "''")).replaceAll("'", '%27')}'`;
}

/** A value as XML text. Control characters can't stand in XML at all. */
export function xmlText(value: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that XML 1.0 does not allow
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value)) {
    throw new Error('A value for SharePoint holds a control character, which XML does not allow.');
  }
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
