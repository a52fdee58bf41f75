/** A program that waits for a signal, for interrupt.test.ts. It runs from the built package, as real programs do. */
import { nextStopSignal, runProgram, whenInterrupted } from '@blindmatch/terminal';
import { Command } from 'commander';

const program = new Command('prog');
const wait = async (): Promise<void> => {
  process.stdout.write('ready\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
};
program.command('wait').action(wait);
program.command('keep').action(async () => {
  whenInterrupted('The request is kept.');
  await wait();
});
program.command('stop').action(async () => {
  const stopped = nextStopSignal();
  process.stdout.write('ready\n');
  const idle = setInterval(() => undefined, 60_000);
  await stopped;
  clearInterval(idle);
});

process.exitCode = await runProgram(program, process.argv.slice(2), () => undefined);
