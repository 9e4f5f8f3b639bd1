declare module 'gltf-validator' {
  interface Options {
    /** 0 keeps every issue. */
    maxIssues?: number;
    ignoredIssues?: string[];
    externalResourceFunction?: (uri: string) => Promise<Uint8Array>;
  }
  interface Report {
    issues: { numErrors: number; numWarnings: number; numInfos: number; numHints: number; messages: unknown[] };
  }
  export function validateBytes(data: Uint8Array, options?: Options): Promise<Report>;
}
