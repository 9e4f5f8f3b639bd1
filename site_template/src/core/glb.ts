// What a GLB says of itself before it is read in full.

const GLB_MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;

/**
 * The extensions a GLB uses.
 *
 * Throws `Error` when the bytes are not a GLB 2 file (glTF 2.0, section 4.4).
 */
export function extensionsOf(bytes: ArrayBuffer): string[] {
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== GLB_MAGIC) throw new Error('not a GLB file');
  const length = view.getUint32(12, true);
  if (view.getUint32(16, true) !== JSON_CHUNK || 20 + length > bytes.byteLength) throw new Error('broken GLB file');
  const json = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, length))) as { extensionsUsed?: string[] };
  return json.extensionsUsed ?? [];
}
