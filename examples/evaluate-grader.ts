// Evaluates a grader on answers that people have marked and writes a report to look at:
// npm run evaluate -- [FILE.jsonl], or node examples/evaluate-grader.ts --help
import { isGradingOptionsError } from 'gradelanes';
import { evaluateFile } from './evaluate-grader/evaluate-file.ts';
import { readArguments, usage } from './evaluate-grader/read-arguments.ts';
import { UsageError } from './grade-deck/usage-error.ts';

try {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else await evaluateFile(options);
} catch (error) {
  if (!(error instanceof UsageError) && !isGradingOptionsError(error)) throw error;
  console.error(`${error.message}\nAll options: npm run evaluate -- --help`);
  process.exitCode = 2;
}
