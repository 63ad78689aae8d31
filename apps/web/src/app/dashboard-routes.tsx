import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root-route.tsx';

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
  component: lazyRouteComponent(() => import('./dashboard/create-page.tsx'), 'CreatePage'),
});
const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard/$federationId',
  component: lazyRouteComponent(() => import('./dashboard/federation-page.tsx'), 'FederationPage'),
});

/** Pages of the `rounds`, `admin` and `demo` features; they are composed in `app/dashboard`. */
export const dashboardRoutes = [list, create, one] as const;
