import { Text } from '@src/i18n';
import { useSettings } from '@src/settings';

export const Footer = () => {
  const { shopName } = useSettings();
  return (
    <footer className="site-footer">
      <div className="bar">
        <p>{shopName}</p>
        <p>
          <Text id="footer.demo" />
        </p>
      </div>
    </footer>
  );
};
