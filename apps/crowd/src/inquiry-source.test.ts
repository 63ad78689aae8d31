import { describe, expect, it } from 'vitest';
import { InquirySource } from './inquiry-source.ts';

describe('the inquiries of the crowd', () => {
  it('are the same for one person whoever was asked for before', () => {
    const asked = new InquirySource('seed', 5);
    const [late, early] = [asked.rowsOf(9), asked.rowsOf(2)];
    expect(new InquirySource('seed', 5).rowsOf(2)).toEqual(early);
    expect(new InquirySource('seed', 5).rowsOf(9)).toEqual(late);
    expect([late.length, early.length]).toEqual([5, 5]);
    expect(late).not.toEqual(early);
  });

  it('are others for another seed', () => {
    expect(new InquirySource('a', 5).rowsOf(0)).not.toEqual(new InquirySource('b', 5).rowsOf(0));
  });
});
