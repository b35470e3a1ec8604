export { formatPrice, formatTime } from './formats';
export { chooseLanguage, LANGUAGES, type Language, preferredLanguage, setUpTexts, speak } from './locale';
export { Text, type TextId, useLanguage, useText } from './text';
