// Tries the library on a real model, any server or model file: npm run live -- --help
import { isGradingOptionsError } from 'gradelanes';
import { UsageError } from './grade-deck/usage-error.ts';
import { readArguments, usage } from './live/read-arguments.ts';
import { renderMarkdown } from './live/render-live-report.ts';
import { openTarget, runLive } from './live/run-live.ts';

try {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else {
    const target = await openTarget(options);
    const report = await runLive(options, target, console.error);
    console.log(renderMarkdown(report));
    await target.close();
    if (report.rows.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UsageError) && !isGradingOptionsError(error)) throw error;
  console.error(`${error.message}\nAll options: npm run live -- --help`);
  process.exitCode = 2;
}
