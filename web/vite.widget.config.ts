import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** The loader is one plain script with a fixed name, so that a bank's page can refer to it for years. */
export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2020',
    lib: {
      entry: resolve(import.meta.dirname, 'src/widget/main.ts'),
      name: 'Fangxin',
      formats: ['iife'],
      fileName: () => 'widget.js',
    },
  },
});
