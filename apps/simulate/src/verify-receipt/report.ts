import type { CountersignedReceipt, RoundReceipt } from '@roundtable/protocol';
import type { ReceiptChain, ReceiptFileVerdict } from '@roundtable/receipts';

type Fault = Extract<ReceiptFileVerdict, { ok: false }>;

const sentences: Record<Fault['fault'], string> = {
  malformed: 'this is no receipt',
  spelling: 'bytes of the file were changed since it was written, even if no value was',
  mixed: 'it is of another participant, federation or hub than the ones before it',
  'hub-key': 'it names another hub than the one it is to be from',
  signature: "the signature is not the participant's, or the receipt was changed",
  countersignature: "the countersignature is not the hub's, or is for another receipt",
  chain: 'it does not follow the receipt before it: one was taken out, put in or moved',
  rounds: 'rounds do not rise',
  epsilon: 'ε is not what the releases cost',
};

function costOf({ privacy }: RoundReceipt): string {
  if (privacy === null) return 'no differential privacy';
  const { release, count, epsilonRound, epsilonTotal, delta, privacyUnit } = privacy;
  const { kind, noiseMultiplier, samplingRate } = release;
  const releases = `${count} × ${kind}, noise multiplier ${noiseMultiplier}, sampling rate ${samplingRate}`;
  const epsilon = `ε ${epsilonRound.toFixed(4)} (in total ${epsilonTotal.toFixed(4)}) at δ ${delta}`;
  return `${epsilon} for one ${privacyUnit}; ${releases}`;
}

function receiptLine({ receipt, countersignature }: CountersignedReceipt): string {
  const { round, frameBytes, frameSha256, uploadBits } = receipt;
  const taken =
    countersignature === null
      ? 'not countersigned'
      : `taken by the hub at ${new Date(countersignature.acceptedAtMs).toISOString()}`;
  const sent = `${frameBytes} bytes, ${uploadBits} bits a value, SHA-256 ${frameSha256}`;
  return `  round ${round}: ${sent}; ${costOf(receipt)}; ${taken}`;
}

function chainText({ receipts, hubPublicKey, countersigned, missingLinks }: ReceiptChain): string {
  const [first] = receipts;
  const missing = missingLinks === 0 ? '' : `; ${missingLinks} links to receipts not in this file`;
  return [
    `client ${first?.receipt.clientId ?? ''} in federation ${first?.receipt.federationId ?? ''}`,
    `  participant's key ${first?.publicKey ?? ''}`,
    `  hub's key         ${hubPublicKey}`,
    ...receipts.map(receiptLine),
    `  ${receipts.length} receipts hold, ${countersigned} countersigned by the hub${missing}`,
    '',
  ].join('\n');
}

/** The verdict for people. */
export function verdictText(verdict: ReceiptFileVerdict, isHubKeyGiven: boolean): string {
  if (!verdict.ok) {
    const where = verdict.index === null ? 'the file' : `receipt ${verdict.index + 1} of the file`;
    return `NOT VERIFIED: ${where}: ${sentences[verdict.fault]}\n`;
  }
  const hint = isHubKeyGiven
    ? ''
    : "Compare the hub's key with the one that the hub shows, or give it with --hub-key.\n";
  return `${verdict.chains.map(chainText).join('\n')}VERIFIED\n${hint}`;
}

/** The verdict for programs. */
export function verdictJson(verdict: ReceiptFileVerdict): object {
  if (!verdict.ok) return verdict;
  const chains = verdict.chains.map((chain) => {
    const [first] = chain.receipts;
    const last = chain.receipts.at(-1);
    return {
      federationId: first?.receipt.federationId,
      clientId: first?.receipt.clientId,
      publicKey: first?.publicKey,
      hubPublicKey: chain.hubPublicKey,
      receipts: chain.receipts.length,
      countersigned: chain.countersigned,
      missingLinks: chain.missingLinks,
      epsilonTotal: last?.receipt.privacy?.epsilonTotal ?? null,
      delta: last?.receipt.privacy?.delta ?? null,
    };
  });
  return { ok: true, chains };
}
