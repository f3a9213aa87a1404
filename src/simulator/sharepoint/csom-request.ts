/**
 * The XML that a ProcessQuery request carries: actions, done in their order, on the objects that the object paths
 * describe. https://learn.microsoft.com/openspecs/sharepoint_protocols/ms-csom/fd645da2-fa28-4daa-b3cd-8f4e506df117
 */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { invalidQuery } from './errors';

const NAMESPACE = 'http://schemas.microsoft.com/sharepoint/clientquery/2009';

export interface CsomMethod {
  kind: 'method';
  id: number;
  name: string;
  objectPathId: string;
  parameters: (string | null)[];
}

export interface CsomObjectPathAction {
  kind: 'object-path';
  id: number;
  objectPathId: string;
}

export type CsomAction = CsomMethod | CsomObjectPathAction;

export interface CsomRequest {
  actions: CsomAction[];
  /** The type that each constructor among the object paths makes, by the path's id; in braces, lower case. */
  constructedTypes: Map<string, string>;
}

/** An element as the parser gives it when it keeps the order: its name holds its children, `:@` its attributes. */
interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

type RawNode = Record<string, RawNode[]> & { ':@'?: Record<string, string>; '#text'?: string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

function toElements(nodes: RawNode[]): Element[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text' && !key.startsWith('?'));
    if (name === undefined) return [];
    const inner = node[name] ?? [];
    const text = inner.map((child) => child['#text'] ?? '').join('');
    return [{ name, attributes: node[':@'] ?? {}, children: toElements(inner), text }];
  });
}

const childrenOf = (element: Element | undefined, name: string): Element[] =>
  element?.children.find((child) => child.name === name)?.children ?? [];

function readParameter({ attributes, text }: Element): string | null {
  return attributes['Type'] === 'Null' ? null : text;
}

function readAction(element: Element): CsomAction {
  const { Id: id, ObjectPathId: objectPathId, Name: name } = element.attributes;
  if (!id || !/^\d+$/.test(id) || !objectPathId)
    throw invalidQuery(`The action ${element.name} is not valid.`);
  if (element.name === 'ObjectPath') return { kind: 'object-path', id: Number(id), objectPathId };
  if (element.name !== 'Method' || !name) throw invalidQuery(`The action ${element.name} is not supported.`);
  const parameters = childrenOf(element, 'Parameters').map(readParameter);
  return { kind: 'method', id: Number(id), name, objectPathId, parameters };
}

/** Throws a `SharePointError` for what isn't such a request. A DTD is refused unread. */
export function readCsomRequest(body: Buffer): CsomRequest {
  const xml = body.toString('utf8').replace(/^\uFEFF/, '');
  if (/<!DOCTYPE/i.test(xml))
    throw invalidQuery('For security reasons DTD is prohibited in this XML document.');
  const checked = XMLValidator.validate(xml);
  if (checked !== true) throw invalidQuery(`The request is not well-formed XML. ${checked.err.msg}`);
  const roots = toElements(parser.parse(xml) as RawNode[]);
  const [root] = roots;
  if (roots.length !== 1 || root?.name !== 'Request' || root.attributes['xmlns'] !== NAMESPACE) {
    throw invalidQuery('The request is not a client query.');
  }
  const constructors = childrenOf(root, 'ObjectPaths').filter(({ name }) => name === 'Constructor');
  return {
    actions: childrenOf(root, 'Actions').map(readAction),
    constructedTypes: new Map(
      constructors.map(({ attributes }) => [
        attributes['Id'] ?? '',
        (attributes['TypeId'] ?? '').toLowerCase(),
      ]),
    ),
  };
}
