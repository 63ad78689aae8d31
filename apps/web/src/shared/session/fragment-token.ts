let taken: { path: string; token: string | null } | null = null;

/** The token in a fragment: `#abc` or `#token=abc`; null where there is none of plausible length. */
export function parseFragment(hash: string): string | null {
  const text = hash.replace(/^#/, '').replace(/^token=/, '');
  return /^[A-Za-z0-9_-]{16,200}$/.test(text) ? text : null;
}

/**
 * Reads the token from the address bar's fragment once and removes it there, so that it stays out
 * of history, screenshots and copied links.
 */
export function takeFragmentToken(): string | null {
  const path = location.pathname;
  const token = parseFragment(location.hash);
  if (token !== null) {
    taken = { path, token };
    history.replaceState(history.state, '', path);
  }
  return taken?.path === path ? taken.token : null;
}
