/* global __dirname */
/** Loads as much of the app as is asked for, says how many ms it took, and ends: `node load-app.cjs <up to>`. */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const startedAt = performance.now();
const dist = join(__dirname, '../dist');
const [, , upTo] = process.argv;

const loadTriggers = () => {
  const folder = join(dist, 'functions');
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) require(join(folder, file));
};
const loadReceiving = async () => {
  require(join(dist, 'notifications/answer-notifications.js'));
  const { config, storage } = require(join(dist, 'services.js'));
  await Promise.all([config(), storage()]);
};
const loadApplying = async () => {
  require(join(dist, 'photos/handle-event.js'));
  await require(join(dist, 'services.js')).tenant();
};

(async () => {
  if (upTo !== 'empty') loadTriggers();
  if (upTo === 'notification' || upTo === 'photo') await loadReceiving();
  if (upTo === 'photo') await loadApplying();
  process.stdout.write(`loaded ${performance.now() - startedAt}\n`, () => process.exit(0));
})();
