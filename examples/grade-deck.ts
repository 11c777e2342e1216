// Grades the deck of deck.ts and shows what came out: npm run demo, or node examples/grade-deck.ts --help
import { isGradingOptionsError } from 'gradelanes';
import { gradeDeck } from './grade-deck/grade-deck.ts';
import { readArguments, usage } from './grade-deck/read-arguments.ts';
import { UsageError } from './grade-deck/usage-error.ts';

try {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else await gradeDeck(options);
} catch (error) {
  if (!(error instanceof UsageError) && !isGradingOptionsError(error)) throw error;
  console.error(`${error.message}\nAll options: npm run demo -- --help`);
  process.exitCode = 2;
}
