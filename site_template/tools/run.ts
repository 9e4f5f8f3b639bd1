// How every tool talks to Python: one JSON request on stdin, one JSON answer as the last line on stdout.
// Exit codes: 0 answered; 3 the request or the file it names is at fault; 70 a bug.
import { readFileSync } from 'node:fs';

/** A fault of the input, told in one sentence. */
export class Refused extends Error {}

export async function run<Request, Answer>(work: (request: Request) => Promise<Answer>): Promise<void> {
  try {
    const answer = await work(JSON.parse(readFileSync(0, 'utf8')) as Request);
    process.stdout.write(`\n${JSON.stringify(answer)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof Refused) && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = error instanceof Refused ? 3 : 70;
  }
}
