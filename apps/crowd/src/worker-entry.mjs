// A thread does not inherit the TypeScript loader of the thread that starts it (Node 20): it registers its own.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
