export { participantStoreContract } from './participant-store-contract.ts';
export { FakeClock } from './fake-clock.ts';
export { ScriptedHub } from './scripted-hub.ts';
