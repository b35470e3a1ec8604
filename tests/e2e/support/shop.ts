import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { telling } from './secrets.js';

/**
 * A running `linden dev` with a data directory of its own. It logs all it can, and at its end none of that may be what the
 * browsers of these tests kept secret.
 */
export interface Shop {
  readonly origin: string;
  /** All that it printed on stdout. */
  readonly printed: readonly string[];
  /** Ctrl-C, and the exit code that follows. */
  interrupt(): Promise<number | null>;
  /** Ends it and, unless the data is kept, removes the data directory. */
  close(): Promise<void>;
}

export const ANNA = { username: 'anna', password: 'meadow lantern ferry' };
export const BEN = { username: 'ben', password: 'copper kettle harbour' };

export const root = resolve(import.meta.dirname, '../../..');

export function binary(): string {
  const found = [process.env.LINDEN_BINARY, join(root, 'target/debug/linden'), join(root, 'target/release/linden')];
  const path = found.find(candidate => candidate && existsSync(candidate));
  if (!path) throw new Error('there is no linden to test: run `cargo build -p linden`, or set LINDEN_BINARY');
  return path;
}

export function newDataDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'linden-e2e-'));
}

export async function startShop(options: { data?: string; port?: number; args?: string[] } = {}): Promise<Shop> {
  const kept = options.data !== undefined;
  const data = options.data ?? newDataDirectory();
  const args = ['dev', '--listen', `127.0.0.1:${options.port ?? 0}`, '--data-dir', data, ...(options.args ?? [])];
  const env = { ...process.env, LINDEN_LOG: 'trace', LINDEN__LOG__FORMAT: 'json' };
  const child = spawn(binary(), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // A test that fails half-way leaves no server behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const printed: string[] = [];
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => complaints.push(line));
  const origin = await ready(child, printed, complaints);
  const stop = (signal: NodeJS.Signals) =>
    new Promise<number | null>(done => {
      if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode);
      child.once('close', code => done(code));
      child.kill(signal);
    }).then(code => {
      // What is said to whoever sits at the terminal, the demo's passwords, is no object.
      const told = telling(complaints.filter(line => line.startsWith('{')));
      if (told.length > 0) throw new Error(`secrets are logged:\n${told.join('\n')}`);
      return code;
    });
  return {
    origin,
    printed,
    interrupt: () => stop('SIGINT'),
    async close() {
      await stop('SIGTERM');
      if (!kept) rmSync(data, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess, printed: string[], complaints: string[]): Promise<string> {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`not ready after 60 s:\n${complaints.join('\n')}`)), 60_000);
    child.once('exit', code => failed(new Error(`linden ended with ${code}:\n${complaints.join('\n')}`)));
    if (!child.stdout) return failed(new Error('no stdout'));
    createInterface({ input: child.stdout }).on('line', line => {
      printed.push(line);
      const origin = /^linden ready at (http:\/\/\S+)$/.exec(line)?.[1];
      if (origin) {
        clearTimeout(late);
        done(origin);
      }
    });
  });
}
