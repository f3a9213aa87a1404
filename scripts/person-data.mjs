/**
 * What the app holds on one person, as JSON, or its erasure: `photosync person`, by the name it had before.
 *
 *   node scripts/person-data.mjs export <object id>
 *   node scripts/person-data.mjs erase <object id>
 *
 * Exit codes: 0 done, 1 nothing is held, 2 wrong use, 3 failed.
 */
process.argv.splice(2, 0, 'person');
await import('../dist/cli/photosync.js');
