import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { compress } from './vite.compress';

const page = (name: string) => resolve(import.meta.dirname, `${name}.html`);

export default defineConfig({
  plugins: [react(), compress()],
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    target: 'es2021',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { index: page('index'), chat: page('chat'), desk: page('desk') },
      output: {
        manualChunks: (id) =>
          /node_modules\/(react|react-dom|scheduler|socket\.io-|engine\.io-|@socket\.io)/.test(id) ? 'base' : undefined,
      },
      treeshake: {
        // ChatUI does not declare itself free of side effects; without this the chat page carries all its components.
        moduleSideEffects: (id) => !/\/(@chatui\/core|intersection-observer|dompurify|core-js)\//.test(id),
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
