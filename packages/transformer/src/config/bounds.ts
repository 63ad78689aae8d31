/** Widest accepted sizes: far above any model a browser can hold, far below overflow. */
export const MAX_WIDTH = 1 << 17;
export const MAX_LAYERS = 1024;
export const MAX_VOCABULARY = 1 << 21;
export const MAX_POSITIONS = 1 << 24;
