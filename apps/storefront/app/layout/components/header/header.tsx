import { useText } from '@src/i18n';
import { useSettings } from '@src/settings';
import { Link, NavLink } from 'react-router';
import { Visitor } from './visitor';

const PAGES = [
  { path: '/', text: 'nav.shop' },
  { path: '/lists', text: 'nav.lists' },
  { path: '/companies', text: 'nav.companies' },
  { path: '/dashboard', text: 'nav.dashboard' },
] as const;

export function Header() {
  const { shopName } = useSettings();
  const text = useText();
  return (
    <header className="site-header">
      <div className="bar">
        <Link className="brand" to="/">
          <img alt="" height="32" src="/mark.svg" width="32" />
          <span>{shopName}</span>
        </Link>
        <nav aria-label={text('nav.main')}>
          <ul>
            {PAGES.map(page => (
              <li key={page.path}>
                <NavLink end to={page.path}>
                  {text(page.text)}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <Visitor />
      </div>
    </header>
  );
}
