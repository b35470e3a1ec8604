import { type TextId, useText } from '@src/i18n';
import { useSettings } from '@src/settings';
import type { ReactNode } from 'react';

interface PageProps {
  title: string;
  /** A sentence below the title. */
  lead?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** A page with its heading, which gets the focus after a change of page. */
export function Page({ title, lead, className = '', children }: PageProps) {
  const { shopName } = useSettings();
  return (
    <div className={`page ${className}`}>
      <title>{`${title} · ${shopName}`}</title>
      <h1 tabIndex={-1}>{title}</h1>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}

/** A page whose title is one of the texts. */
export function TextPage({ id, ...rest }: { id: TextId } & Omit<PageProps, 'title'>) {
  return <Page title={useText()(id)} {...rest} />;
}
