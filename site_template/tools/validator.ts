// What Khronos' glTF-Validator says of one GLB.
import { validateBytes } from 'gltf-validator';
import { Refused } from './run';

interface Message {
  code: string;
  message: string;
  severity: number;
  pointer?: string;
  offset?: number;
}

export interface Report {
  errors: number;
  warnings: number;
  infos: number;
  hints: number;
  messages: Message[];
}

export async function reportOf(glb: Uint8Array): Promise<Report> {
  const report = await validateBytes(new Uint8Array(glb), {
    maxIssues: 0,
    externalResourceFunction: (uri) => Promise.reject(new Error(`${uri} is outside the file`)),
  }).catch((error: unknown) => {
    throw new Refused(`The validator cannot read the file: ${String(error)}`);
  });
  const { numErrors, numWarnings, numInfos, numHints, messages } = report.issues;
  return { errors: numErrors, warnings: numWarnings, infos: numInfos, hints: numHints, messages: messages as Message[] };
}
