import { ledgerStoreContract } from '@roundtable/privacy/testing';
import { inMemoryParticipantStore } from './store.ts';
import { participantStoreContract } from './testing/participant-store-contract.ts';

let store = inMemoryParticipantStore();
const reset = (): void => {
  store = inMemoryParticipantStore();
};

participantStoreContract('in memory', () => store, reset);
ledgerStoreContract('in memory', () => store.ledger, reset);
