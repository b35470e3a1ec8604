export { useInterval } from './use-interval';
export { useLoaded } from './use-loaded';
export { useNewest } from './use-newest';
