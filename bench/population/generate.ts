// `pnpm population` is the program in make.ts.
import './make.ts';
