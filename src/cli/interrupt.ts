/** Ctrl-C as a wish that a command can grant in order: it ends where its results are whole, and says so. */

/** Notes Ctrl-C, so that a run can end in order; a second one ends the process at once. */
export function watchInterrupt(): { requested: boolean; stop: () => void } {
  const state = { requested: false, stop: () => {} };
  const onSignal = () => {
    if (state.requested) process.exit(130);
    state.requested = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  state.stop = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  return state;
}
