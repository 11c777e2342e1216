/** What the server saw of one request: the truth against which measured numbers are checked. */
export interface RecordedRequest {
  /** From 0, in the order of arrival. */
  index: number;
  /** When it arrived, in milliseconds on the scale of `performance.now()`. */
  at: number;
  /** When its response was sent or its connection closed; `undefined` while it is in flight. */
  endedAt?: number | undefined;
  /** `endedAt - at` */
  durationMs?: number | undefined;
  method: string;
  /** Without the query. */
  path: string;
  /** What follows the `?`, without it; empty where there is none. */
  query: string;
  /** Lower-case names; credentials are replaced by `[redacted]`. */
  headers: Readonly<Record<string, string>>;
  /** The parsed body; `undefined` if it was no JSON. */
  body: unknown;
  /** The keys of the answers in the prompt. */
  keys: readonly string[];
  /** The learners' texts, decoded, in the order of `keys`. */
  answers: readonly string[];
  /** The status sent; `'aborted'` if the connection ended before a whole response; `undefined` while in flight. */
  status?: number | 'aborted' | undefined;
}

/** The server's book of requests. */
export interface RequestBook {
  readonly requests: readonly RecordedRequest[];
  readonly inFlight: number;
  readonly peakInFlight: number;
  open(request: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'headers'>): RecordedRequest;
  close(record: RecordedRequest, status: number | 'aborted'): void;
  /** Forgets what was; requests in flight stay counted until they end. */
  reset(): void;
}

/** An empty book. */
export function createRequestBook(): RequestBook {
  let requests: RecordedRequest[] = [];
  let inFlight = 0;
  let peakInFlight = 0;
  return {
    get requests() {
      return requests;
    },
    get inFlight() {
      return inFlight;
    },
    get peakInFlight() {
      return peakInFlight;
    },
    open: (request) => {
      const at = performance.now();
      const record = { index: requests.length, at, ...request, body: undefined, keys: [], answers: [] };
      requests.push(record);
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
      return record;
    },
    close: (record, status) => {
      record.endedAt = performance.now();
      record.durationMs = record.endedAt - record.at;
      record.status = status;
      inFlight -= 1;
    },
    reset: () => {
      requests = [];
      peakInFlight = inFlight;
    },
  };
}
