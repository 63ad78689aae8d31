import type { z } from 'zod';
import type { demoStateSchema } from '@roundtable/protocol';

export type DemoState = z.infer<typeof demoStateSchema>;

/** The demonstration as routes steer it; the crowd itself is another process that reads the wanted size. */
export interface DemoControl {
  state(): DemoState;
  /** Also moves the cohort of the next round to the new size. */
  setCrowd(crowdSize: number, actor: string): Promise<void>;
  /** Deletes the federation and seeds a fresh one with the same invite. */
  reset(actor: string): Promise<void>;
}
