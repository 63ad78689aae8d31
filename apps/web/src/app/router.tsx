import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { dashboardRoutes } from './dashboard-routes.tsx';
import { rootRoute } from './root-route.tsx';

const landing = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(
    () => import('../features/welcome/landing-page.tsx'),
    'LandingPage',
  ),
});
const join = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/session/join-page.tsx'), 'JoinPage'),
});
const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signin',
  component: lazyRouteComponent(() => import('../features/session/signin-page.tsx'), 'SignInPage'),
});
const contribute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/contribute',
  component: lazyRouteComponent(
    () => import('../features/contribute/contribute-page.tsx'),
    'ContributePage',
  ),
});

/** All pages by address; each feature is loaded when its first page is opened. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([landing, join, signIn, contribute, ...dashboardRoutes]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
