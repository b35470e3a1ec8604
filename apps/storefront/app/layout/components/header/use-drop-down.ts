import { useEffect, useRef, useState } from 'react';

/** A panel below a button: closes by Escape, by a press elsewhere, and when the focus leaves. */
export function useDropDown() {
  const [isOpen, setIsOpen] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      setIsOpen(false);
      button.current?.focus();
    };
    const onElsewhere = ({ target }: Event) => area.current?.contains(target as Node) || setIsOpen(false);
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onElsewhere);
    document.addEventListener('focusin', onElsewhere);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onElsewhere);
      document.removeEventListener('focusin', onElsewhere);
    };
  }, [isOpen]);

  return { isOpen, toggle: () => setIsOpen(open => !open), close: () => setIsOpen(false), area, button };
}
