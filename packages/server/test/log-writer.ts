import { createLog } from '../src/log.ts';

/* A program that logs more than may wait for a destination that takes nothing, and says that it lived. */

const log = createLog();
for (let line = 0; line < 2000; line++) {
  log.info('request accepted', { connection: line, requester: 'Requesting Agency' });
  if (line % 100 === 0) await new Promise(setImmediate);
}
process.stdout.write('went on');
