import { DEPARTMENTS, ROUTING_TEMPLATE } from '@roundtable/inquiries';
import type { TaskSettings } from '@roundtable/protocol';

/** The task that the form begins with: invented inquiries and the departments they belong to. */
export const exampleTask: TaskSettings = {
  kind: 'classification',
  template: ROUTING_TEMPLATE,
  labels: DEPARTMENTS.map(({ label }) => label),
  maxTokens: 96,
};
