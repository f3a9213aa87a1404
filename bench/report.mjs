import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.mjs';

const file = fileURLToPath(new URL('results.md', import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);

/** Collects figures, says each as soon as it is known, and writes them all down in the end. */
export function createReport() {
  const rows = [];
  const describe = describeMachine();
  return {
    begin: (part) => say(part),
    say: (text) => say(`  … ${text}`),
    /** @param {{ target: string, isMet: boolean } | undefined} goal */
    add(figure, value, goal) {
      const met = goal ? (goal.isMet ? 'met' : 'not met') : '';
      rows.push([figure, value, goal?.target ?? '', met]);
      say(`  ${figure}: ${value}${goal ? ` (${goal.target}: ${met})` : ''}`);
    },
    table: () => table(rows),
    verdict() {
      const missed = rows.filter(([, , , met]) => met === 'not met').map(([figure]) => figure);
      return missed.length === 0 ? 'Every target is met.' : `Not met: ${missed.join('; ')}.`;
    },
    /** @returns where. */
    async write() {
      const about = describe().map((line) => `- ${line}`);
      const parts = ['# Measured by `npm run bench`', about.join('\n'), table(rows)];
      await writeFile(file, `${parts.join('\n\n')}\n`);
      return file;
    },
  };
}

/** In Markdown, its columns in line. */
function table(rows) {
  const lines = [['figure', 'measured', 'target', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const toText = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = toText(widths.map((width) => '-'.repeat(width)));
  return [toText(lines[0]), rule, ...rows.map(toText)].join('\n');
}
