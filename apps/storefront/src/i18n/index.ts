export { formatPrice, formatTime } from './formats';
export { setUpTexts } from './locale';
export { Text, type TextId, useText } from './text';
