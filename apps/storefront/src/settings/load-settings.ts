import { buildTimeSettings } from './build-time';
import { mergeSettings, type Settings } from './settings';

/**
 * Asks the server that serves the shop. Without a `/config.json` the build's own settings hold, as on a plain file server;
 * an answer that cannot be had or read is an error, since signing in at the wrong place helps nobody.
 */
export async function loadSettings(): Promise<Settings> {
  const known = buildTimeSettings(import.meta.env);
  const answer = await fetch('/config.json');
  const isJson = answer.headers.get('content-type')?.includes('json');
  if (answer.status === 404 || (answer.ok && !isJson)) return known;
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`);
  return mergeSettings(known, await answer.json());
}
