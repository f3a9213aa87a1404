// @ts-check
/** Building and finding elements. Data only ever becomes text, never markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Finds what index.html is known to hold, and says so when it doesn't.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {Kind}
 */
export function find(selector, within = document) {
  const element = within.querySelector(selector);
  if (element === null) throw new Error(`index.html has no ${selector}`);
  return /** @type {Kind} */ (element);
}

/**
 * @param {string} id of a <template>
 * @returns {DocumentFragment}
 */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (find(`#${id}`)));
  return /** @type {DocumentFragment} */ (template.content.cloneNode(true));
}

/** @param {string} name of a symbol in icons.svg */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Writes only what differs, so that nothing blinks and no screen reader hears the same twice.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
