import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root-route.tsx';

/** What a new federation begins with, as it stands in the address. */
interface StartSearch {
  /** The federation whose settings and adapter are the start. */
  from?: string;
  method?: string;
}

function readStart(search: Record<string, unknown>): StartSearch {
  const { from, method } = search;
  return {
    ...(typeof from === 'string' && { from }),
    ...(typeof method === 'string' && { method }),
  };
}

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard',
  component: lazyRouteComponent(
    () => import('./dashboard/federations-page.tsx'),
    'FederationsPage',
  ),
});
const create = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard/new',
  validateSearch: readStart,
  component: lazyRouteComponent(() => import('./dashboard/create-page.tsx'), 'CreatePage'),
});
const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard/$federationId',
  component: lazyRouteComponent(() => import('./dashboard/federation-page.tsx'), 'FederationPage'),
});

/** Pages of the `rounds`, `admin` and `demo` features; they are composed in `app/dashboard`. */
export const dashboardRoutes = [list, create, one] as const;
