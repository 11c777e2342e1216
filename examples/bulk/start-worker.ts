import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a worker process is told. */
export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly modelUrl: string;
  readonly slots: number;
  readonly requestsPerMinute?: number | undefined;
}

/** Starts a worker process; resolves once it is at work. */
export async function startWorker(name: string, settings: WorkerSettings): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [fileURLToPath(new URL('worker.ts', import.meta.url))], {
    env: {
      ...process.env,
      WORKER: name,
      DATABASE_URL: settings.databaseUrl,
      MODEL_URL: settings.modelUrl,
      SLOTS: String(settings.slots),
      ...(settings.requestsPerMinute !== undefined && { REQUESTS_PER_MINUTE: String(settings.requestsPerMinute) }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${String(code)} before it was at work`);
  });
  await Promise.race([once(worker.stdout, 'data'), ended]);
  ended.catch(() => {});
  return worker;
}
