import { Failure, TextPage } from '@src/common/components';
import { useEffect } from 'react';

/** Shown in place of the shop when its settings cannot be had. */
export function CannotStart({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main className="content">
      <TextPage id="start.title">
        <Failure id="start.failed" onRetry={onRetry} />
      </TextPage>
    </main>
  );
}
