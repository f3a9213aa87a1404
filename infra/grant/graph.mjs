import { OutOfReach, Refused } from './problems.mjs';

const timeoutMs = 30_000;
const longestPatienceSeconds = 60;
const mostTries = 5;
const mostPages = 100;

/**
 * Graph v1.0 with a token that was handed to us. Throttled and failed requests are tried again.
 * @returns `request`, which gives the body of an answer, and `list`, which gives all entries of all pages.
 */
export function createGraph({ graphUrl, token, sleep }) {
  async function send(method, path, body) {
    const response = await fetch(`${graphUrl}/v1.0${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new OutOfReach(`${graphUrl} can't be reached: ${error.cause?.code ?? error.message}`);
    });
    const text = await response.text();
    const answer = jsonOf(text);
    if (response.ok) return { answer };
    const { code = '', message = text.slice(0, 200) } = answer?.error ?? {};
    const wait = Number(response.headers.get('retry-after')) || 2;
    return { refused: new Refused(response.status, `${response.status} ${code}: ${message}`), wait };
  }

  /** @throws Refused, OutOfReach */
  async function request(method, path, body) {
    for (let tries = 1; ; tries++) {
      const { answer, refused, wait } = await send(method, path, body);
      if (!refused) return answer;
      const isPassing = refused.status === 429 || refused.status >= 500;
      if (!isPassing || tries === mostTries || wait > longestPatienceSeconds) throw refused;
      await sleep(wait * 1000);
    }
  }

  async function list(path) {
    const entries = [];
    for (let pages = 0, next = path; next !== undefined; pages++) {
      const page = await request('GET', next);
      entries.push(...page.value);
      const link = page['@odata.nextLink'];
      // The token goes to Graph only, whatever a page says.
      if (pages === mostPages || (link && !link.startsWith(`${graphUrl}/v1.0/`))) {
        throw new OutOfReach('Graph names a next page that is not followed.');
      }
      next = link?.slice(`${graphUrl}/v1.0`.length);
    }
    return entries;
  }

  return { request, list };
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
