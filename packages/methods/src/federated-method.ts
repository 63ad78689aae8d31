import { plainAveraging, refactoringAveraging } from './averaging.ts';
import type { FederatedMethod, MethodTerms } from './method.ts';
import { zerothOrderMethod } from './zeroth-order/zeroth-order-method.ts';

/**
 * The method of these terms: the one place that knows them all.
 * @throws RangeError where settings and adapter do not belong together
 */
export function federatedMethod(terms: MethodTerms): FederatedMethod {
  const { method } = terms.settings;
  switch (method) {
    case 'ffa-lora':
    case 'lora':
      return plainAveraging(method, terms);
    case 'fedsvd':
      return refactoringAveraging(terms);
    case 'zeroth-order':
      return zerothOrderMethod(terms);
  }
}
