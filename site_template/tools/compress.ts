// Reorders triangles and vertices for the GPU's caches and packs them with EXT_meshopt_compression.
// Request {glb, out}; answer {bytes}. Quantisation happened before: what comes in comes out, value for value,
// except normals and tangents when `filter` asks for the octahedral filter.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Document, Logger, NodeIO, type Primitive } from '@gltf-transform/core';
import { ALL_EXTENSIONS, EXTMeshoptCompression } from '@gltf-transform/extensions';
import { MeshoptEncoder } from 'meshoptimizer';
import { Refused, run } from './run';

interface Request {
  /** Path of the GLB. */
  glb: string;
  /** Path to write. */
  out: string;
}

await run(async ({ glb, out }: Request) => {
  await MeshoptEncoder.ready;
  const io = new NodeIO()
    .setLogger(new Logger(Logger.Verbosity.SILENT))
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ 'meshopt.encoder': MeshoptEncoder });
  const document = await io.readBinary(new Uint8Array(readFileSync(glb))).catch((error: unknown) => {
    throw new Refused(`The GLB cannot be read: ${String(error)}`);
  });
  reorder(document);
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
  const packed = await io.writeBinary(document);
  writeFileSync(out, packed);
  return { bytes: packed.byteLength };
});

/** Sort triangles for the vertex cache and vertices by first use, smallest stream first. */
function reorder(document: Document): void {
  for (const mesh of document.getRoot().listMeshes()) mesh.listPrimitives().forEach(reorderPrimitive);
}

function reorderPrimitive(primitive: Primitive): void {
  const indices = primitive.getIndices();
  if (!indices) throw new Refused('A primitive has no indices.');
  const [order, count] = MeshoptEncoder.reorderMesh(new Uint32Array(indices.getArray() ?? []), true, true);
  const source = indices.getArray() ?? new Uint32Array();
  const sorted = count <= 65534 ? new Uint16Array(source.length) : new Uint32Array(source.length);
  source.forEach((vertex, corner) => (sorted[corner] = order[vertex] ?? 0));
  indices.setArray(sorted);

  for (const attribute of primitive.listAttributes()) {
    const from = attribute.getArray();
    if (!from) throw new Refused('An attribute has no data.');
    const size = attribute.getElementSize();
    const to = from.slice(0, count * size);
    order.forEach((target, vertex) => {
      if (target !== 0xffffffff) to.set(from.subarray(vertex * size, (vertex + 1) * size), target * size);
    });
    attribute.setArray(to);
  }
}
