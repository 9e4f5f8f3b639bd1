// Raw RGBA to KTX2 with all mipmaps. Request {rgba, width, height, out, kind}; answer {bytes}.
// Colour and smooth data such as occlusion: ETC1S, small; normals: UASTC, because ETC1S' blocks would show as facets.
import { readFileSync, writeFileSync } from 'node:fs';
import { encodeToKTX2 } from 'ktx2-encoder';
import { Refused, run } from './run';

interface Request {
  /** Path of width * height * 4 bytes, first row on top. */
  rgba: string;
  width: number;
  height: number;
  /** Path to write. */
  out: string;
  kind: 'color' | 'normal' | 'data';
  /** ETC1S quality, 1 to 255. */
  quality: number;
}

await run(async ({ rgba, width, height, out, kind, quality }: Request) => {
  const raw = readFileSync(rgba);
  if (raw.length !== width * height * 4) {
    throw new Refused(`${raw.length} bytes are not ${width} x ${height} RGBA texels.`);
  }
  const isColor = kind === 'color';
  const encoded = await encodeToKTX2(new Uint8Array(1), {
    imageDecoder: () => Promise.resolve({ data: new Uint8Array(raw.buffer, raw.byteOffset, raw.length), width, height }),
    generateMipmap: true,
    isPerceptual: isColor,
    isSetKTX2SRGBTransferFunc: isColor,
    isUASTC: kind === 'normal',
    ...(kind === 'normal'
      ? { isNormalMap: true, uastcLDRQualityLevel: 0, needSupercompression: true }
      : { qualityLevel: quality, compressionLevel: 1 }),
  });
  writeFileSync(out, encoded);
  return { bytes: encoded.length };
});
