// Khronos' glTF-Validator over GLBs. Request {glbs}; answer {reports}: of each {errors, warnings, infos, hints, messages}.
import { readFileSync } from 'node:fs';
import { run } from './run';
import { type Report, reportOf } from './validator';

interface Request {
  /** Paths of the GLBs. */
  glbs: string[];
}

await run(async ({ glbs }: Request) => {
  const reports: Report[] = [];
  for (const glb of glbs) reports.push(await reportOf(readFileSync(glb)));
  return { reports };
});
