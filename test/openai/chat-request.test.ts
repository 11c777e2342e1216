import { describe, expect, test } from 'vitest';
import { chatRequest, chatWording } from '../../src/openai/chat-request.js';
import { responsesRequest } from '../../src/openai/responses-request.js';
import { modelRequest } from '../tools/model-call.js';

const OPENAI = 'https://api.openai.com/v1';
const AZURE = 'https://me.openai.azure.com/openai/v1';
const ANTHROPIC = 'https://api.anthropic.com/v1/';
const OLLAMA = 'http://localhost:11434/v1';
const request = modelRequest('because it is lighter', 'no idea');
const bodyAt = (baseUrl: string | undefined, options: object = {}) =>
  chatRequest(request, 'json_schema', chatWording({ model: 'm', ...options }, baseUrl));
const KEYS = /"key":\{"type":"string","enum":\["k1","k2"\]\}/;

describe('a chat request', () => {
  test.each([undefined, OPENAI, AZURE])(
    'at OpenAI (%s) leaves sampling to the model and the schema as it is',
    (baseUrl) => {
      const body = bodyAt(baseUrl);
      expect(body).not.toHaveProperty('temperature');
      expect(body).toHaveProperty('max_completion_tokens');
      expect(JSON.stringify(body)).not.toMatch(KEYS);
      expect(body.response_format).toMatchObject({ json_schema: { schema: request.schema } });
    },
  );

  test('at another server takes no chances and enumerates the keys', () => {
    const body = bodyAt(OLLAMA);
    expect(body).toMatchObject({ temperature: 0 });
    expect(body).toHaveProperty('max_tokens');
    expect(JSON.stringify(body)).toMatch(KEYS);
  });

  test('at Anthropic has no temperature, which its models reject', () => {
    expect(bodyAt(ANTHROPIC)).not.toHaveProperty('temperature');
  });

  test.each([OPENAI, ANTHROPIC, OLLAMA])('carries the temperature that is asked for (%s)', (baseUrl) => {
    expect(bodyAt(baseUrl, { temperature: 0.3 })).toMatchObject({ temperature: 0.3 });
  });
});

test('a Responses request carries a temperature only where one is asked for', () => {
  expect(responsesRequest(request, 'json_schema', { model: 'm' })).not.toHaveProperty('temperature');
  expect(responsesRequest(request, 'json_schema', { model: 'm', temperature: 0 })).toMatchObject({ temperature: 0 });
});
