import type { RunProgress } from 'gradelanes/jobs';

/** Shows how far a run is. */
export interface BulkProgressDisplay {
  show(progress: RunProgress): void;
  /** Writes a line of its own. */
  say(what: string): void;
  /** Takes the live line away. */
  end(): void;
}

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001B[2K';

/** One line that is rewritten on a terminal; plain lines in a pipe, one for every tenth of the answers. */
export function showBulkProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): BulkProgressDisplay {
  const startedAt = performance.now();
  let tenths = 0;
  return {
    show({ graded, failed, total = 0 }) {
      const done = graded + failed;
      const share = total === 0 ? 0 : done / total;
      const perSecond = Math.round(done / ((performance.now() - startedAt) / 1_000));
      const line = `${done} of ${total} answers, ${perSecond} a second`;
      const filled = Math.round(BAR_WIDTH * share);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      if (stream.isTTY) stream.write(`${CLEAR_LINE}${bar} ${line}`);
      else if (Math.floor(share * 10) > tenths) stream.write(`${line}\n`);
      tenths = Math.floor(share * 10);
    },
    say: (what) => void stream.write(`${stream.isTTY ? CLEAR_LINE : ''}${what}\n`),
    end: () => void (stream.isTTY && stream.write(CLEAR_LINE)),
  };
}
