/** Data goes to standard output, talk to standard error, so that the one can be piped while the other is read. */
export interface Output {
  /** One line of talk. */
  say(text: string): void;
  /** How far something is: on a terminal one line that is written over, elsewhere only from time to time. */
  progress(text: string): void;
  /** Data as it is. */
  write(text: string): Promise<void>;
  /** Data as JSON, or as text where that was asked for. */
  print(data: unknown, asText: () => string): Promise<void>;
}

export type OutputFormat = 'text' | 'json';

const progressEveryMs = 5000;

export function createOutput(
  format: OutputFormat,
  {
    stdout,
    stderr,
    now = () => performance.now(),
  }: { stdout: NodeJS.WritableStream; stderr: NodeJS.WriteStream; now?: () => number },
): Output {
  let isLineOpen = false;
  let toldAt = -Infinity;
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  return {
    say(text) {
      stderr.write(`${isLineOpen ? '\n' : ''}${text}\n`);
      isLineOpen = false;
    },
    progress(text) {
      if (stderr.isTTY) {
        stderr.write(`\r${text}\u001b[K`);
        isLineOpen = true;
      } else if (now() - toldAt >= progressEveryMs) {
        toldAt = now();
        stderr.write(`${text}\n`);
      }
    },
    write,
    print: (data, asText) => write(format === 'json' ? `${JSON.stringify(data, undefined, 2)}\n` : asText()),
  };
}
