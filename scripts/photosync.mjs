#!/usr/bin/env node
// What `npx photosync` runs in a clone: npm starts a package's own program as it lies there, and what is compiled is not executable.
await import('../dist/cli/photosync.js');
