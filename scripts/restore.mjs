/**
 * Has the pictures of before this app put back: `photosync restore`, by the name it had before.
 *
 *   npm run restore -- <object id> …        for these people
 *   npm run restore -- --all                for everybody whose picture is the app's
 *   npm run restore -- --list               only tells how things stand
 *
 * --json prints JSON instead of a table; --wait <seconds> is how long to wait for the app (60 unless given).
 */
const given = process.argv.slice(2).flatMap((arg) => (arg === '--json' ? ['--output', 'json'] : [arg]));
process.argv.splice(2, process.argv.length, 'restore', ...given);
await import('../dist/cli/photosync.js');
