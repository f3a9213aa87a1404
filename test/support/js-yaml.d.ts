/** What the tests use of https://github.com/nodeca/js-yaml, which brings no types. */
declare module 'js-yaml' {
  /** @throws where the text is no YAML, or has a key twice. */
  export function safeLoad(text: string): unknown;
}
