// Khronos' glTF-Validator over one GLB. Request {glb}; answer {errors, warnings, infos, hints, messages}.
import { readFileSync } from 'node:fs';
import { validateBytes } from 'gltf-validator';
import { Refused, run } from './run';

interface Request {
  /** Path of the GLB. */
  glb: string;
}

interface Message {
  code: string;
  message: string;
  severity: number;
  pointer?: string;
  offset?: number;
}

await run(async ({ glb }: Request) => {
  const report = await validateBytes(new Uint8Array(readFileSync(glb)), {
    maxIssues: 0,
    externalResourceFunction: (uri) => Promise.reject(new Error(`${uri} is outside the file`)),
  }).catch((error: unknown) => {
    throw new Refused(`The validator cannot read the file: ${String(error)}`);
  });
  const { numErrors, numWarnings, numInfos, numHints, messages } = report.issues;
  return { errors: numErrors, warnings: numWarnings, infos: numInfos, hints: numHints, messages: messages as Message[] };
});
