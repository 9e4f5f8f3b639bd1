// How far the making of the exhibition's relics has come, and what to say of it.

import type { ExhibitionDocument, PlacedRelic } from './exhibition.ts';

export interface RelicMaking {
  state: 'waiting' | 'making' | 'made' | 'failed';
  /** 0 to 1. */
  share: number;
}

/** What the server answers that shows a site in the making. */
export interface Making {
  /** Grows whenever the site was written anew. */
  version: number;
  done: boolean;
  relics: Readonly<Record<string, RelicMaking>>;
}

export interface MakingState {
  made: number;
  failed: number;
  total: number;
  /** 0 to 1, over all relics. */
  share: number;
  /** Those that are being worked on. */
  now: readonly { relic: PlacedRelic; percent: number }[];
}

export function stateOf(making: Making, exhibition: ExhibitionDocument): MakingState {
  const all = Object.values(making.relics);
  const count = (state: RelicMaking['state']): number => all.filter((one) => one.state === state).length;
  const finished = (one: RelicMaking): boolean => one.state === 'made' || one.state === 'failed';
  return {
    made: count('made'),
    failed: count('failed'),
    total: all.length,
    share: all.length ? all.reduce((sum, one) => sum + (finished(one) ? 1 : one.share), 0) / all.length : 1,
    now: exhibition.relics.flatMap((relic) => {
      const one = making.relics[relic.id];
      return one?.state === 'making' ? [{ relic, percent: Math.round(one.share * 100) }] : [];
    }),
  };
}

/** Relics that were not there before and are now. */
export function arrivedSince(before: Making | null, now: Making): string[] {
  return Object.entries(now.relics)
    .filter(([id, { state }]) => state === 'made' && before !== null && before.relics[id]?.state !== 'made')
    .map(([id]) => id);
}
