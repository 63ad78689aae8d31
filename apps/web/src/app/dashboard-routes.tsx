import type { AnyRoute } from '@tanstack/react-router';

/** Pages of the `rounds` and `admin` features; their parent is `rootRoute`. */
export const dashboardRoutes: AnyRoute[] = [];
