import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { binary, root } from './shop.js';

/** Two authorization servers, two gateways and twice the services on one PostgreSQL, behind HAProxy with TLS. */
export interface ManyMachines {
  readonly origin: string;
  /** Chromium's flags to take the test certificate's key, and no other, for good. */
  readonly trust: string[];
  /** `kill -9` of a node, such as `auth1`. */
  down(node: string): Promise<void>;
  up(node: string): Promise<void>;
  close(): Promise<void>;
}

export async function startManyMachines(): Promise<ManyMachines> {
  const linden = binary();
  const program = join(dirname(linden), 'many-machines');
  if (!existsSync(program)) throw new Error('there is no many-machines: run `cargo build --workspace --bins --tests`');
  const child = spawn(program, [linden, join(root, 'crates/linden/demo/shop.toml')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error('many-machines ended');
    return value;
  };
  const command = async (line: string): Promise<void> => {
    child.stdin.write(`${line}\n`);
    await next();
  };
  const { origin, spki } = JSON.parse(await next()) as { origin: string; spki: string };
  return {
    origin,
    trust: [`--ignore-certificate-errors-spki-list=${spki}`],
    down: node => command(`down ${node}`),
    up: node => command(`up ${node}`),
    close: () =>
      new Promise(done => {
        if (child.exitCode !== null) return done();
        child.once('exit', () => done());
        child.stdin.end();
      }),
  };
}
