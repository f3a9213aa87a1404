const stops = new Set();

/** Has `stop` called at the end of a part, however that comes: the part is done, it failed, or Ctrl-C was pressed. */
export function stopAtEnd(stop) {
  stops.add(stop);
}

/** The latest first, so that nothing loses what it rests on. */
export async function stopAll() {
  for (const stop of [...stops].reverse()) {
    stops.delete(stop);
    await stop();
  }
}
