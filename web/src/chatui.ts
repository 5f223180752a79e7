/**
 * The parts of ChatUI we use, each from its own file: the package's front door brings every component along
 * (some 95 kB gzipped for nothing), and its `Chat` announces each bubble assertively.
 */
export { Bubble } from '@chatui/core/es/components/Bubble';
export { Card } from '@chatui/core/es/components/Card/Card';
export { Input } from '@chatui/core/es/components/Input';
export { Typing } from '@chatui/core/es/components/Typing';
