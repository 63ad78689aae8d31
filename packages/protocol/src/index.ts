export * from './version.ts';
export * from './refusal.ts';
export * from './settings.ts';
export * from './federation.ts';
export * from './dashboard.ts';
export * from './socket.ts';
export * from './http.ts';
