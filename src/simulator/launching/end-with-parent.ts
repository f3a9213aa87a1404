/**
 * Preloaded into every child process of the local tenant: when whoever started it is gone, even by SIGKILL, the channel
 * between them closes and the child ends as if asked to. Nothing is left running, and no port stays taken.
 */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
