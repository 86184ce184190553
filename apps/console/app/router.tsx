// The routes of the page table under one frame. A page for signed-in readers shows the sign-in form in its place, and itself afterwards.
import { useQuery } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { sessionQuery } from '../data/queries.js';
import { Missing, Waiting } from '../parts/loaded.js';
import { Crashed, NotFound } from './faults.js';
import { Frame } from './frame.js';
import { PAGES, type PageEntry } from './pages.js';
import { rolesOf } from './roles.js';
import { formatSearch, parseSearch } from './search.js';

const SignIn = lazy(async () => ({
  default: (await import('../pages/signin-page.js')).SignInPage,
}));

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: Crashed,
  // Parameters are free text; each page checks those it knows.
  validateSearch: (search: Record<string, unknown>) => search,
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

/** Signed in: the dashboard. Otherwise what anyone may see first: prices and limits. */
function Home() {
  const { data: session, isPending } = useQuery(sessionQuery);
  if (isPending) return <Waiting lines={8} />;
  return <Navigate to={session ? '/dashboard' : '/pricing'} replace />;
}

function guarded(entry: PageEntry, Page: ComponentType): ComponentType {
  if (entry.role === 'public') return Page;
  return function Guarded() {
    const query = useQuery(sessionQuery);
    if (query.isPending) return <Waiting lines={8} />;
    if (query.isError && query.data === undefined)
      return <Missing error={query.error} part="session" retry={query.refetch} />;
    if (!query.data)
      return (
        <Suspense fallback={<Waiting />}>
          <SignIn />
        </Suspense>
      );
    return rolesOf(query.data).has(entry.role) ? <Page /> : <NotFound />;
  };
}

const routes = PAGES.map((entry) =>
  createRoute({
    getParentRoute: () => root,
    path: entry.path,
    component: lazyRouteComponent(async () => ({ default: guarded(entry, await entry.load()) })),
    pendingComponent: Waiting,
  }),
);

export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren([home, ...routes]),
    parseSearch,
    stringifySearch: formatSearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
