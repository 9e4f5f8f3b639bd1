// node tools/build.mjs OUT: bundles each glTF tool into one file that runs from OUT alone, without node_modules.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, '..', 'node_modules');
const out = process.argv[2];
if (!out) throw new Error('Say where to write: node tools/build.mjs OUT');
mkdirSync(out, { recursive: true });

const { metafile } = await build({
  absWorkingDir: path.join(here, '..'),
  entryPoints: ['tools/validate.ts', 'tools/compress.ts', 'tools/ktx2.ts'],
  outdir: path.resolve(out),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  metafile: true,
  logLevel: 'warning',
  // the validator is CommonJS and asks for node's own modules at run time
  banner: { js: "import{createRequire as exhibitRequire}from'node:module';const require=exhibitRequire(import.meta.url);" },
});
// Basis finds its wasm beside the script that loads it
copyFileSync(path.join(modules, 'ktx2-encoder/dist/basis/basis_encoder.wasm'), path.join(out, 'basis_encoder.wasm'));
writeFileSync(path.join(out, 'THIRD-PARTY.md'), licences(packagesOf(metafile)));

/** Names of the npm packages that went into the bundles. */
function packagesOf(meta) {
  const names = Object.keys(meta.inputs)
    .map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}

/** Their licences in full: minified bundles carry none. */
function licences(names) {
  const sections = names.map((name) => {
    const folder = path.join(modules, name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|notices?|third_party_notices)/i.test(file))
      .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
    return [`## ${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  return `# Third-party code in these tools\n\n${sections.join('\n\n')}\n`;
}
