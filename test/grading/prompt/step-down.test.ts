import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { gradeAnswer } from 'gradelanes';
import { openaiProvider } from 'gradelanes/openai';
import { mockServer } from 'gradelanes/testing-server';
import { objectOf } from '../../../src/json/untyped-json.js';

const answer = { question: { prompt: 'Why does ice float?' }, answer: 'it is less dense' };

describe('after a structured reply of which nothing can be read', () => {
  test.each(['', ' \n', 'Full marks!', '{"results":', '[]'])('the one re-ask is in plain text: %j', async (text) => {
    await using server = await mockServer({ script: [{ text }, {}] });
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test' });
    const result = await gradeAnswer(answer, { provider: openaiProvider(client, { model: 'm' }) });
    expect(result).toMatchObject({ status: 'graded', attempts: 2 });
    const [first, second] = server.requests.map(({ body }) => objectOf(body));
    expect(first).toHaveProperty('response_format');
    expect(second).not.toHaveProperty('response_format');
    expect(JSON.stringify(second)).toMatch(/Reply with one JSON object that fits this JSON Schema/);
  });

  test('the next answer is asked under the schema again', async () => {
    await using server = await mockServer({ script: [{ text: '' }, {}, {}] });
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test' });
    const provider = openaiProvider(client, { model: 'm' });
    for (const text of ['one', 'two']) await gradeAnswer({ ...answer, answer: text }, { provider });
    const isHeld = server.requests.map(({ body }) => 'response_format' in objectOf(body));
    expect(isHeld).toEqual([true, false, true]);
  });
});
