// Writes protocol-spec/vectors/canaries.json: node protocol-spec/vectors/generate/canaries.ts
import { writeFileSync } from 'node:fs';
import { absentCanary, presentCanary } from '../../../packages/protocol/src/canaries.ts';

const canaries = [0, 1, 9, 63, 64, 9999].map((index) => ({
  comment: `canary ${index} of each kind`,
  index,
  present: presentCanary(index),
  present_hex: Buffer.from(presentCanary(index)).toString('hex'),
  absent: absentCanary(index),
  absent_hex: Buffer.from(absentCanary(index)).toString('hex'),
}));
const failures = [
  { comment: 'before the first', index: -1 },
  { comment: 'behind the last', index: 10_000 },
];

writeFileSync(
  new URL('../canaries.json', import.meta.url),
  `${JSON.stringify({ comment: 'Canary OPRF inputs; exchange.md, "Canaries"', canaries, failures }, null, 2)}\n`,
);
