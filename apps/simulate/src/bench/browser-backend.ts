import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright';

// A page from localhost is a secure context, which WebGPU needs; the route answers it without a server.
const address = 'http://localhost/bench';
const debianChromium = '/usr/bin/chromium';

function chromiumPath(): { executablePath?: string } {
  const path = process.env['CHROMIUM_PATH'] ?? debianChromium;
  return existsSync(path) ? { executablePath: path } : {};
}

/** Runs a bench on WebGPU in a headless Chromium; without an adapter the result says so. */
export async function runInBrowser(name: string, pairs: number): Promise<unknown> {
  const entry = fileURLToPath(new URL('browser-entry.ts', import.meta.url));
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    target: 'es2023',
    write: false,
    logLevel: 'error',
  });
  const browser = await chromium.launch({
    ...chromiumPath(),
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.route(address, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
    );
    await page.goto(address);
    await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
    const result: unknown = await page.evaluate(`runBench(${JSON.stringify(name)}, ${pairs})`);
    return result ?? { backend: 'webgpu', skipped: 'this browser has no WebGPU adapter' };
  } finally {
    await browser.close();
  }
}
