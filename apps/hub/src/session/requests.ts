import type { z } from 'zod';
import type { ClientToHubEvents } from '@roundtable/protocol';
import {
  declineSchema,
  joinSchema,
  leaveSchema,
  readySchema,
  submitSchema,
  watchSchema,
} from '@roundtable/protocol';

export type RequestName = keyof ClientToHubEvents;
type Message<Name extends RequestName> = Parameters<ClientToHubEvents[Name]>[0];

interface RequestShape<Name extends RequestName> {
  readonly schema: z.ZodType<Message<Name>>;
  /** Whether a binary frame follows the message. */
  readonly hasFrame: boolean;
}

const shapes: { readonly [Name in RequestName]: RequestShape<Name> } = {
  'federation:join': { schema: joinSchema, hasFrame: false },
  'federation:leave': { schema: leaveSchema, hasFrame: false },
  'client:ready': { schema: readySchema, hasFrame: false },
  'update:submit': { schema: submitSchema, hasFrame: true },
  'round:decline': { schema: declineSchema, hasFrame: false },
  'dashboard:watch': { schema: watchSchema, hasFrame: false },
};

/** A request whose message fits its schema; `frame` is empty where the event has none. */
export type HubRequest = {
  [Name in RequestName]: {
    readonly name: Name;
    readonly message: Message<Name>;
    readonly frame: Uint8Array;
  };
}[RequestName];

export type ParsedRequest =
  | { readonly ok: true; readonly request: HubRequest }
  | { readonly ok: false; readonly detail: string };

export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(shapes, name);
}

/** Checks the arguments of an event off the wire, its acknowledgement left out. */
export function parseRequest(name: RequestName, values: readonly unknown[]): ParsedRequest {
  const { schema, hasFrame } = shapes[name];
  const expected = hasFrame ? 2 : 1;
  if (values.length !== expected) {
    return { ok: false, detail: `${name} takes ${expected} value(s), got ${values.length}` };
  }
  const frame = hasFrame ? values[1] : new Uint8Array(0);
  if (!(frame instanceof Uint8Array)) return { ok: false, detail: `${name} needs binary data` };
  const parsed = schema.safeParse(values[0]);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
  }
  // The schema belongs to the name; TypeScript cannot follow that through the table.
  return { ok: true, request: { name, message: parsed.data, frame } as HubRequest };
}
