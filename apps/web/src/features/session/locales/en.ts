export const en = {
  join: {
    title: 'You have a seat at the table',
    text: 'You are invited to help a language model learn from texts that stay on your device. Nothing starts before you have read what happens and agreed.',
    name: 'Name for the admin (optional)',
    nameHint:
      'The admin sees this name, whether you are connected, and how many updates you sent. Leave it empty if you prefer.',
    open: 'Look at the invitation',
    again: 'You have joined with this browser before.',
    continue: 'Continue',
    missing: 'This link holds no invitation.',
    missingTodo: 'Open the whole link from your invitation, or paste it here.',
    paste: 'Invitation link',
    use: 'Use this link',
  },
  signIn: {
    title: 'Sign in to the dashboard',
    working: 'Signing you in…',
    text: 'Open the sign-in link that the hub printed when it started, or sign in with your name and password.',
    user: 'Name',
    password: 'Password',
    submit: 'Sign in',
    signedIn: 'You are signed in as {{role}}.',
    toDashboard: 'To the dashboard',
    signOut: 'Sign out',
    roles: { admin: 'admin', viewer: 'viewer', contributor: 'contributor' },
  },
};
