// Answers at once with one verdict, in both vendors' protocols.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [, key] = /<answer key=\\?"([^"\\]*)/.exec(Buffer.concat(chunks).toString()) ?? [];
    const verdict = {
      key,
      why: 'Names the lower density.',
      feedback: 'Right: ice is less dense than water.',
      levels: [5],
      confidence: 90,
      flags: [],
    };
    const text = JSON.stringify({ results: [verdict] });
    const body = JSON.stringify(request.url.endsWith('/messages') ? message(text) : completion(text));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'request-id': 'req_1',
      'x-request-id': 'req_1',
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));

function message(text) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-5-5',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 300, output_tokens: 60 },
  };
}

function completion(content) {
  return {
    id: 'chatcmpl_1',
    object: 'chat.completion',
    model: 'gpt-6-luna',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 300, completion_tokens: 60, total_tokens: 360 },
  };
}
