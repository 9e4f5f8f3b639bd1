// Packs a quantised GLB with EXT_meshopt_compression, or unpacks it again.
// Request {glb, out, way, check}; answer {bytes, report}. Values stay as they are; packing changes the order of triangles and
// vertices only, first for the GPU's caches, which is also the order that packs best. With `check` the answer holds
// what Khronos' validator says of the GLB as it came: it cannot look into packed data.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Document, Logger, NodeIO, Primitive } from '@gltf-transform/core';
import { ALL_EXTENSIONS, EXTMeshoptCompression } from '@gltf-transform/extensions';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import { Refused, run } from './run';
import { reportOf } from './validator';

interface Request {
  /** Path of the GLB. */
  glb: string;
  /** Path to write. */
  out: string;
  way: 'pack' | 'unpack';
  check?: boolean;
}

await run(async ({ glb, out, way, check }: Request) => {
  await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready]);
  const io = new NodeIO()
    .setLogger(new Logger(Logger.Verbosity.SILENT))
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ 'meshopt.encoder': MeshoptEncoder, 'meshopt.decoder': MeshoptDecoder });
  const data = new Uint8Array(readFileSync(glb));
  const report = check ? await reportOf(data) : null;
  const document = await io.readBinary(data).catch((error: unknown) => {
    throw new Refused(`The GLB cannot be read: ${String(error)}`);
  });
  if (way === 'pack') pack(document);
  else unpack(document);
  const written = await io.writeBinary(document);
  writeFileSync(out, written);
  return { bytes: written.byteLength, report };
});

function pack(document: Document): void {
  for (const mesh of document.getRoot().listMeshes()) mesh.listPrimitives().forEach(reorder);
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
}

function unpack(document: Document): void {
  const packing = document.getRoot().listExtensionsUsed().find((used) => used instanceof EXTMeshoptCompression);
  packing?.dispose();
}

function reorder(primitive: Primitive): void {
  // points come in the order that packs best
  if (primitive.getMode() === Primitive.Mode.POINTS) return;
  const indices = primitive.getIndices();
  if (!indices) throw new Refused('A primitive has no indices.');
  const sorted = new Uint32Array(indices.getArray() ?? []);
  // sorts `sorted` in place; order[old] is a vertex's new place, or 0xffffffff where no triangle uses it
  const [order, count] = MeshoptEncoder.reorderMesh(sorted, true, true);
  indices.setArray(count <= 65534 ? new Uint16Array(sorted) : sorted);

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
