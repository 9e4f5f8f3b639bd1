// Files over the network, with progress.

/** Share of a file that has arrived, 0 to 1. */
export type OnShare = (share: number) => void;

/**
 * Fetch a file whole, telling how much of it has come.
 *
 * `bytes` is what the document says of its size: servers that compress do not say it themselves.
 */
export async function fetchBytes(url: string, bytes: number, signal: AbortSignal, onShare?: OnShare): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let come = 0;
  const reader = response.body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (!value) continue;
    parts.push(value);
    come += value.byteLength;
    onShare?.(Math.min(1, come / Math.max(bytes, 1)));
  }
  return new Blob(parts).arrayBuffer();
}
