import { Box, Group, Text, UnstyledButton } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { Mark } from '../shared/components/mark.tsx';
import { SchemeSwitch } from '../shared/components/scheme-switch.tsx';
import { useSessions } from '../shared/session/session-store.ts';
import classes from './shell.module.css';

function Navigation() {
  const { t } = useTranslation();
  const contributor = useSessions((s) => s.contributor);
  const staff = useSessions((s) => s.staff);
  const path = useRouterState({ select: (s) => s.location.pathname });
  const links = [
    ...(contributor ? [{ to: '/contribute', label: t('nav.contribute') }] : []),
    ...(staff ? [{ to: '/dashboard', label: t('nav.dashboard') }] : []),
  ];
  if (links.length === 0) return null;
  return (
    <Group component="nav" gap={4} aria-label={t('nav.label')} className={classes.nav}>
      {links.map((link) => (
        <Link
          key={link.to}
          to={link.to}
          className={classes.navLink}
          data-active={path.startsWith(link.to) || undefined}
        >
          {link.label}
        </Link>
      ))}
    </Group>
  );
}

/** Frame of every page: skip link, header, the page, footer. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <Box className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('nav.skip')}
      </a>
      <header className={classes.header}>
        <Group className={classes.bar} justify="space-between" wrap="nowrap" gap="xs">
          <UnstyledButton component={Link} to="/" className={classes.brand} aria-label="Roundtable">
            <Mark size={30} />
            <Text fw={680} fz="lg" className={classes.brandName}>
              Roundtable
            </Text>
          </UnstyledButton>
          <Navigation />
          <Group gap={6} wrap="nowrap">
            <LanguageSwitch />
            <SchemeSwitch />
          </Group>
        </Group>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <footer className={classes.footer}>
        <Text size="sm" c="dimmed">
          {t('footer.promise')}
        </Text>
      </footer>
    </Box>
  );
}
