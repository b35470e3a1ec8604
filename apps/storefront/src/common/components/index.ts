export { Dialog } from './dialog';
export { Failure } from './failure';
export { Field } from './field';
export { Loading } from './loading';
export { Page, TextPage } from './page';
