import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startI18n } from '../shared/i18n/i18n.ts';
import { registerSharedMessages } from '../shared/i18n/messages.ts';
import { App } from './app.tsx';

startI18n();
registerSharedMessages();

const root = document.getElementById('root');
if (!root) throw new Error('index.html must have an element with id "root"');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
