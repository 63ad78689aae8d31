export type TrainablePart = 'A' | 'B';

/** Which factors a method trains on the client and which the hub sends out. */
export interface AdapterVariant {
  readonly name: AdapterVariantName;
  readonly trainedParts: readonly TrainablePart[];
  readonly broadcastParts: readonly TrainablePart[];
}
export type AdapterVariantName = 'ffa-lora' | 'lora' | 'fedsvd';

// FFA-LoRA (arXiv 2403.12313): A stays what its public seed says, so only B travels and its average is exact.
const variants: Record<AdapterVariantName, AdapterVariant> = {
  'ffa-lora': { name: 'ffa-lora', trainedParts: ['B'], broadcastParts: ['B'] },
  // FedSVD (arXiv 2505.12805): the hub changes A after a round, so it travels down, never up.
  fedsvd: { name: 'fedsvd', trainedParts: ['B'], broadcastParts: ['A', 'B'] },
  lora: { name: 'lora', trainedParts: ['A', 'B'], broadcastParts: ['A', 'B'] },
};

/** The variant of that name. */
export function adapterVariant(name: AdapterVariantName): AdapterVariant {
  return variants[name];
}
