/** What is timed, in the order of the table; GUIDE.md, "Benchmarks", says what each is. */
export const OPERATIONS = [
  'decode',
  'multiply',
  'encode',
  'evaluate',
  'hashToGroup',
  'fixedBase',
  'blind',
  'proveChunk',
  'verifyChunk',
  'finalize',
  'encodeSet',
] as const;
export type Operation = (typeof OPERATIONS)[number];
