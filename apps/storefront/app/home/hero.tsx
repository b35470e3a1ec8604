import landscape from '@src/assets/landscape.svg';
import { Text } from '@src/i18n';

export const Hero = () => (
  <section className="hero">
    <div>
      <h1 tabIndex={-1}>
        <Text id="home.title" />
      </h1>
      <p className="lead">
        <Text id="home.lead" />
      </p>
      <a className="button" href="#goods">
        <Text id="home.seeGoods" />
      </a>
    </div>
    <img alt="" fetchPriority="high" height="420" src={landscape} width="640" />
  </section>
);
