/** The fields of a server-sent event by their names: `event` and `data`. */
export type ServerEvent = Readonly<Record<string, string>>;

/**
 * Reads server-sent events as they arrive, however the stream is cut into chunks, in linear time. A parser for all of the
 * format would be half of this entry: the review routes send each field in one line.
 */
export async function* readEvents(body: ReadableStream<Uint8Array> | null): AsyncGenerator<ServerEvent> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let fields: Record<string, string> = {};
  try {
    for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
      const [first = '', ...others] = decoder.decode(read.value, { stream: true }).split('\n');
      pieces.push(first);
      for (const other of others) {
        const line = pieces.join('').trimEnd();
        const [name = ''] = line.split(':', 1);
        pieces = [other];
        if (line) fields[name] = line.slice(name.length + 1).trimStart();
        else {
          yield fields;
          fields = {};
        }
      }
    }
  } finally {
    void reader?.cancel().catch(() => {});
  }
}
