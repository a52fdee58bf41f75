import { describe, it } from 'vitest';
import type { Engine } from '../src/engine.ts';
import { agreementChecks } from './agreement-checks.ts';

/** Random and adversarial batches, on which an engine agrees with the reference engine. */
export function describeAgreement(engine: Engine): void {
  describe(`engine ${engine.name} as the reference engine`, () => {
    it.each(agreementChecks(engine))('$name', ({ check }) => {
      check();
    });
  });
}
