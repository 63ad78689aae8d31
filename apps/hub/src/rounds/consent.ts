import type { ConsentRecord } from '@roundtable/protocol';
import type { ClientRow } from '../storage/rows.ts';
import type { FederationCore } from './federation-core.ts';

function append(
  core: FederationCore,
  { accountId, displayName }: ClientRow,
  action: ConsentRecord['action'],
): void {
  const { federationId, consentVersion } = core.row;
  const atMs = core.nowMs();
  const line = { federationId, atMs, accountId, displayName, consentVersion, action };
  core.deps.store.consents.append(line);
}

/**
 * Writes a consent into the log, once for each time that it is newly given; joining again after a lost connection is no
 * new consent. Call within a transaction.
 * @returns the member's row as it is after joining
 */
export function noteConsent(
  core: FederationCore,
  row: ClientRow,
  consentVersion: string,
): ClientRow {
  const { consents, accounts } = core.deps.store;
  const last = consents.last(row.federationId, row.accountId);
  // Who comes back after withdrawing is known by the name of her invite again.
  const displayName =
    row.displayName === '' ? (accounts.find(row.accountId)?.personName ?? '') : row.displayName;
  const member = { ...row, displayName, hasLeft: false };
  const isKnown = last?.action === 'given' && last.consentVersion === consentVersion;
  if (!isKnown) append(core, member, 'given');
  return member;
}

/**
 * Withdraws a member's consent. Call within a transaction.
 *
 * Deleted at once: her name in the federation, the norm of her last update, the public keys of her devices, the content
 * of her receipts. She is shown no more and asked no more.
 *
 * Stays: her rounds in the spending record and, for an invited person, the name of her account (both guard her budget
 * against being spent twice); the hashes of her receipts (so that a receipt she shows can still be recognized);
 * the lines of the consent log until their retention time is over; and what the model learned: her updates are part of
 * sums and their frames were deleted with their round. An update of the open round that was accepted before stays in
 * that round's sum. Her session stays until it ends, so that she may come back; it holds no name.
 * @returns the member's row as it is after leaving
 */
export function withdraw(core: FederationCore, row: ClientRow): ClientRow {
  const { consents, deviceKeys, receipts } = core.deps.store;
  const { federationId, clientId, accountId } = row;
  if (consents.last(federationId, accountId)?.action === 'given') append(core, row, 'withdrawn');
  deviceKeys.deleteOfClient(federationId, clientId);
  receipts.redactOfClient(federationId, clientId);
  return { ...row, displayName: '', lastUpdateNorm: null, hasLeft: true };
}
