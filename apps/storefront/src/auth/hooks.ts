export * from '@app/auth/hooks';
