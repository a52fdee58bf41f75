import type { WordTable } from './word-table.ts';

/** Generational suffixes. JR and 2ND are different people as often as not, so they are not folded together. */
export const GENERATIONS: WordTable = {
  JR: ['JUNIOR', 'JNR'],
  SR: ['SENIOR', 'SNR'],
  '2ND': ['II'],
  '3RD': ['III'],
  '4TH': ['IV'],
};

/** Titles, cut where they begin a given name. */
export const TITLES: readonly string[] = ['MR', 'MRS', 'MS', 'MISS', 'DR', 'PROF', 'REV', 'HON'];
