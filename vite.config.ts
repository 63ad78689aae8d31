import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

import { referenceFiles } from './packages/transformer/src/testing/reference-command.ts';

const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const propertySeed = fileURLToPath(new URL('scripts/property-seed.ts', import.meta.url));
const webGpuArguments = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export default defineConfig({
  root: 'apps/web',
  publicDir: '../../public',
  plugins: [react()],
  worker: { format: 'es' },
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2023', manifest: true },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8720',
      '/models': 'http://127.0.0.1:8720',
      '/socket.io': { target: 'http://127.0.0.1:8720', ws: true },
    },
  },
  test: {
    projects: [
      {
        test: {
          name: 'node',
          root: '.',
          setupFiles: [propertySeed],
          environment: 'node',
          include: [
            'packages/**/*.test.ts',
            'apps/**/*.test.ts',
            'apps/**/*.test.tsx',
            'scripts/**/*.test.ts',
          ],
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            '**/*.browser.test.ts',
            '**/*.slow.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        publicDir: 'public',
        // Found in the middle of a run, they would reload the page under a test.
        optimizeDeps: {
          include: [
            '@huggingface/tokenizers',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
            '@tensorflow/tfjs-core',
          ],
        },
        test: {
          name: 'browser',
          root: '.',
          include: ['packages/**/*.browser.test.ts', 'apps/**/*.browser.test.ts'],
          testTimeout: 180_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { referenceFiles },
            provider: playwright({
              launchOptions: { executablePath: chromium, args: webGpuArguments },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
