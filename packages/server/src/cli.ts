import { start } from '@blindmatch/terminal/start';

await start(() => import('./main.ts'));
