import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const source = join(__dirname, '../../src');

/** The types of an event's fields by their names, as TypeScript sees them; one entry for each place that logs it. */
export type LoggedFields = Map<string, Record<string, string>[]>;

/** What the shipped code logs for these events, from its calls `log.info('event', { … })`. Takes some seconds of CPU. */
export function loggedFields(events: readonly string[]): LoggedFields {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(simulator|cli)/.test(file))
    .map((file) => join(source, file))
    .filter((file) => mentions(readFileSync(file, 'utf8'), events));
  const program = ts.createProgram(files, { strict: true, noEmit: true, types: [] });
  const checker = program.getTypeChecker();
  const found: LoggedFields = new Map();
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !/\blog\.(debug|info|warn|error)$/.test(node.expression.getText()))
      return;
    const [event, fields] = node.arguments;
    if (!event || !fields) return;
    const types = checker.getTypeAtLocation(fields).getProperties();
    const typeOf = (field: ts.Symbol) => checker.typeToString(checker.getTypeOfSymbol(field));
    const byName = Object.fromEntries(types.map((field) => [field.getName(), typeOf(field)]));
    // It may choose between two events.
    for (const [, name] of event.getText().matchAll(/'([\w-]+)'/g)) {
      found.set(name!, [...(found.get(name!) ?? []), byName]);
    }
  };
  for (const file of files) visit(program.getSourceFile(file)!);
  return found;
}

const mentions = (text: string, events: readonly string[]) =>
  events.some((event) => text.includes(`'${event}'`));
