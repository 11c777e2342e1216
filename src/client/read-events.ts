/** One server-sent event. */
export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Reads server-sent events as they arrive, however the stream is cut into chunks. A parser for all of the format would be
 * half of this entry; the review routes send the two fields read here.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += decoder.decode(read.value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      // What follows the last blank line is not complete yet.
      text = blocks.pop() ?? '';
      for (const block of blocks) yield { event: field(block, 'event'), data: field(block, 'data') };
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function field(block: string, name: string): string {
  const lines = block.split(/\r?\n/).filter((line) => line.startsWith(`${name}:`));
  return lines.map((line) => line.slice(name.length + 1).trimStart()).join('\n');
}
