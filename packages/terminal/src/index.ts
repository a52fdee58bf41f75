export { CommandError, explainPackages } from './command-error.ts';
export { confirm, type Dialogue } from './confirmation.ts';
export { ENGINE_HELP, isForTestsOnly, tellEngine } from './engine-notice.ts';
export { escapeUnprintable } from './escaping.ts';
export { EXIT, EXIT_CODE_HELP, type ExitCode } from './exit-codes.ts';
export { nextStopSignal, whenInterrupted } from './interrupt.ts';
export {
  readPrivateKey,
  readPublicKey,
  readSecretFile,
  writePublicFile,
  writeSecretFile,
} from './key-files.ts';
export { OutputFile } from './output-file.ts';
export { checkOutputPath, type OutputKind } from './output-path.ts';
export { runProgram, type Explain } from './program.ts';
export { createReporter, type EventFields, type Progress, type Reporter, type Streams } from './reporter.ts';
export { quoted } from './quoting.ts';
export { readTextFile } from './text-file.ts';
export { setInColumn, setInLines } from './text-lines.ts';
