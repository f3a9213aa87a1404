import type { z } from 'zod';

const longestShown = 40;

/**
 * What is wrong with a setting, as a sentence for an admin.
 * @param given the settings as text. What they hold is told only where it helps and can be nothing but a slip: of a
 * list, like PILOT_USERS, only the place of the wrong entry is told, which may be somebody's address, and of a URL
 * nothing, which may hold a key.
 */
export function describeProblem(issue: z.core.$ZodIssue, given: Record<string, string>): string {
  const [name = '', entry] = issue.path.map(String);
  const value = given[name];
  if (value === undefined) return `${name}: is not set.`;
  if (issue.code === 'invalid_format' && issue.format === 'url') return `${name}: is not a URL.`;
  const shown = value.length > longestShown ? `${value.slice(0, longestShown)}…` : value;
  const what = entry === undefined ? `"${shown}"` : `entry ${String(Number(entry) + 1)}`;
  return `${name}: ${what} ${predicate(issue)}.`;
}

function predicate(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `is not one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'is not a whole number' : 'is not a number';
    case 'too_big':
      return `is more than the most allowed, ${String(issue.maximum)}`;
    case 'too_small':
      return issue.inclusive === false
        ? `is not more than ${String(issue.minimum)}`
        : `is less than the least allowed, ${String(issue.minimum)}`;
    case 'invalid_format':
      if (issue.format === 'guid') return 'is not a GUID';
  }
  return `can't be used: it ${issue.message}`;
}
