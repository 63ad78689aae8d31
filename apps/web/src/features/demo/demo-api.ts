import { demoStateSchema } from '@roundtable/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../shared/api/client.ts';

const key = ['demo'] as const;
const answer = demoStateSchema;

/** Whether this hub runs the demonstration, and how large its crowd should be. */
export function useDemo() {
  return useQuery({ queryKey: key, queryFn: () => request({ path: '/api/demo', answer }) });
}

/** Changes the crowd's wanted size. */
export function useSetCrowd(token: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (crowdSize: number) =>
      request({ path: '/api/demo/crowd', method: 'POST', token, body: { crowdSize }, answer }),
    onSuccess: (state) => {
      queries.setQueryData(key, state);
    },
  });
}

/**
 * Deletes the demonstration's federation and starts a fresh one, whose id goes to `onReset`: also where the
 * page of the deleted one is gone by then.
 */
export function useResetDemo(token: string, onReset: (federationId: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => request({ path: '/api/demo/reset', method: 'POST', token, body: {}, answer }),
    onSuccess: (state) => {
      queries.setQueryData(key, state);
      if (state.federationId !== null) onReset(state.federationId);
    },
  });
}
