import { useEffect, useRef, useState } from 'react';
import type { FiguresAnswer, FiguresRequest } from './figures-worker.ts';
import type { PrivacyFigures, PrivacyPlan, Stage } from './privacy-figures.ts';

export interface ShownFigures {
  /** `stale` while the figures of a new plan are computed: those shown are of the plan before. */
  stage: Stage | 'none' | 'stale' | 'impossible';
  figures: PrivacyFigures | null;
  detail: string | null;
}

const nothing: ShownFigures = { stage: 'none', figures: null, detail: null };

function startWorker(): Worker {
  return new Worker(new URL('./figures-worker.ts', import.meta.url), {
    type: 'module',
    name: 'privacy-figures',
  });
}

/** Figures of the plan, computed in a worker: a quick upper bound first, then the exact ones. */
export function useFigures(plan: PrivacyPlan | null): ShownFigures {
  const [shown, setShown] = useState(nothing);
  const worker = useRef<Worker | null>(null);
  const lastId = useRef(0);
  const key = plan === null ? null : JSON.stringify(plan);
  useEffect(() => {
    const started = startWorker();
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<FiguresAnswer>) => {
      if (data.id !== lastId.current) return;
      setShown(
        data.stage === 'impossible'
          ? { stage: 'impossible', figures: null, detail: data.detail }
          : { stage: data.stage, figures: data.figures, detail: null },
      );
    };
    return () => {
      started.terminate();
      worker.current = null;
    };
  }, []);
  useEffect(() => {
    lastId.current += 1;
    if (key === null) {
      setShown(nothing);
      return;
    }
    setShown(({ figures }) => ({ stage: figures ? 'stale' : 'none', figures, detail: null }));
    const request: FiguresRequest = { id: lastId.current, plan: JSON.parse(key) as PrivacyPlan };
    worker.current?.postMessage(request);
  }, [key]);
  return shown;
}

/** The exact figures of one plan, from a worker of its own; rejects where there are none. */
export function exactFigures(plan: PrivacyPlan): Promise<PrivacyFigures> {
  const worker = startWorker();
  return new Promise<PrivacyFigures>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FiguresAnswer>) => {
      if (data.stage === 'exact') resolve(data.figures);
      if (data.stage === 'impossible') reject(new RangeError(data.detail));
    };
    worker.onerror = (event) => {
      reject(new Error(event.message));
    };
    worker.postMessage({ id: 1, plan } satisfies FiguresRequest);
  }).finally(() => {
    worker.terminate();
  });
}
