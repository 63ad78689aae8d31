import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import classes from './notice.module.css';

export interface NoticeProps {
  tone: 'info' | 'good' | 'warn' | 'bad';
  title?: string | undefined;
  children?: ReactNode;
}

const icons = { info: 'info', good: 'check', warn: 'warning', bad: 'warning' } as const;

/** A message in the flow of a page. Failures are announced by screen readers at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div className={classes.body}>
        {title ? <p className={classes.title}>{title}</p> : null}
        {children}
      </div>
    </div>
  );
}

/** A failure in the order that helps: what happened, what was kept, what to do. */
export function Problem(props: {
  happened: string;
  kept?: string | undefined;
  todo?: string | undefined;
  detail?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <Notice tone="bad" title={props.happened}>
      {props.kept ? <p>{props.kept}</p> : null}
      {props.todo ? <p>{props.todo}</p> : null}
      {props.detail ? <p className={classes.detail}>{props.detail}</p> : null}
      {props.children}
    </Notice>
  );
}
