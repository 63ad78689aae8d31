// `npm run demo`: hub, web application and a crowd of simulated participants on embedded defaults.
// See `npm run demo -- --help`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies, requireNode, root } from './setup.mjs';
import { buildWeb } from './build.mjs';

const usage = `Usage: npm run demo [-- options]

Starts the hub and the web application, seeds one federation (customer inquiries of a fictional company,
to be routed to departments), lets simulated participants train in it for real, prints the addresses and
runs until Ctrl+C. Everything it stores is in a temporary folder that goes with it.

  --port N          port of the hub (default 8720; 0 takes a free one, as --headless does)
  --clients N       simulated participants at the start (default 8)
  --rounds N        rounds (default 10); the noise is calibrated so that the run ends within epsilon
  --epsilon E|none  privacy budget of each participant (default 8)
  --method M        ffa-lora (default), lora, fedsvd, fedlpp or zeroth-order
  --seed TEXT       fixes everything but the privacy noise (default demo)
  --open            opens the contribute page in the browser
  --headless        opens nothing and ends after the last round
  --json            with --headless: one JSON object as the last line of standard output
  --help
`;

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const PASSED_ON = ['rounds', 'clients', 'epsilon', 'method', 'seed'];
// Standard output of tools goes to standard error: ours is for addresses and the result.
const quietly = ['ignore', 2, 2];
const STUCK_MS = 10 * 60_000;
const children = new Set();
let dataDir = null;

/** Ends the demonstration with an exit status, leaving neither processes nor files behind. */
async function end(status) {
  const running = [...children];
  const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of running) child.kill('SIGTERM');
  await Promise.race([Promise.all(ended), sleep(5_000)]);
  for (const child of children) child.kill('SIGKILL');
  if (dataDir !== null) rmSync(dataDir, { recursive: true, force: true });
  process.exit(status);
}

async function fail(message, status = 1) {
  console.error(message);
  await end(status);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: text,
        ...Object.fromEntries(PASSED_ON.map((name) => [name, text])),
        open: flag,
        headless: flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
      allowPositionals: false,
    });
    if (values.json && !values.headless) throw new Error('--json goes with --headless only');
    return values;
  } catch (error) {
    console.error(`error: ${error.message}\nTry --help.`);
    process.exit(2);
  }
}

/** Runs a TypeScript program that ends with this one, even where this one is killed. */
function start(name, args, stdio) {
  const loader = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const leash =
    'data:text/javascript,process.once("disconnect",()=>process.kill(process.pid,"SIGTERM"))';
  const program = join(root, 'apps', name, 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', loader, '--import', leash, program, ...args], {
    cwd: root,
    stdio: [...stdio, 'ipc'],
    env: { LOG_LEVEL: 'warn', ...demoEnvironment() },
  });
  children.add(child);
  child.once('exit', (code, signal) => {
    children.delete(child);
    if (!isEnding) {
      isEnding = true;
      // 2: it was called wrongly, by an option of ours, and has said so.
      void fail(
        `The ${name} ended unexpectedly (${signal ?? `exit status ${code}`}).`,
        code === 2 ? 2 : 1,
      );
    }
  });
  return child;
}

let isEnding = false;
function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      void end(signal === 'SIGINT' ? 0 : 128);
    });
  }
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
}

// What sets up a hub for real use. A public address or a certificate of that hub would lead the crowd somewhere else.
const hubSettings =
  /^(PORT|HOST|DATA_DIR|PUBLIC_URL|OPERATOR|TRUSTED_PROXIES|SELF_SIGNED|WEB_DIR|MODEL_DIRS|MAX_FRAME_BYTES|(TLS|ADMIN|METRICS)_.*|.*_PER_(TEN_SECONDS|SESSION|MINUTE))$/;
const demoEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !hubSettings.test(name)));

/** Starts the hub; resolves with its addresses once it listens. */
async function startHub(options) {
  const port = options.port ?? (options.headless ? '0' : '8720');
  // A settings file of its own, so that the hub.config.json of a real hub beside it plays no part.
  const config = join(dataDir, 'settings.json');
  writeFileSync(config, '{}');
  const args = ['--demo', '--port', port, '--data-dir', dataDir, '--config', config];
  for (const name of PASSED_ON) {
    if (options[name] !== undefined) args.push(`--${name}`, options[name]);
  }
  const hub = start('hub', args, ['ignore', 'pipe', 'inherit']);
  const lines = createInterface({ input: hub.stdout });
  for await (const line of lines) {
    const signIn = /^Admin sign-in.*: (https?:\S+)$/.exec(line)?.[1];
    if (signIn === undefined) continue;
    hub.stdout.resume();
    const handover = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
    return { ...handover, signIn };
  }
  // The hub has ended; what it said stands above, and the exit handler ends the rest.
  return new Promise(() => undefined);
}

/** Starts the crowd; resolves with the name of the backend that it trains on once it takes part. */
function startCrowd({ url, inviteToken, seed }) {
  const args = ['--hub', url, '--invite', inviteToken, '--seed', seed];
  const crowd = start('crowd', args, quietly);
  return new Promise((resolve) => {
    crowd.on('message', (news) => {
      if (news.kind === 'started') resolve(news.backend);
    });
  });
}

async function request(url, init) {
  const response = await fetch(url, init);
  const body = await response.json();
  if (!response.ok) throw new Error(`${url}: ${body.reason}: ${body.detail}`);
  return body;
}

async function signIn({ url, signIn: link }) {
  const token = new URL(link).hash.slice(1);
  const session = await request(`${url}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'sign-in', token }),
  });
  return { authorization: `Bearer ${session.token}` };
}

const completedOf = (record) => record.rounds.filter(({ state }) => state === 'completed');
const percent = (fraction) => (fraction === null ? '–' : `${(100 * fraction).toFixed(1)} %`);

function sayRounds(record, from) {
  for (const round of completedOf(record).slice(from)) {
    const epsilon = round.epsilon === null ? '' : `, ε ${round.epsilon.toFixed(3)}`;
    const counts = `${round.accepted} updates, ${round.rejected} rejected`;
    console.error(
      `round ${round.round}: ${counts}, accuracy ${percent(round.evalAccuracy)}${epsilon}`,
    );
  }
}

/** Follows the federation until it has finished all its rounds. */
async function untilFinished(hub, headers) {
  let seen = 0;
  let changedAtMs = Date.now();
  for (;;) {
    const record = await request(`${hub.url}/api/federations/${hub.federationId}`, { headers });
    sayRounds(record, seen);
    if (completedOf(record).length > seen) changedAtMs = Date.now();
    seen = completedOf(record).length;
    if (record.phase === 'stopped') return record;
    if (Date.now() - changedAtMs > STUCK_MS) {
      throw new Error(`no round was completed within ${STUCK_MS / 60_000} minutes`);
    }
    await sleep(500);
  }
}

/** What the run measured. Accuracies are fractions, losses nats, byte counts those of socket and HTTP. */
function report(record, backend) {
  const completed = completedOf(record);
  const last = completed.at(-1);
  if (last === undefined) throw new Error('the federation ended before it completed a round');
  const { settings } = record;
  const epsilons = completed.map(({ epsilon }) => epsilon).filter((value) => value !== null);
  return {
    federation: settings.name,
    method: settings.wire.download.startsWith('codebook-') ? 'fedlpp' : settings.method,
    baseModel: settings.baseModelId,
    backend,
    clients: record.clients.length,
    rounds: completed.map((round) => ({
      round: round.round,
      accepted: round.accepted,
      rejected: round.rejected,
      bytesUp: round.bytesUp,
      bytesDown: round.bytesDown,
      seconds: (round.endedAtMs - round.startedAtMs) / 1_000,
      evalLoss: round.evalLoss,
      evalAccuracy: round.evalAccuracy,
      epsilon: round.epsilon,
    })),
    evalBefore: record.evalAccuracyBefore,
    evalAfter: last.evalAccuracy,
    evalLossBefore: record.evalLossBefore,
    evalLossAfter: last.evalLoss,
    epsilon: epsilons.length === 0 ? null : Math.max(...epsilons),
    delta: settings.privacy?.delta ?? null,
    bytesUpPerUpdate: Math.round(last.bytesUp / (last.accepted + last.rejected)),
    bytesDownPerClient: Math.round(last.bytesDown / last.selected),
  };
}

function openBrowser(address) {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[
    process.platform
  ] ?? ['xdg-open'];
  spawn(program, [...args, address], { stdio: 'ignore', detached: true }).on('error', () =>
    console.error('No browser could be opened.'),
  );
}

function sayAddresses({ url, inviteUrl, signIn: link }) {
  console.log(`
Roundtable demonstration at ${url}

  Contribute (any number of people)        ${inviteUrl}
  Dashboard (once, within 15 minutes)      ${link}

Simulated participants are getting ready; they are labelled as such. Ctrl+C ends everything.
`);
}

async function main() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  requireNode();
  ensureDependencies({ stdio: quietly });
  const status = buildWeb({ stdio: quietly });
  if (status !== 0) process.exit(status);
  stopOnSignals();
  dataDir = mkdtempSync(join(tmpdir(), 'roundtable-demo-'));
  const hub = await startHub(options);
  if (!options.headless) sayAddresses(hub);
  if (options.open && !options.headless) openBrowser(hub.inviteUrl);
  const backend = await startCrowd(hub);
  if (!options.headless) {
    console.log('The simulated participants take part.');
    return; // the hub and the crowd keep this process alive
  }
  const record = await untilFinished(hub, await signIn(hub));
  isEnding = true;
  const result = report(record, backend);
  console.log(options.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
  await end(0);
}

main().catch((error) => {
  isEnding = true;
  void fail(`error: ${error.message}`);
});
