import { TextPage } from '@src/common/components';
import { Text } from '@src/i18n';
import { Link } from 'react-router';

export const NotFoundPage = () => (
  <TextPage id="notFound.title" lead={<Text id="notFound.lead" />}>
    <Link className="button" to="/">
      <Text id="notFound.home" />
    </Link>
  </TextPage>
);
