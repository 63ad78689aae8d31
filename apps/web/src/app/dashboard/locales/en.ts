export const en = {
  title: 'Dashboard',
  new: 'New federation',
  newTitle: 'A new federation',
  newText:
    'The defaults work as they are. Change what you need; people see and agree to these settings.',
  back: 'All federations',
  compare: 'Compare with the other runs',
  signOut: 'Sign out',
  roles: { admin: 'Admin', viewer: 'Viewer' },
  locked: {
    title: 'Sign in to see the dashboard',
    text: 'Open the sign-in link that the hub printed when it started, or sign in with name and password.',
    open: 'Sign in',
  },
  empty: {
    title: 'No federation yet',
    admin: 'Create the first one. The defaults work as they are.',
    viewer: 'An admin has to create one. It will appear here by itself.',
  },
  gone: {
    title: 'This federation is gone',
    text: 'It was deleted, or this sign-in may not see it.',
  },
};
