import { Text } from '@src/i18n';
import { useSettings } from '@src/settings';
import { LanguageSwitch } from './language-switch';

export const Footer = () => {
  const { shopName } = useSettings();
  return (
    <footer className="site-footer">
      <div className="bar">
        <p>{shopName}</p>
        <LanguageSwitch />
        <p>
          <Text id="footer.demo" />
        </p>
      </div>
    </footer>
  );
};
