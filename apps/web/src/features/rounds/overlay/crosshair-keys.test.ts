import { describe, expect, it } from 'vitest';
import { crosshairAfter } from './crosshair-keys.ts';

describe('crosshairAfter', () => {
  it('starts from the newest position and stays inside', () => {
    expect(crosshairAfter('ArrowLeft', null, 5)).toBe(3);
    expect(crosshairAfter('ArrowRight', null, 5)).toBe(4);
    expect(crosshairAfter('ArrowLeft', 0, 5)).toBe(0);
    expect(crosshairAfter('PageUp', 0, 5)).toBe(4);
    expect(crosshairAfter('Home', 3, 5)).toBe(0);
    expect(crosshairAfter('End', 0, 5)).toBe(4);
  });

  it('leaves every other key alone', () => {
    expect(crosshairAfter('Tab', 2, 5)).toBeNull();
  });
});
