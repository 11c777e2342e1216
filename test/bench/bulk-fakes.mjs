// Clients of both vendors that keep of a batch only the ids of its requests, and answer its rows when they are read.

export function anthropicFake() {
  const { batches, open } = book();
  return {
    post: async (_path, { body }) => ({ id: await open(body) }),
    messages: {
      batches: {
        retrieve: async () => ({ processing_status: 'ended', request_counts: {} }),
        results: async (id) =>
          anyOrder(batches.get(id), (customId, outcome) => ({
            custom_id: customId,
            result: {
              replied: {
                type: 'succeeded',
                message: { content: [{ type: 'text', text: replyTo(customId) }], stop_reason: 'end_turn' },
              },
              expired: { type: 'expired' },
              errored: { type: 'errored', error: { type: 'error', error: { type: 'api_error' } } },
            }[outcome],
          })),
        list: async function* () {},
        cancel: async () => ({}),
      },
    },
  };
}

export function openaiFake() {
  const { batches, open } = book();
  const files = new Map();
  return {
    files: {
      create: async ({ file }) => {
        const id = await open(file);
        files.set(id, file.size);
        return { id };
      },
      content: async (id) => ({ body: ReadableStream.from(encoded(anyOrder(batches.get(id), openaiRow))) }),
    },
    batches: {
      create: async ({ input_file_id: id }) => ({ id }),
      retrieve: async (id) => ({ status: 'completed', request_counts: {}, output_file_id: id }),
      list: async function* () {},
      cancel: async () => ({}),
    },
  };
}

function openaiRow(customId, outcome) {
  const body = {
    replied: {
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_text', text: replyTo(customId) }] }],
    },
    errored: { error: { type: 'server_error' } },
  }[outcome];
  return {
    custom_id: customId,
    response: body === undefined ? null : { status_code: outcome === 'replied' ? 200 : 500, body },
    error: outcome === 'expired' ? { code: 'batch_expired' } : null,
  };
}

function book() {
  const batches = new Map();
  const open = async (file) => {
    const ids = await idsIn(file);
    const id = `batch-${batches.size}`;
    batches.set(id, ids);
    return id;
  };
  return { batches, open };
}

/** Reads the document as a stream: the text of a whole one would be memory that the library never took. */
async function idsIn(file) {
  const ids = [];
  let rest = '';
  for await (const text of file.stream().pipeThrough(new TextDecoderStream())) {
    rest += text;
    // Copied: a part of a string keeps the whole of it.
    for (const [, id] of rest.matchAll(/"custom_id":"([\w-]+)"/g)) ids.push(Buffer.from(id).toString());
    rest = rest.slice(Math.max(rest.lastIndexOf('"custom_id"') + 1, rest.length - 100));
  }
  return ids;
}

async function* anyOrder(ids, write) {
  const step = ids.length % 7 === 0 ? 11 : 7;
  for (let count = 0, at = 0; count < ids.length; count++, at = (at + step) % ids.length) {
    const index = indexOf(ids[at]);
    yield write(ids[at], index % 50 === 3 ? 'expired' : index % 70 === 7 ? 'errored' : 'replied');
  }
}

async function* encoded(rows) {
  const encoder = new TextEncoder();
  for await (const row of rows) yield encoder.encode(`${JSON.stringify(row)}\n`);
}

/** The key stands in the id. */
function replyTo(customId) {
  const [key] = customId.split('_').slice(-2);
  return JSON.stringify({ results: [{ key, levels: [indexOf(customId) % 6], confidence: 90 }] });
}

function indexOf(customId) {
  const [index] = customId.split('_').slice(-3);
  return Number.parseInt(index, 36);
}
