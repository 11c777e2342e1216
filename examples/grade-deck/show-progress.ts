import type { GradingEvent, GradingProgress } from 'gradelanes';

/** Listeners that show how far a run is. */
export interface ProgressDisplay {
  readonly onProgress: (progress: GradingProgress) => void;
  readonly onEvent: (event: GradingEvent) => void;
  /** Takes the live line away. */
  end(): void;
}

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001B[2K';
/** In a pipe, a line after this many answers. */
const LINE_EVERY = 10;

/** One line that is rewritten on a terminal; a plain line now and then in a pipe. */
export function showProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>, total: number): ProgressDisplay {
  return stream.isTTY ? liveLine(stream, total) : plainLines(stream, total);
}

function liveLine(stream: Pick<NodeJS.WriteStream, 'write'>, total: number): ProgressDisplay {
  let completed = 0;
  let callsInFlight = 0;
  const draw = (): void => {
    const filled = Math.round((BAR_WIDTH * completed) / Math.max(1, total));
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    stream.write(`${CLEAR_LINE}${bar} ${completed} of ${total} answers, calls in flight: ${callsInFlight}`);
  };
  return {
    onProgress: (progress) => {
      completed = progress.completed;
      draw();
    },
    onEvent: ({ type }) => {
      if (type !== 'call-started' && type !== 'call-ended') return;
      callsInFlight += type === 'call-started' ? 1 : -1;
      draw();
    },
    end: () => {
      stream.write(CLEAR_LINE);
    },
  };
}

function plainLines(stream: Pick<NodeJS.WriteStream, 'write'>, total: number): ProgressDisplay {
  return {
    onProgress: ({ completed }) => {
      if (completed % LINE_EVERY === 0 || completed === total) stream.write(`${completed} of ${total} answers done\n`);
    },
    onEvent: () => {},
    end: () => {},
  };
}
