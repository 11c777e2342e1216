import { describe, expect, test } from 'vitest';
import { ProviderError, type GradingProvider } from 'gradelanes';
import { auditGrader, compareRuns, evaluateGrader, type MarkedAnswer, toHtml, toMarkdown } from 'gradelanes/evaluate';

const hostile = `</dd></main><script>alert("1")</script><img src=x onerror='alert(2)'>\u0000\u202e${'long'.repeat(130)}`;
const about = { grader: 'some <grader>', dataset: 'some "data"', date: new Date('2026-03-01T10:00:00Z') };

/** Takes its score from the end of the answer. */
const reader: GradingProvider = {
  grade: async (items) =>
    items.map(({ id, answer }) => {
      const score = Number(answer.slice(answer.lastIndexOf(' ')));
      if (score > 1) throw new ProviderError('refused', 'declined');
      return { id, score, confidence: 0.55 + score / 3, rationale: hostile };
    }),
};

function marked(score: number, ...humanScores: [number, ...number[]]): MarkedAnswer {
  const question = { prompt: `Why? ${hostile}`, referenceAnswers: [`So. ${hostile}`] };
  return { id: `<i>${score}`, question, answer: `${hostile} ${score}`, humanScores };
}

async function report(dataset: readonly MarkedAnswer[], guards = false): Promise<string> {
  const evaluation = await evaluateGrader(reader, dataset, {
    grading: { guards },
    bootstrap: { samples: 50 },
  });
  return toHtml(evaluation, { ...about, answers: dataset });
}

const twice = Array.from({ length: 24 }, (_, index) => marked((index % 5) / 4, (index % 4) / 3, (index % 3) / 2));

describe('toHtml of an evaluation', () => {
  test('is a page that needs nothing from anywhere and runs nothing', async () => {
    const page = await report([...twice, marked(2, 1)]);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(
      /<(?:script|img|link|iframe|object|foreignObject)\b|<[^>]*\son\w+=|url\(|@import|https?:/i,
    );
  });

  test('shows hostile texts as texts, cut to a readable length', async () => {
    const page = await report(twice);
    const tags = [...page.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/gi)].map(([, , name = '']) => name);
    expect(tags.filter((name) => name === 'script' || name === 'img')).toEqual([]);
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('long'.repeat(110));
    expect(page).toContain('some &lt;grader&gt;');
  });

  test('opens and closes every element in order', async () => {
    const open: string[] = [];
    for (const [, slash, name = '', rest = ''] of (await report(twice)).matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/gi)) {
      if (name === 'meta' || rest.endsWith('/')) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('says in words what its pictures show, for who does not see them', async () => {
    const page = await report(twice);
    const pictures = [...page.matchAll(/<svg[^>]*>/g)].map(([tag]) => tag);
    expect(pictures.length).toBeGreaterThan(5);
    const unnamed = pictures.filter((tag) => !/aria-hidden="true"|role="img" aria-label(?:ledby)?="[^"]+"/.test(tag));
    expect(unnamed).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const referred = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' '));
    expect(new Set(ids).size).toBe(ids.length);
    expect(referred.filter((id) => !ids.includes(id))).toEqual([]);
    expect(page).toContain('Where a person gave 0, the grader gave');
    expect(page).toContain('Weighted kappa: grader ');
  });

  test('tells counts of failures and reviews apart from the figures', async () => {
    const page = await report([marked(1, 1), marked(0, 1), marked(2, 1)], true);
    expect(page).toContain('1 of 3, in no figure');
    expect(page).toContain('<b class="flag">sent to review</b>');
    expect(page).toMatch(/<span>refused<\/span><b>1<\/b>/);
  });

  test('is no surer in words than the figures are', async () => {
    expect(await report([])).toContain('These answers are too few or too alike to tell.');
    expect(
      await report(twice.map(({ humanScores: [first], ...rest }) => ({ ...rest, humanScores: [first] }))),
    ).toContain('A second person’s marks would tell how much that is.');
    const same = Array.from({ length: 40 }, (_, index) =>
      marked(index % 2, index % 2, index % 4 === 0 ? 1 : index % 2),
    );
    expect(await report(same)).toContain('More than people agree with each other.');
    const off = same.map((each, index) => ({
      ...each,
      humanScores: [(index + 1) % 2, (index + 1) % 2] as [number, number],
    }));
    expect(await report(off)).toContain('Less than people agree with each other.');
  });

  test('holds no figure that is none', async () => {
    const pages = await Promise.all([report([]), report([marked(1, 1)]), report([marked(2, 1)]), report(twice)]);
    for (const page of pages) expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

describe('tables of a report', () => {
  const evaluated = (dataset: readonly MarkedAnswer[]) =>
    evaluateGrader(reader, dataset, { grading: { guards: false }, bootstrap: { samples: 20 } });

  test('markdown has the figures, and keeps hostile texts one cell of text', async () => {
    const text = toMarkdown(await evaluated(twice), { title: 'Nightly @team' });
    expect(text).toMatch(/^## Nightly &#64;team\n/);
    expect(text).toContain('### Agreement');
    expect(text).toMatch(/\| Same verdict \| 0\.\d\d \| 0\.\d\d to \d\.\d\d \|/);
    expect(text).not.toMatch(/<script|<img|\u202e|https?:\/\//);
    // Every line of a table has the cells of its head.
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test('a comparison tells what changed, as markdown and as a page', async () => {
    const before = await evaluated(twice);
    const after = await evaluated(twice.map((each) => ({ ...each, answer: `${String(each.answer).slice(0, -1)}1` })));
    const comparison = compareRuns(before, after);
    const text = toMarkdown(comparison);
    expect(text.startsWith(comparison.message.slice(0, 12))).toBe(true);
    expect(text).toContain('### Side by side');
    expect(text).toMatch(/\| Calls \| \d+ \| \d+ \|/);
    const page = toHtml(comparison, about);
    expect(page).toContain('some &lt;grader&gt;, before and after');
    expect(page).not.toMatch(/<(?:script|img)\b/);
  });

  test('an audit tells what was exposed', async () => {
    const answers = twice.map(({ question, answer }) => ({ question, answer: `plain ${String(answer).slice(-4)}` }));
    const constant = { grade: async (items: readonly { id: string }[]) => items.map(({ id }) => ({ id, score: 1 })) };
    const audit = await auditGrader(constant, answers, { kinds: ['negation', 'padding'] });
    expect(toMarkdown(audit)).toContain('Exposed: negation');
    expect(toHtml(audit, about)).toContain('<h1>Audit of some &lt;grader&gt;</h1>');
  });

  test('a page shows criteria and questions', async () => {
    const rubric = { criteria: [{ id: 'cause', description: 'names the cause' }] };
    const byCriterion: GradingProvider = {
      grade: async (items) => items.map(({ id }) => ({ id, criteria: [{ id: 'cause', score: 1 }] })),
    };
    const dataset = ['a', 'b'].map((id): MarkedAnswer => ({
      ...{ question: { id, prompt: 'Why?', rubric }, answer: 'so', humanScores: [1], humanCriteria: { cause: 1 } },
    }));
    const page = toHtml(await evaluateGrader(byCriterion, dataset), { answers: dataset });
    expect(page).toContain('<h2>Criteria</h2>');
    expect(page).toContain('<h2>Questions</h2>');
  });
});
