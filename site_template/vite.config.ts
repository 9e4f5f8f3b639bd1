import { defineConfig } from 'vite';

import { basisWithoutEval } from './tools/basis-without-eval';

// One entry for every page. Addresses are relative, so the bundle works in any folder of any host; the manifest
// tells Python (exhibit/publish/bundle.py) the hashed names.
export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [basisWithoutEval()],
  build: {
    target: 'es2022',
    outDir: 'dist/web',
    assetsDir: '',
    manifest: 'manifest.json',
    license: { fileName: 'THIRD-PARTY.md' },
    // Pages forbid inline content other than data: pictures; fonts, wasm and the like stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: 'src/main.ts' },
  },
});
