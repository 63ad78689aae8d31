import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Security headers of every answer. The page is cross-origin isolated, runs scripts of its own origin only and talks
 * to its own origin only.
 * @param security plain: no upgrade of requests. self-signed: no HSTS, which would forbid to accept the certificate.
 */
export async function installHeaders(
  app: FastifyInstance,
  security: 'plain' | 'self-signed' | 'certified',
): Promise<void> {
  await app.register(helmet, {
    strictTransportSecurity: security === 'certified' ? { maxAge: 15_552_000 } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        // Same-origin ws and wss are covered by 'self' in every browser that has WebGPU or wasm SIMD.
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // Mantine writes its color scheme variables into a style element.
        styleSrc: ["'self'", "'unsafe-inline'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: security === 'certified' ? [] : null,
      },
    },
  });
}
