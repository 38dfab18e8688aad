/**
 * A process of its own that starts conversations under a shared limit.
 *
 * Arguments: folder, host, starts a minute, number of starts, and `hold` to stop for ever with the lock in its hands.
 * Writes one line for each start: the moment at which it was claimed, as the ledger has it.
 */
import { conversationLimiter, SharedLedger } from '../../../src/clients/limiter/index.ts';
import { systemClock } from '../../../src/clients/system/index.ts';

const [folder = '', host = '', startsPerMinute = '', starts = '', hold = ''] = process.argv.slice(2);
const clock = systemClock();
let looked = 0;
const watched = {
  ...clock,
  now: () => {
    const now = clock.now();
    looked = now.getTime();
    return now;
  },
  sleep: (...given: Parameters<typeof clock.sleep>) => clock.sleep(...given),
};
const ledger = new SharedLedger(folder, host);
if (hold === 'hold') {
  await ledger.claim(() => {
    // The lock is held while the clock is read.
    process.stdout.write('holding\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return 0;
  }, 1);
}
const limiter = conversationLimiter({ startsPerMinute: Number(startsPerMinute), clock: watched, ledger });
for (let index = 0; index < Number(starts); index++) {
  await limiter.acquire();
  process.stdout.write(`${looked}\n`);
}
